package io.github.modelcache.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.TestProject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CacheMoveTest {

    private static final Path SECOND_DISK = Path.of("/dev/shm");

    @TempDir
    Path folder;

    private Path base;
    private Path disk;

    @BeforeEach
    void prepare() throws IOException {
        base = fill(folder.resolve("project"));
        boolean second = Files.isWritable(SECOND_DISK)
                && !Files.getFileStore(SECOND_DISK).equals(Files.getFileStore(folder));
        disk = second ? Files.createTempDirectory(SECOND_DISK, "model-cache") : folder;
    }

    @AfterEach
    void tidy() throws IOException {
        if (!disk.equals(folder)) {
            new TreeDeleter().deleteTree(disk, disk, path -> false);
            Files.delete(disk);
        }
    }

    @Test
    void onOneDiskTheCacheIsRenamedThereAndBack() throws Exception {
        Path to = folder.resolve("elsewhere/cache");
        SortedMap<String, String> before = TestProject.contents(base);

        move(to);
        assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
        assertThat(contents(to)).isEqualTo(before);
        assertThat(plan(to).isEmpty()).isTrue();

        move(base);
        assertThat(Files.isSymbolicLink(base)).isFalse();
        assertThat(contents(base)).isEqualTo(before);
        assertThat(to).doesNotExist();
        assertThat(plan(base).isEmpty()).isTrue();
        assertThat(folder.resolve("project").toFile().list()).containsExactlyInAnyOrder(".cache", "config");
    }

    @Test
    void toAnotherDiskAndBackItIsCopied() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Files.createLink(base.resolve("models/two.bin"), base.resolve("models/one.bin"));
        SortedMap<String, String> before = TestProject.contents(base);

        move(to);
        assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
        assertThat(contents(to)).isEqualTo(before);
        assertThat(Files.isSameFile(to.resolve("models/one.bin"), to.resolve("models/two.bin")))
                .isTrue();
        assertThat(folder.resolve("project").toFile().list()).containsExactlyInAnyOrder(".cache", "config");

        move(disk.resolve("further"));
        assertThat(to).doesNotExist();
        assertThat(contents(disk.resolve("further"))).isEqualTo(before);

        move(base);
        assertThat(contents(base)).isEqualTo(before);
        assertThat(disk.toFile().list()).isEmpty();
    }

    @Test
    void whatIsWrittenWhileTheOldPlaceIsPutAwayComesAlong() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path old = PartialFiles.beside(base, "old", Optional.empty());
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(old)) {
                write(base.resolve("models/late.bin"));
            }
        });

        move(folder.resolve("project"), to, relay);

        assertThat(to.resolve("models/late.bin")).hasContent("late");
        assertThat(old).doesNotExist();
    }

    @Test
    void aFolderThatIsSwappedForALinkWhileItIsCopiedLeadsNowhere() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path pack = base.resolve("models/pack");
        Path mine = folder.resolve("mine");
        for (String name : List.of("1", "2", "3")) {
            write(pack.resolve("d/" + name), "public");
            write(mine.resolve(name), "secret");
            Files.setLastModifiedTime(mine.resolve(name), Files.getLastModifiedTime(pack.resolve("d/" + name)));
        }
        AtomicInteger swaps = new AtomicInteger();
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.startsWith(to.resolve("models/pack/d")) && swaps.getAndIncrement() == 0) {
                swap(pack, mine);
            }
        });

        assertThatThrownBy(() -> move(folder.resolve("project"), to, relay))
                .hasMessageContaining("models/pack/d: is a link or no folder any more");
        assertThat(Files.isSymbolicLink(base)).isFalse();
        assertThat(mine.toFile().list()).containsExactlyInAnyOrder("1", "2", "3");
        try (Stream<Path> copies = Files.walk(to)) {
            assertThat(copies.filter(Files::isRegularFile))
                    .noneMatch(copy -> contentOf(copy).equals("secret"));
        }

        Files.delete(pack.resolve("d"));
        Files.move(pack.resolve("real"), pack.resolve("d"));
        move(to);
        assertThat(to.resolve("models/pack/d/2")).hasContent("public");
    }

    @Test
    void aFolderThatWasALinkInTheFirstPassIsNotCopiedThroughIt() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path pack = base.resolve("models/pack");
        Path mine = Files.createDirectories(folder.resolve("mine"));
        write(mine.resolve("1"), "secret");
        write(pack.resolve("d/1"), "public");
        swap(pack, mine);
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(to.resolve("models/pack/d")) && Files.isSymbolicLink(pack.resolve("d"))) {
                swapBack(pack);
            }
        });

        move(folder.resolve("project"), to, relay);
        assertThat(mine.resolve("1")).hasContent("secret");
        assertThat(Files.isSymbolicLink(to.resolve("models/pack/d"))).isFalse();
        assertThat(to.resolve("models/pack/d/1")).hasContent("public");
    }

    private static void swap(Path pack, Path mine) {
        try {
            Files.move(pack.resolve("d"), pack.resolve("real"));
            Files.createSymbolicLink(pack.resolve("d"), mine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void swapBack(Path pack) {
        try {
            Files.delete(pack.resolve("d"));
            Files.move(pack.resolve("real"), pack.resolve("d"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contentOf(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDiskThatKeepsCoarserTimesIsCopiedToOnce() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path model = base.resolve("models/one.bin");
        Files.setLastModifiedTime(model, FileTime.fromMillis(1_700_000_001_234L));
        Path to = disk.resolve("cache");
        AtomicInteger copies = new AtomicInteger();

        // Like a process that is killed once everything is copied.
        assertThatThrownBy(() -> move(folder.resolve("project"), to, new AtomicFileOperations(changed -> {
                    coarsen(changed);
                    if (changed.equals(to.resolve("models/one.bin"))) {
                        copies.incrementAndGet();
                    }
                    if (changed.equals(PartialFiles.beside(base, "old", Optional.empty()))) {
                        throw new Killed();
                    }
                })))
                .isInstanceOf(Killed.class);
        assertThat(copies).hasValue(1);
        assertThat(Files.getLastModifiedTime(to.resolve("models/one.bin")))
                .isEqualTo(FileTime.fromMillis(1_700_000_000_000L));

        move(folder.resolve("project"), to, new AtomicFileOperations(changed -> {
            coarsen(changed);
            if (changed.equals(to.resolve("models/one.bin"))) {
                copies.incrementAndGet();
            }
        }));
        assertThat(copies).hasValue(1);
        assertThat(base.resolve("models/one.bin")).hasContent("one");
    }

    /** FAT keeps even seconds. What is about to get its name has its time by then. */
    private static void coarsen(Path changed) {
        Path folder = changed.resolveSibling(".").normalize();
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> beside = Files.newDirectoryStream(folder, "*.partial")) {
            for (Path file : beside) {
                if (Files.isRegularFile(file)) {
                    long millis = Files.getLastModifiedTime(file).toMillis();
                    Files.setLastModifiedTime(file, FileTime.fromMillis(millis - millis % 2000));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anotherContentOfTheSameSizeAndSecondIsNoCopy() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        killed(folder.resolve("project"), to, 12);
        Path begun = Files.createDirectories(to.resolve("models")).resolve("one.bin");
        Files.writeString(begun, "eno");
        Files.setLastModifiedTime(base.resolve("models/one.bin"), FileTime.fromMillis(1_700_000_001_234L));
        Files.setLastModifiedTime(begun, FileTime.fromMillis(1_700_000_000_000L));

        move(to);

        assertThat(to.resolve("models/one.bin")).hasContent("one");
    }

    @Test
    void absoluteLinksIntoTheCacheLeadIntoItAfterwards() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "outside");
        Files.createSymbolicLink(base.resolve("models/out.bin"), outside);
        Files.createSymbolicLink(base.resolve("models/by-base.bin"), base.resolve("models/one.bin"));
        Files.createSymbolicLink(base.resolve("models/relative.bin"), Path.of("../models/one.bin"));
        for (Path first : new Path[] {folder.resolve("first"), disk.resolve("first")}) {
            move(first);
            Files.createSymbolicLink(first.resolve("models/absolute.bin"), first.resolve("models/one.bin"));
            for (Path next : new Path[] {folder.resolve("second"), disk.resolve("third"), base}) {
                move(next);
                assertThat(first).doesNotExist();
                for (String name : new String[] {"absolute", "by-base", "relative"}) {
                    assertThat(next.resolve("models/" + name + ".bin"))
                            .isSymbolicLink()
                            .hasContent("one");
                }
                assertThat(Files.readSymbolicLink(next.resolve("models/absolute.bin")))
                        .isEqualTo(next.toRealPath().resolve("models/one.bin"));
                assertThat(Files.readSymbolicLink(next.resolve("models/out.bin")))
                        .isEqualTo(outside);
                assertThat(Files.readSymbolicLink(next.resolve("models/relative.bin")))
                        .isEqualTo(Path.of("../models/one.bin"));
            }
            Files.delete(base.resolve("models/absolute.bin"));
        }
    }

    @Test
    void linksLeadIntoTheCacheWhereverAMoveIsKilled() throws Exception {
        for (Path root : new Path[] {folder, disk}) {
            boolean killed = true;
            for (int steps = 0; killed; steps++) {
                String run = (root.equals(folder) ? "renamed" : "copied") + steps;
                Path project = folder.resolve(run);
                Path there = fill(project);
                Path first = folder.resolve("first-" + run);
                Path second = root.resolve("second-" + run);
                move(project, first, new AtomicFileOperations());
                Files.createSymbolicLink(first.resolve("models/absolute.bin"), first.resolve("models/one.bin"));

                killed = killed(project, second, steps);
                move(project, second, new AtomicFileOperations());

                assertThat(there.resolve("models/absolute.bin"))
                        .as("killed before step %d", steps)
                        .isSymbolicLink()
                        .hasContent("one");
                assertThat(first).doesNotExist();
                assertThat(plan(project, second).isEmpty()).isTrue();
            }
        }
    }

    @Test
    void whatAProgramWritesAnewWhileTheOldPlaceIsPutAwayComesAlong() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path old = PartialFiles.beside(base, "old", Optional.empty());
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(old)) {
                write(base.resolve("models/one.bin"));
            }
        });
        Files.setLastModifiedTime(base.resolve("models/one.bin"), FileTime.fromMillis(1_700_000_000_000L));

        move(folder.resolve("project"), to, relay);

        assertThat(to.resolve("models/one.bin")).hasContent("late");
        assertThat(old).doesNotExist();
    }

    @Test
    void whatAProgramWritesIntoTheOldPlaceAfterItWasLookedAtComesAlong() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path old = PartialFiles.beside(base, "old", Optional.empty());
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(old)) {
                write(base.resolve("models/late.bin"));
            }
            if (changed.equals(to.resolve("models/late.bin"))) {
                write(old.resolve("models/later.bin"));
                write(old.resolve("models/one.bin"));
            }
        });
        Files.setLastModifiedTime(base.resolve("models/one.bin"), FileTime.fromMillis(1_700_000_000_000L));

        move(folder.resolve("project"), to, relay);

        assertThat(to.resolve("models/later.bin")).hasContent("late");
        assertThat(to.resolve("models/one.bin")).hasContent("late");
        assertThat(old).doesNotExist();
        assertThat(to.resolve(".modelcache").toFile().list()).isEmpty();
    }

    @Test
    void aProgramThatGoesOnWritingIntoTheOldPlaceKeepsIt() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path old = PartialFiles.beside(base, "old", Optional.empty());
        AtomicInteger written = new AtomicInteger();
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            boolean looked = changed.startsWith(to) && Files.isDirectory(old);
            if (looked || changed.equals(old.resolve("models/one.bin"))) {
                write(old.resolve("huggingface/" + written.incrementAndGet() + ".bin"));
            }
            if (changed.equals(old)) {
                write(base.resolve("models/late.bin"));
            }
        });

        assertThatThrownBy(() -> move(folder.resolve("project"), to, relay))
                .hasMessageContaining("programs go on writing into " + old)
                .hasMessageContaining("run mvn cache:migrate again");

        move(to);
        for (int i = 1; i <= written.get(); i++) {
            assertThat(to.resolve("huggingface/" + i + ".bin")).exists();
        }
        assertThat(old).doesNotExist();
        assertThat(plan(to).isEmpty()).isTrue();
    }

    @Test
    void filesThatSomebodyPutBesideABegunCopyAreNeverDeleted() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        killedBefore(to.resolve("models/one.bin"), to);
        Path theirs = to.resolve("huggingface/hub/models--other--project/w.bin");
        write(theirs, "theirs");
        SortedMap<String, String> before = TestProject.contents(disk);

        refused(to, theirs + " is not in the cache");
        assertThat(TestProject.contents(disk)).isEqualTo(before);

        new TreeDeleter().deleteTree(to, to.resolve("huggingface/hub/models--other--project"), path -> false);
        SortedMap<String, String> cache = contents(base);
        move(to);
        assertThat(contents(to)).isEqualTo(cache);
    }

    @Test
    void aFileThatSomebodyPutWhereACopyWasToComeIsNeverOverwritten() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path ours = base.resolve("models/one.bin");
        Files.setLastModifiedTime(ours, FileTime.from(Instant.parse("2026-01-31T09:00:00Z")));
        Path theirs = to.resolve("models/one.bin");
        killedBefore(theirs, to);
        write(theirs, "theirs");
        SortedMap<String, String> before = TestProject.contents(disk);

        refused(to, theirs + " is newer than " + ours);
        assertThat(TestProject.contents(disk)).isEqualTo(before);

        Files.delete(theirs);
        SortedMap<String, String> cache = contents(base);
        move(to);
        assertThat(contents(to)).isEqualTo(cache);
    }

    @Test
    void aFolderThatWasMadeWhereTheOldPlaceWasIsLeftAlone() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path first = folder.resolve("first");
        Path second = disk.resolve("second");
        move(first);
        killedBefore(first.resolve("models/one.bin"), second);
        new TreeDeleter().deleteTree(first, first, path -> false);
        write(first.resolve("models/theirs.bin"), "theirs");
        write(first.resolve("models/one.bin"), "their one");
        SortedMap<String, String> before = TestProject.contents(first);

        TestProject test = new TestProject(folder.resolve("project"));
        try (CacheMove move = new CacheMove(test.config(""), home(), Lock.EMPTY, new AtomicFileOperations(), test)) {
            move.plan(second).run(test, test.root(), 1);
        }

        assertThat(TestProject.contents(first)).isEqualTo(before);
        assertThat(test.said()).singleElement().asString().contains(first + " stays", "delete it by hand");
        assertThat(second.resolve("models/theirs.bin")).doesNotExist();
        assertThat(second.resolve("models/one.bin")).hasContent("one");
        assertThat(plan(second).isEmpty()).isTrue();
    }

    @Test
    void linksToFoldersAndThoseThatLeadNowhereComeAlong() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path first = folder.resolve("first");
        Path second = disk.resolve("second");
        move(first);
        Files.createDirectories(first.resolve("models/dir"));
        Files.createSymbolicLink(first.resolve("models/link"), first.resolve("models/dir"));
        Files.createSymbolicLink(first.resolve("models/dangling"), first.resolve("models/gone"));

        move(second);

        assertThat(first).doesNotExist();
        assertThat(Files.readSymbolicLink(second.resolve("models/link"))).isEqualTo(second.resolve("models/dir"));
        assertThat(Files.readSymbolicLink(second.resolve("models/dangling"))).isEqualTo(second.resolve("models/gone"));
    }

    @Test
    void noModelIsFetchedIntoACacheThatIsReplaced() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path first = folder.resolve("first");
        Path second = disk.resolve("second");
        Path third = Files.createDirectories(folder.resolve("third"));
        move(first);
        killedBefore(base, second);
        Files.delete(base);
        Files.createSymbolicLink(base, third);
        TestProject test = new TestProject(folder.resolve("project"));
        CacheConfig config = test.config("\"models\": [\"hf:acme/a\"]");
        ModelReference model = ModelReference.parse("hf:acme/a");
        Path lock = new Layouts(config).find(model).orElseThrow().processLock(model);
        List<Boolean> free = new ArrayList<>();
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(base)) {
                free.add(isFree(lock));
            }
        });

        try (CacheMove move = new CacheMove(config, home(), Lock.EMPTY, relay, test)) {
            move.plan(second).run(test, test.root(), 1);
        }

        assertThat(free).isNotEmpty().containsOnly(false);
        assertThat(Files.readSymbolicLink(base)).isEqualTo(second);
    }

    @Test
    void noOtherBuildFetchesAModelUntilTheOldPlaceIsFree() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path old = PartialFiles.beside(base, "old", Optional.empty());
        TestProject test = new TestProject(folder.resolve("project"));
        CacheConfig config = test.config("\"models\": [\"hf:acme/a\"]");
        ModelReference model = ModelReference.parse("hf:acme/a");
        Path lock = new Layouts(config).find(model).orElseThrow().processLock(model);
        Path moved = old.resolve(base.relativize(lock));
        write(lock, "");
        List<Boolean> free = new ArrayList<>();
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(old)) {
                free.add(LockProcess.isFree(lock));
            } else if (changed.equals(old.resolve("models/one.bin"))) {
                free.add(LockProcess.isFree(moved));
            }
        });

        try (CacheMove move = new CacheMove(config, home(), Lock.EMPTY, relay, test)) {
            move.plan(to).run(test, test.root(), 1);
        }

        assertThat(free).containsExactly(false, false);
        assertThat(to.resolve(base.relativize(lock))).doesNotExist();
        assertThat(old).doesNotExist();
        assertThat(contents(to)).containsKey("models/one.bin");
    }

    @Test
    void aCacheThatAProgramDownloadsIntoStaysWhereItIs() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path part = part("c", Instant.now());
        SortedMap<String, String> before = contents(base);

        refused(to, "a program is downloading into the cache: it wrote to " + part.toRealPath());
        assertThat(contents(base)).isEqualTo(before);
        assertThat(disk.toFile().list()).isEmpty();

        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        move(to);
        assertThat(to.resolve(base.relativize(part))).doesNotExist();
        assertThat(to.resolve("models/one.bin")).hasContent("one");

        part("d", Instant.now());
        refused(base, "a program is downloading into the cache");
        assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
    }

    @Test
    void aDownloadThatGoesOnWhileTheCacheIsCopiedLeavesNoCopyOfItsPart() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path part = part("c", Instant.now().minus(Duration.ofDays(3)));
        Path copy = to.resolve(base.relativize(part));
        Path resting = part("d", Instant.now().minus(Duration.ofDays(3)));
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(MoveMarker.inOld(base))) {
                write(part);
            }
        });

        assertThatThrownBy(() -> move(folder.resolve("project"), to, relay))
                .hasMessageContaining("a program is downloading into the cache: it wrote to " + part.toRealPath())
                .hasMessageContaining("The cache is still where it was");
        assertThat(Files.isSymbolicLink(base)).isFalse();
        assertThat(copy).hasContent("half");

        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        move(to);
        assertThat(copy).doesNotExist();
        assertThat(to.resolve(base.relativize(resting))).hasContent("half");
    }

    @Test
    void aDownloadThatGoesOnWhileTheOldPlaceIsPutAwayLeavesNoCopyOfItsPart() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        Path old = PartialFiles.beside(base, "old", Optional.empty());
        Path resumed = part("c", Instant.now().minus(Duration.ofDays(3)));
        Path begun = resumed.resolveSibling("e".repeat(64) + ".incomplete");
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (changed.equals(old)) {
                write(resumed);
                write(begun);
            }
        });

        move(folder.resolve("project"), to, relay);

        assertThat(to.resolve(base.relativize(resumed))).doesNotExist();
        assertThat(to.resolve(base.relativize(begun))).doesNotExist();
        assertThat(old).doesNotExist();
    }

    @Test
    void whatAStoppedDownloadOfALockedModelHasComesAlong() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Path to = disk.resolve("cache");
        HubFixture tiny = new HubFixture(folder.resolve("unused"), "acme/tiny").large("t.bin", "tiny");
        ResolvedModel model = tiny.resolved();
        TestProject test = new TestProject(folder.resolve("project"));
        CacheConfig config = test.config("");
        Path part = new Layouts(config)
                .find(model.reference())
                .orElseThrow()
                .partial(model, model.files().get(0));
        write(part, "ti");
        write(part.resolveSibling(part.getFileName() + ".etag"), "etag");

        try (CacheMove move =
                new CacheMove(config, home(), Lock.of(List.of(model)), new AtomicFileOperations(), test)) {
            move.plan(to).run(test, test.root(), 1);
        }

        Path there = to.resolve(base.relativize(part));
        assertThat(there).hasContent("ti");
        assertThat(there.resolveSibling(part.getFileName() + ".etag")).hasContent("etag");
    }

    /** Half a content that a hub client wrote to then. */
    private Path part(String digit, Instant written) throws IOException {
        Path part = new HubFixture(base.resolve("huggingface/hub"), "acme/a")
                .folder()
                .resolve("blobs/" + digit.repeat(64) + ".incomplete");
        write(part, "half");
        return Files.setLastModifiedTime(part, FileTime.from(written));
    }

    @Test
    void modelsThatShareALockAreNotWaitedFor() throws Exception {
        Path to = folder.resolve("elsewhere/cache");
        Path project = folder.resolve("project");
        TestProject test = new TestProject(project);
        CacheConfig config = test.config("\"models\": [\"torchhub:acme/tiny\", \"torchhub:acme/tiny@main\"]");
        Messages impatient = new Messages() {
            @Override
            public void info(String message) {
                assertThat(message).doesNotContain("Waiting");
            }

            @Override
            public void warn(String message) {
                test.warn(message);
            }

            @Override
            public void debug(String message) {
                test.debug(message);
            }
        };

        try (CacheMove move = new CacheMove(config, home(), Lock.EMPTY, new AtomicFileOperations(), impatient)) {
            move.plan(to).run(test, project, 1);
        }

        assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
    }

    private static boolean isFree(Path lock) {
        try {
            Optional<ProcessLock> taken = ProcessLock.tryAcquire(lock);
            if (taken.isPresent()) {
                taken.get().close();
            }
            return taken.isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A move that is killed before its first change of a path. */
    private void killedBefore(Path path, Path to) {
        assertThatThrownBy(() -> move(folder.resolve("project"), to, new AtomicFileOperations(changed -> {
                    if (changed.equals(path)) {
                        throw new Killed();
                    }
                })))
                .isInstanceOf(Killed.class);
    }

    @Test
    void aRelativeLinkThatLeavesTheCacheAndComesBackIsRefused() throws Exception {
        Files.createSymbolicLink(base.resolve("models/around.bin"), Path.of("../../.cache/models/one.bin"));

        refused(folder.resolve("elsewhere"), "make it an absolute link");
    }

    @Test
    void foldersThatAreOnlyForReadingComeAlongAsSuch() throws Exception {
        assumeTrue(!disk.equals(folder), "There is no second disk");
        Set<PosixFilePermission> readOnly = PosixFilePermissions.fromString("r-xr-xr-x");
        Path to = disk.resolve("cache");
        Files.setPosixFilePermissions(base.resolve("models"), readOnly);
        List<String> modes = new ArrayList<>();

        move(folder.resolve("project"), to, new AtomicFileOperations(changed -> {
            if (changed.equals(to.resolve("models/one.bin"))) {
                modes.add(mode(to.resolve("models")));
            }
        }));

        assertThat(modes).singleElement().asString().startsWith("rwx");
        assertThat(Files.getPosixFilePermissions(to.resolve("models"))).isEqualTo(readOnly);
        assertThat(to.resolve("models/one.bin")).hasContent("one");
        Files.setPosixFilePermissions(to.resolve("models"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void ofTwoContentsTheOneThatIsRightStays() throws Exception {
        Path to = interrupted();
        HubFixture whole = new HubFixture(to.resolve("huggingface/hub"), "acme/a");
        Files.writeString(whole.file("a.bin"), "WEIGHTS");
        HubFixture anew = new HubFixture(base.resolve("huggingface/hub"), "acme/a")
                .large("a.bin", "weights")
                .ref("main", "y");
        Files.setLastModifiedTime(
                anew.folder().resolve("refs/main"), FileTime.fromMillis(System.currentTimeMillis() + 10_000));
        write(base.resolve("torch/hub/checkpoints/net-01234567.pth"), "damaged");

        move(to);

        assertThat(whole.file("a.bin")).hasContent("weights");
        assertThat(whole.folder().resolve("refs/main")).hasContent("y");
        assertThat(to.resolve("torch/hub/checkpoints/net-01234567.pth")).hasContent("damaged");
        assertThat(to.resolve("models/one.bin")).hasContent("one");
        assertThat(folder.resolve("project").toFile().list()).containsExactlyInAnyOrder(".cache", "config");
    }

    @Test
    void ofTwoContentsThatNobodyCanJudgeBothStay() throws Exception {
        Path to = interrupted();
        write(base.resolve("models/one.bin"), "other");
        SortedMap<String, String> before = TestProject.contents(folder);

        assertThatThrownBy(() -> move(to))
                .hasMessageContaining(base.resolve("models/one.bin").toString())
                .hasMessageContaining(to.resolve("models/one.bin").toString())
                .hasMessageContaining("nobody can tell which is right");

        assertThat(TestProject.contents(folder)).isEqualTo(before);
        Files.delete(to.resolve("models/one.bin"));
        move(to);
        assertThat(to.resolve("models/one.bin")).hasContent("other");
    }

    /** A move that was killed when the cache had left its old place, where a build has made a new one since. */
    private Path interrupted() throws Exception {
        Path to = folder.resolve("interrupted");
        killed(folder.resolve("project"), to, 3);
        assertThat(base).doesNotExist();
        assertThat(to.resolve("models/one.bin")).hasContent("one");
        anew(base);
        return to;
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "late");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMoveThatIsKilledAnywhereIsFinishedByTheNext() throws Exception {
        int steps = 0;
        for (boolean killed = true; killed; steps++) {
            Path project = folder.resolve("killed" + steps);
            Path there = fill(project);
            SortedMap<String, String> before = TestProject.contents(there);
            Path to = disk.resolve("to" + steps);
            killed = killed(project, to, steps);
            noNameLeadsNowhere(there, to, steps);
            move(project, to, new AtomicFileOperations());
            assertThat(Files.readSymbolicLink(there)).isEqualTo(to);
            assertThat(contents(to)).as("killed before step %d", steps).isEqualTo(before);
            assertThat(plan(project, to).isEmpty()).isTrue();
            killed |= killed(project, there, steps);
            noNameLeadsNowhere(there, to, steps);
            move(project, there, new AtomicFileOperations());
            assertThat(contents(there)).as("killed before step %d back", steps).isEqualTo(before);
            assertThat(Files.exists(to)).isFalse();
            assertThat(project.toFile().list()).containsExactlyInAnyOrder(".cache", "config");
        }
        assertThat(steps).isGreaterThan(disk.equals(folder) ? 5 : 20);
    }

    @Test
    void aMoveThatIsKilledOnceTheCacheIsThereCanBeTakenBackOrLedElsewhere() throws Exception {
        int there = 0;
        for (Path root : new Path[] {folder, disk}) {
            boolean killed = true;
            for (int steps = 0; killed; steps++) {
                String run = (root.equals(folder) ? "renamed" : "copied") + steps;
                Path project = folder.resolve("back-" + run);
                Path cache = fill(project);
                SortedMap<String, String> before = TestProject.contents(cache);
                Path to = root.resolve("to-" + run);
                Path third = root.resolve("third-" + run);
                killed = killed(project, to, steps);
                if (Files.isSymbolicLink(cache)) {
                    there++;
                    for (Path next : List.of(steps % 2 == 0 ? third : cache, to, cache)) {
                        move(project, next, new AtomicFileOperations());
                        assertThat(contents(cache.toRealPath()))
                                .as("%s to %s", run, next)
                                .isEqualTo(before);
                        assertThat(project.toFile().list()).containsExactlyInAnyOrder(".cache", "config");
                    }
                    assertThat(to).doesNotExist();
                    assertThat(third).doesNotExist();
                }
            }
        }
        assertThat(there).isGreaterThan(3);
    }

    private static void noNameLeadsNowhere(Path one, Path other, int steps) throws IOException {
        for (Path root : List.of(one, other)) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> paths = Files.walk(root.toRealPath())) {
                    assertThat(paths.filter(path -> Files.isSymbolicLink(path) && !Files.exists(path)))
                            .as("in %s, killed before step %d", root, steps)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void aCacheThatIsMadeAnewAfterAKilledMoveNeverEmptiesTheWholeOne() throws Exception {
        int replaced = 0;
        for (Path root : new Path[] {folder, disk}) {
            boolean killed = true;
            for (int steps = 0; killed; steps++) {
                String run = (root.equals(folder) ? "renamed" : "copied") + steps;
                Path project = folder.resolve(run);
                Path there = fill(project);
                Path to = root.resolve("to-" + run);
                killed = killed(project, to, steps);
                replaced += anew(there) ? 1 : 0;
                move(project, to, new AtomicFileOperations());
                modelsAreIn(to, run);
                assertThat(Files.readSymbolicLink(there)).isEqualTo(to);
                assertThat(plan(project, to).isEmpty()).isTrue();

                killed |= killed(project, there, steps);
                replaced += anew(there) ? 1 : 0;
                move(project, there, new AtomicFileOperations());
                modelsAreIn(there, run + " back");
                assertThat(project.toFile().list()).containsExactlyInAnyOrder(".cache", "config");
            }
        }
        assertThat(replaced).isGreaterThanOrEqualTo(3);
    }

    /** What a build's set-up does where no cache is. */
    private static boolean anew(Path cache) throws IOException {
        if (Files.exists(cache) || Files.isSymbolicLink(cache)) {
            return false;
        }
        Files.createDirectories(cache.resolve("torch"));
        Files.writeString(cache.resolve("CACHEDIR.TAG"), "tag");
        return true;
    }

    private static void modelsAreIn(Path cache, String run) {
        assertThat(cache.resolve("models/one.bin")).as(run).hasContent("one");
        assertThat(new HubFixture(cache.resolve("huggingface/hub"), "acme/a").file("a.bin"))
                .as(run)
                .hasContent("weights");
    }

    @Test
    void whereNoLinkCanBeMadeTheCacheStaysWhereItWas() throws Exception {
        for (Path root : new Path[] {folder, disk}) {
            Path to = root.resolve("unlinked");
            SortedMap<String, String> before = contents(base);
            AtomicFileOperations relay = new AtomicFileOperations(changed -> {
                if (changed.equals(base) && !Files.exists(base)) {
                    noLinks(to);
                }
            });

            assertThatThrownBy(() -> move(folder.resolve("project"), to, relay)).hasMessageContaining("no links");

            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(contents(base)).isEqualTo(before);
        }
    }

    private final Set<Path> refusedOnce = new HashSet<>();

    private void noLinks(Path to) {
        if (refusedOnce.add(to)) {
            throw new UnsupportedOperationException("no links");
        }
    }

    @Test
    void aDiskThatHasNoLinksIsRefusedBeforeTheFirstByte() throws Exception {
        SortedMap<String, String> before = contents(base);
        try (SmallDisk unlinked = SmallDisk.whichFollowsNoLinks(folder.resolve("unlinked"))) {
            Path to = unlinked.folder().resolve("cache");

            assertThatThrownBy(() -> move(to))
                    .hasMessageContaining(to + " lies on a disk that has no symbolic links")
                    .hasMessageContaining("mvn cache:download")
                    .hasMessageContaining("Nothing was changed");

            assertThat(unlinked.folder()).isEmptyDirectory();
        }
        assertThat(contents(base)).isEqualTo(before);
        assertThat(Files.isSymbolicLink(base)).isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void namesMayBeNoText() throws Exception {
        Process shell = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "printf 1 > \"$(printf 'a\\377')\"; printf 2 > \"$(printf 'a\\376')\"; printf 3 > \"$(printf 'a\\nb')\";"
                                + " ln -s \"$(printf 'a\\377')\" \"$(printf 'l\\375')\"; mkdir \"$(printf 'd\\377')\";"
                                + " printf 4 > \"$(printf 'd\\377/f\\377')\"")
                .directory(base.resolve("models").toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
        List<String> before = bytes(base);

        move(disk.resolve("cache"));
        assertThat(bytes(disk.resolve("cache"))).isEqualTo(before);

        move(base);
        assertThat(bytes(base)).isEqualTo(before);
        assertThat(before).hasSize(7);
    }

    /** The files in models and below, with their content, by names that need be no text. */
    private static List<String> bytes(Path cache) throws Exception {
        Process shell = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "find . ! -type d -exec cat {} \\; -print0 | od -An -c | tr -d ' \\n'; find . | wc -l")
                .directory(cache.resolve("models").toFile())
                .start();
        try (BufferedReader lines = shell.inputReader(StandardCharsets.ISO_8859_1)) {
            String all = lines.lines().collect(Collectors.joining());
            return Stream.of(all.split("\\\\0", -1)).sorted().toList();
        }
    }

    @Test
    void aFileThatIsWrittenWhileItIsCopiedDiffersFromItsCopy() throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "torn");
        FileTime before = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(source, before);
        Path copy = folder.resolve("copy");
        AtomicFileOperations relay = new AtomicFileOperations(changed -> {
            if (!changed.equals(copy)) {
                write(source);
            }
        });

        relay.copy(folder, source, folder.resolve("temporary"), copy);

        assertThat(Files.getLastModifiedTime(copy)).isEqualTo(before);
    }

    @Test
    void placesThatAreNoneAreRefusedAndNothingIsChanged() throws Exception {
        Path full = Files.createDirectories(folder.resolve("full"));
        Files.writeString(full.resolve("mine.txt"), "mine");
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Files.createSymbolicLink(folder.resolve("inside"), base.resolve("models"));
        plan(base);
        SortedMap<String, String> before = TestProject.contents(folder);

        refused(Path.of("/"), "root of a file system");
        refused(folder.resolve("home"), "home folder");
        refused(folder.resolve("project"), "the project");
        refused(folder, "contains");
        refused(base.resolve("inner"), "lie in each other");
        refused(folder.resolve("inside/x"), "lie in each other");
        refused(full, "not empty");
        refused(file, "is a file");
        refused(folder.resolve("project/out/tmdb_cache"), "tmdb cache lies there");

        assertThat(TestProject.contents(folder)).isEqualTo(before);
    }

    @Test
    void aRelativeLinkOutOfTheCacheIsRefused() throws Exception {
        Files.createSymbolicLink(base.resolve("out"), Path.of("../../shared"));

        refused(folder.resolve("elsewhere"), "make it an absolute link");
    }

    @Test
    void withoutACacheThereIsNothingToMove() throws Exception {
        new TreeDeleter().deleteTree(base, base, path -> false);
        Files.delete(base);

        refused(folder.resolve("elsewhere"), "there is no model cache");
    }

    @Test
    void anAbsoluteBaseFolderBecomesALinkToo() throws Exception {
        Path nas = Files.createDirectories(folder.resolve("nas/cache"));
        Files.writeString(nas.resolve("x"), "x");
        Path to = folder.resolve("other");
        TestProject project = new TestProject(folder.resolve("project"));
        CacheConfig config = project.config("\"base_dir\": \"%s\", \"torch_home\": \"%s/torch\"".formatted(nas, nas));

        try (CacheMove move = new CacheMove(config, home(), Lock.EMPTY, new AtomicFileOperations(), project)) {
            move.plan(to).run(project, project.root(), 1);
        }

        assertThat(Files.readSymbolicLink(nas)).isEqualTo(to);
        assertThat(to.resolve("x")).hasContent("x");
    }

    private void refused(Path to, String why) {
        assertThatThrownBy(() -> move(to)).hasMessageContaining(why);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private boolean killed(Path project, Path to, int steps) throws Exception {
        AtomicInteger left = new AtomicInteger(steps);
        try {
            move(project, to, new AtomicFileOperations(changed -> {
                if (left.getAndDecrement() == 0) {
                    throw new Killed();
                }
            }));
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private void move(Path to) throws Exception {
        move(folder.resolve("project"), to, new AtomicFileOperations());
    }

    private void move(Path project, Path to, AtomicFileOperations relay) throws Exception {
        TestProject test = new TestProject(project);
        try (CacheMove move = new CacheMove(test.config(""), home(), Lock.EMPTY, relay, test)) {
            move.plan(to).run(test, project, 1);
        }
    }

    private Plan plan(Path to) throws Exception {
        return plan(folder.resolve("project"), to);
    }

    private Plan plan(Path project, Path to) throws Exception {
        TestProject test = new TestProject(project);
        try (CacheMove move = new CacheMove(test.config(""), home(), Lock.EMPTY, new AtomicFileOperations(), test)) {
            return move.plan(to);
        }
    }

    private Path home() throws IOException {
        return Files.createDirectories(folder.resolve("home"));
    }

    private static SortedMap<String, String> contents(Path cache) throws IOException {
        SortedMap<String, String> contents = TestProject.contents(cache);
        contents.remove(".modelcache");
        return contents;
    }

    /** A small cache of every kind. */
    private static Path fill(Path project) throws IOException {
        Files.createDirectories(project.resolve("config"));
        Path cache = project.resolve(".cache");
        new HubFixture(cache.resolve("huggingface/hub"), "acme/a")
                .large("a.bin", "weights")
                .large("deep/b.bin", "more weights")
                .ref("main", "x");
        Files.createDirectories(cache.resolve("models"));
        Files.writeString(cache.resolve("models/one.bin"), "one");
        Files.createDirectories(cache.resolve("torch"));
        return cache;
    }
}
