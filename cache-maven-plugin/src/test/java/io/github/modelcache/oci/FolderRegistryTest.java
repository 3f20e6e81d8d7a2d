package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderRegistryTest {

    @TempDir
    Path folder;

    private Team team;
    private Path nas;
    private String registry;

    @BeforeEach
    void team() throws Exception {
        team = new Team(folder);
        nas = folder.resolve("nas");
        registry = nas.toUri().toString();
    }

    @AfterEach
    void close() {
        team.close();
    }

    @Test
    void anotherMachineHasTheVerySameCacheWithoutAskingTheHub() throws Exception {
        team.downloaded().push(registry);
        team.pull(registry);

        assertThat(team.hub.requests()).isEmpty();
        assertThat(TestProject.contents(team.hubCache(team.other)))
                .isEqualTo(TestProject.contents(team.hubCache(team.one)));
        assertThat(team.pulled(Team.EMPTY)).isEmptyFile();
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(team.other.said()).anyMatch(line -> line.contains("Fetched hf:acme/tiny"));
    }

    @Test
    void theFolderIsAnImageLayoutWithAModelPackManifest() throws Exception {
        team.downloaded().push(registry);

        ResolvedModel model = List.copyOf(team.lock(team.one).models()).get(0);
        String digest = model.manifest().orElseThrow().hex();
        assertThat(nas.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
        assertThat(Files.readString(nas.resolve("index.json")))
                .contains("sha256:" + digest, "\"hf/acme/tiny:" + team.commit + "\"");
        assertThat(Files.readString(nas.resolve("blobs/sha256").resolve(digest)))
                .contains(
                        "\"artifactType\":\"application/vnd.cncf.model.manifest.v1+json\"",
                        "\"org.cncf.model.filepath\":\"" + Team.LARGE + "\"",
                        "\"io.github.modelcache.model\":\"hf:acme/tiny\"",
                        "\"io.github.modelcache.empty-files\":\"[\\\"empty.txt\\\"]\"");
        try (Stream<Path> all = Files.walk(nas)) {
            assertThat(all.filter(path -> path.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void theSameCacheHasTheSameDigestInEveryRegistry() throws Exception {
        team.downloaded().push(registry);
        var first = team.lock(team.one);
        team.push(folder.resolve("second").toUri().toString());

        assertThat(team.lock(team.one)).isEqualTo(first);
        try (StandInRegistry server = StandInRegistry.start()) {
            team.push(server.host() + "/team/models");
        }
        assertThat(team.lock(team.one)).isEqualTo(first);
    }

    @Test
    void whatIsThereIsNotPushedAgain() throws Exception {
        team.downloaded().push(registry);
        var before = TestProject.contents(nas);
        team.push(registry);

        assertThat(TestProject.contents(nas)).isEqualTo(before);
        assertThat(team.one.said()).last().asString().contains("is in " + nas + " already");
    }

    @Test
    void whatAPushThatWasKilledLeftGoesADayLater() throws Exception {
        team.downloaded();
        Path blobs = Files.createDirectories(nas.resolve("blobs/sha256"));
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        String digest = "a".repeat(64);
        List<Path> left = List.of(blobs.resolve(digest + ".01234567.tmp"), nas.resolve("index.json.01234567.tmp"));
        List<Path> others = List.of(blobs.resolve(digest), blobs.resolve("mine.tmp"), nas.resolve("mine.01234567.tmp"));
        for (Path file : Stream.concat(left.stream(), others.stream()).toList()) {
            Files.setLastModifiedTime(Files.writeString(file, "half"), old);
        }
        Path running = Files.writeString(blobs.resolve(digest + ".89abcdef.tmp"), "half");

        team.push(registry);

        assertThat(left).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(others).allSatisfy(file -> assertThat(file).exists());
        assertThat(running).exists();
    }

    @Test
    void severalMayPushAndPullAtOnce() throws Exception {
        team.downloaded().push(registry);
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            List<Callable<Object>> all = List.of(
                    () -> team.plan(team.one, folder.resolve("new").toUri().toString(), Team.MODEL),
                    () -> team.plan(team.one, folder.resolve("new").toUri().toString(), Team.MODEL),
                    () -> team.pull(registry),
                    () -> team.pull(registry),
                    () -> team.pull(registry));
            for (Future<Object> done : threads.invokeAll(all)) {
                assertThat(done.get()).isNotNull();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(TestProject.contents(folder.resolve("new"))).isEqualTo(TestProject.contents(nas));
    }

    @Test
    void aFlippedByteIsNotTaken() throws Exception {
        team.downloaded().push(registry);
        Path blob = largeBlob();
        Files.writeString(blob, "X" + Team.LARGE_CONTENT.substring(1));

        assertThatThrownBy(() -> team.pull(registry))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(Team.LARGE)
                .hasMessageContaining("expected is sha256:");
        assertThat(team.pulled(Team.LARGE)).doesNotExist();
        assertThat(team.hub.requests()).isEmpty();
    }

    @Test
    void aTruncatedContentIsNotTakenAndIsPushedAnew() throws Exception {
        team.downloaded().push(registry);
        Files.writeString(largeBlob(), "short");

        assertThatThrownBy(() -> team.pull(registry)).isInstanceOf(ModelException.class);
        team.push(registry);
        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void aFolderThatIsFullIsNamedAndKeepsWhatItHad() throws Exception {
        String some = "\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"*.json\"]}]";
        team.bring(team.one, Optional.empty(), some);
        try (SmallDisk disk = SmallDisk.on(nas, 128)) {
            team.plan(team.one, registry, some);
            var before = TestProject.contents(nas);
            String lock = Files.readString(team.one.lock().path());
            team.downloaded();

            assertThatThrownBy(() -> team.push(registry))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the disk of " + nas + " is full")
                    .hasMessageContaining("push again");
            var after = TestProject.contents(nas);
            assertThat(after).containsAllEntriesOf(before);
            assertThat(after.keySet()).noneMatch(name -> name.endsWith(".tmp"));
            assertThat(lock).contains("manifest");

            disk.grow(2 << 10);
            team.push(registry);
            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }
    }

    @Test
    void aPullToADiskThatIsFullSaysSoAndGoesOnLater() throws Exception {
        team.downloaded().push(registry);
        try (SmallDisk disk = SmallDisk.on(team.other.root().resolve(".cache"), 128)) {
            assertThatThrownBy(() -> team.pull(registry))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("need 300 kB")
                    .hasMessageContaining("cache:clean");
            assertThat(team.pulled(Team.LARGE)).doesNotExist();

            disk.grow(2 << 10);
            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }
        assertThat(team.hub.requests()).isEmpty();
    }

    @Test
    void aDamagedIndexIsNamed() throws Exception {
        team.downloaded();
        team.plan(team.one, registry, Team.MODEL); // the other machine's lock names no manifest
        Files.writeString(nas.resolve("index.json"), "{\"manifests\": [");

        assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("index.json is damaged");
    }

    @Test
    void aDriveThatIsNotMountedIsNamed() throws Exception {
        team.downloaded();
        String gone = folder.resolve("missing/nas").toUri().toString();

        assertThatThrownBy(() -> team.pull(gone)).hasMessageContaining("Is the drive mounted?");
        assertThatThrownBy(() -> team.push(gone))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Is the drive mounted?");
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void onlyWhatIsLockedAndCompleteIsPushed() throws Exception {
        team.one.config(Team.MODEL);
        assertThatThrownBy(() -> team.push(registry))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("hf:acme/tiny is not in the lock")
                .hasMessageContaining("mvn cache:download");

        team.downloaded();
        Path weights =
                team.hubCache(team.one).resolve("models--acme--tiny/snapshots/" + team.commit + "/" + Team.LARGE);
        Files.delete(weights);
        assertThatThrownBy(() -> team.push(registry))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(Team.LARGE + " is missing");
        assertThat(nas).doesNotExist();
    }

    @Test
    void projectsThatWantOtherFilesOfARevisionDoNotTakeTheTagFromEachOther() throws Exception {
        String some = "\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"*.json\"]}]";
        team.downloaded().push(registry);
        team.bring(team.one, Optional.empty(), some);
        team.plan(team.one, registry, some);

        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void aPinThatIsLookedAtAnewAndDoesNotMoveKeepsItsManifest() throws Exception {
        team.downloaded().push(registry);
        var before = team.lock(team.one);
        team.update(team.one);
        assertThat(team.lock(team.one)).isEqualTo(before);

        Files.writeString(team.origin.resolve(Team.SMALL), "{\"hidden\": 8}");
        team.commit = team.hub.add("acme/tiny", team.origin);
        team.update(team.one);
        assertThat(team.lock(team.one).models())
                .allSatisfy(model -> assertThat(model.manifest()).isEmpty());
    }

    @Test
    void aBrokenManifestDigestInTheLockIsNamed() throws Exception {
        team.downloaded().push(registry);
        Path lock = team.one.lock().path();
        Files.writeString(
                lock, Files.readString(lock).replaceAll("\"manifest\": \"sha256:[^\"]*\"", "\"manifest\": \"md5:1\""));

        assertThatThrownBy(() -> team.lock(team.one))
                .isInstanceOf(LockException.class)
                .hasMessageContaining("'md5:1' is not a sha256 digest");
    }

    private Path largeBlob() throws IOException {
        try (Stream<Path> blobs = Files.list(nas.resolve("blobs/sha256"))) {
            return blobs.filter(blob -> blob.toFile().length() == Team.LARGE_CONTENT.length())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
