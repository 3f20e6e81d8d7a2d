package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.testing.Unprivileged;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A migration that is disturbed: by full disks, other builds, rights, odd names, and the power switch. */
@DisabledOnOs(OS.WINDOWS)
class MigrationFaultTest {

    private static final ModelReference MODEL = ModelReference.parse("hf:acme/a");
    private static final String KILLED_MEMBERS = "\"models\": [\"hf:acme/a\", \"hf:acme/d\", \"torchhub:acme/home\"]";
    private static final int KILLS = 8;

    @TempDir
    Path folder;

    private Migrated migrated;
    private Path legacy;

    @BeforeEach
    void prepare() throws IOException {
        migrated = new Migrated(folder);
        legacy = migrated.file("shared/model-cache");
    }

    @Test
    void theDiskOfEachRootMustHaveRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.on(folder.resolve("disk"), 64)) {
            repository("weights".repeat(20_000));
            migrated.members("\"hf_home\": \"%s\"".formatted(disk.folder()));
            SortedMap<String, String> before = migrated.everything();

            assertThatThrownBy(() -> migrated.run())
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining(disk.folder().toString())
                    .hasMessageContaining("Nothing was changed");

            before.keySet().removeIf(name -> name.endsWith("hardware_cache.json"));
            assertThat(migrated.everything()).containsAllEntriesOf(before);
            assertThat(disk.folder().toFile().list()).isEmpty();
        }
    }

    @Test
    void aDiskThatFillsMeanwhileCostsNothing() throws Exception {
        try (SmallDisk disk = SmallDisk.on(folder.resolve("disk"), 256)) {
            HubFixture old = repository("weights".repeat(20_000));
            migrated.members("\"hf_home\": \"%s\"".formatted(disk.folder()));
            Path filler = disk.folder().resolve("filler");

            assertThatThrownBy(() -> migrated.run(() -> Files.write(filler, new byte[180 * 1024])))
                    .isInstanceOf(IOException.class);

            assertThat(old.file("a.bin")).hasContent("weights".repeat(20_000));
            Files.delete(filler);
            migrated.run();
            HubFixture there = new HubFixture(disk.folder().resolve("hub"), "acme/a");
            assertThat(there.file("a.bin")).hasContent("weights".repeat(20_000));
            assertThat(legacy).doesNotExist();
            try (Stream<Path> all = Files.walk(disk.folder())) {
                assertThat(all).noneMatch(path -> path.toString().endsWith(".partial"));
            }
        }
    }

    @Test
    void itWaitsForABuildThatFetchesTheModel() throws Exception {
        repository("weights");
        List<String> whileHeld = new ArrayList<>();
        Path lock = new HubLayout(migrated.hub()).processLock(MODEL);
        ProcessLock held = ProcessLock.acquire(lock, () -> {});

        migrated.heard(said -> {
                    if (said.contains("Waiting for another build that fetches hf:acme/a")) {
                        whileHeld.add(String.valueOf(Files.exists(legacy.resolve("models--acme--a"))));
                        close(held);
                    }
                })
                .run();

        assertThat(whileHeld).contains("true");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
    }

    @Test
    void itWaitsForABuildThatFetchesACheckpointByItsAddress() throws Exception {
        write(legacy.resolve("torch/hub/checkpoints/net.pth"), "net");
        ModelReference declared = ModelReference.parse("torch:https://example.org/x/net.pth");
        migrated.members("\"models\": [\"" + declared + "\"]").look();
        Layouts layouts = new Layouts(new TestProject(migrated.file("")).config("\"models\": [\"" + declared + "\"]"));
        ProcessLock held =
                ProcessLock.acquire(layouts.find(declared).orElseThrow().processLock(declared), () -> {});
        List<String> heard = new ArrayList<>();

        migrated.heard(said -> {
                    heard.add(said);
                    close(held);
                })
                .run();

        assertThat(heard).first().asString().contains("Waiting for another build that fetches " + declared);
        assertThat(migrated.file(".cache/torch/hub/checkpoints/net.pth")).hasContent("net");
    }

    @Test
    void filesThatAnotherBuildFetchesToTheOldFolderAreKept() throws Exception {
        HubFixture old = repository("weights");
        new HubFixture(migrated.hub(), "acme/b").large("b.bin", "b");
        HubFixture twice = new HubFixture(legacy, "acme/b").large("b.bin", "b");
        HubLayout layout = new HubLayout(legacy);
        ProcessLock one = ProcessLock.acquire(layout.processLock(MODEL), () -> {});
        ProcessLock other = ProcessLock.acquire(layout.processLock(ModelReference.parse("hf:acme/b")), () -> {});

        migrated.run();

        assertThat(old.file("a.bin")).hasContent("weights");
        assertThat(twice.file("b.bin")).hasContent("b");
        assertThat(migrated.said())
                .anyMatch(line -> line.contains("models--acme--a is kept: another build is fetching it"))
                .anyMatch(line -> line.contains("models--acme--b is kept: another build is fetching it"));
        one.close();
        other.close();
        migrated.run();
        assertThat(legacy).doesNotExist();
    }

    @Test
    void aDownloadThatBeginsAfterThePlanIsNotDisturbed() throws Exception {
        HubFixture old = repository("weights");
        Path part = old.folder().resolve("blobs/" + "c".repeat(64) + ".0123abcd.incomplete");

        migrated.run(() -> Files.writeString(part, "par"));

        assertThat(part).hasContent("par");
        assertThat(old.file("a.bin")).hasContent("weights");
        assertThat(migrated.said())
                .anyMatch(line -> line.contains("models--acme--a is kept: a program is downloading into it"));

        Files.setLastModifiedTime(part, FileTime.fromMillis(0));
        migrated.run();
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        assertThat(legacy).doesNotExist();
    }

    @Test
    void whereNoLinksCanBeMadeNothingIsCopiedForNothing() throws Exception {
        HubFixture old = repository("weights");
        try (SmallDisk disk = SmallDisk.whichFollowsNoLinks(migrated.hub())) {
            Path blobs = disk.folder().resolve("models--acme--a/blobs");
            new HubFixture(migrated.hub(), "acme/a").large("other.bin", "other");

            migrated.run();

            assertThat(migrated.said())
                    .anyMatch(line -> line.contains("models--acme--a is kept: the project's cache is on a disk without"
                            + " symbolic links; mvn cache:download fetches the model without links"));
            assertThat(old.file("a.bin")).hasContent("weights");
            assertThat(blobs.toFile().list()).hasSize(1);
            assertThat(disk.folder().toFile().list()).noneMatch(name -> name.endsWith(".partial"));
        }
    }

    @Test
    void namesMayBeInvalidUtf8() throws Exception {
        HubFixture old = repository("weights");
        Path snapshot = old.file("a.bin").resolveSibling(".").normalize();
        shell(snapshot, "ln -s \"$(readlink a.bin)\" \"$(printf 'b\\377.bin')\"");
        shell(legacy, "printf mine > \"$(printf 'notes\\377\\376')\"");
        shell(legacy, "mkdir -p torch/hub/checkpoints; printf net > \"torch/hub/checkpoints/$(printf 'n\\377.pth')\"");

        migrated.run();

        Path there = new HubFixture(migrated.hub(), "acme/a").file("a.bin").resolveSibling(".");
        assertThat(shell(there, "cat \"$(printf 'b\\377.bin')\"")).isEqualTo("weights");
        assertThat(shell(legacy, "cat \"$(printf 'notes\\377\\376')\"")).isEqualTo("mine");
        assertThat(shell(migrated.file(".cache/torch/hub/checkpoints"), "cat n*.pth"))
                .isEqualTo("net");
        assertThat(old.folder()).doesNotExist();
    }

    private static String shell(Path in, String script) throws Exception {
        Process shell = new ProcessBuilder("/bin/sh", "-c", script)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void anUnreadableModelIsReportedAndTheOthersAreImported() throws Exception {
        HubFixture closed = repository("weights");
        HubFixture closedBlob =
                new HubFixture(legacy, "acme/b").large("b.bin", "secret").large("c.bin", "open");
        new HubFixture(legacy, "acme/d").large("d.bin", "d");
        Files.setPosixFilePermissions(closed.folder().resolve("blobs"), PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(closedBlob.blob("b.bin"), PosixFilePermissions.fromString("---------"));

        String said = unprivileged();

        Files.setPosixFilePermissions(closed.folder().resolve("blobs"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(closedBlob.blob("b.bin"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(said)
                .contains(
                        "models--acme--a/blobs is kept: it can't be read",
                        closedBlob.digest("b.bin").hex() + " is kept: it can't be read");
        assertThat(closed.file("a.bin")).hasContent("weights");
        assertThat(closedBlob.file("b.bin")).hasContent("secret");
        assertThat(new HubFixture(migrated.hub(), "acme/b").file("c.bin")).hasContent("open");
        assertThat(new HubFixture(migrated.hub(), "acme/d").file("d.bin")).hasContent("d");
        assertThat(migrated.hub().resolve("models--acme--b/snapshots/" + HubFixture.COMMIT + "/b.bin"))
                .doesNotExist();
        migrated.run();
        assertThat(legacy).doesNotExist();
    }

    /** Migrates as somebody whom the file system's permissions bind, which those of root do not. */
    private String unprivileged() throws Exception {
        Path closed = new HubFixture(legacy, "acme/a").folder().resolve("blobs");
        return Unprivileged.run(closed, MigrateProcess.class, folder.toString(), "");
    }

    @Test
    void aProcessThatIsKilledAtAnyMomentIsFinishedByTheNext() throws Exception {
        Path undisturbed = folder.resolve("undisturbed");
        MigrationTest.crowded(undisturbed).run();
        SortedMap<String, String> expected = new Migrated(undisturbed).everything();
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Path place = folder.resolve("killed" + kill);
            Migrated one = MigrationTest.crowded(place);
            Process process = MigrateProcess.start(place, KILLED_MEMBERS);
            try (BufferedReader steps = process.inputReader(StandardCharsets.UTF_8)) {
                int last = random.nextInt(60);
                for (int step = 0; step < last && steps.readLine() != null; step++) {
                    // Somewhere between this step and the next ones.
                }
                process.destroyForcibly().waitFor();
            }

            one.run();

            assertThat(one.everything()).as("seed %d, kill %d", seed, kill).isEqualTo(expected);
            assertThat(one.run().plan().isEmpty()).isTrue();
        }
    }

    private HubFixture repository(String weights) throws IOException {
        return new HubFixture(legacy, "acme/a").large("a.bin", weights).ref("main", HubFixture.COMMIT);
    }

    private static void close(ProcessLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
