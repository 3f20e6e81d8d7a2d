package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CacheCleaningTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    private TestProject project;
    private CacheConfig config;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        project.write(".cache/CACHEDIR.TAG", "tag");
        project.write(".cache/models/a/model.bin", "model");
        project.write(".cache/huggingface/hub/version", "1");
        project.write("out/tmdb_cache/new.json", "new");
        aged(project.write("out/tmdb_cache/old.json", "old!"), Duration.ofDays(91));
        aged(project.write(".cache/models/a/.x.bin.0123abcd.partial", "abandoned"), Duration.ofDays(2));
        aged(project.write(".cache/models/a/.y.bin.0123abcd.partial", "running"), Duration.ofHours(2));
        project.write("src/Main.java", "class Main {}");
        project.lock().write(Lock.EMPTY);
    }

    @Test
    void removesWhatOtherProgramsLeftButNoLockedFileThatIsCalledSo() throws Exception {
        String blobs = ".cache/huggingface/hub/models--a--b/blobs/";
        Path part = project.write(blobs + "abab.part", "half");
        Path sync = project.write(blobs + "abab.sync.part", "half");
        Path aria = project.write(".cache/models/m.gguf.aria2", "note");
        Path locked = project.write(".cache/models/x/words.part", "whole");
        for (Path file : List.of(part, sync, aria, locked)) {
            aged(file, Duration.ofDays(2));
        }
        lockUrl("x/words.part");
        run(CleanScope.STALE);
        assertThat(part).doesNotExist();
        assertThat(sync).doesNotExist();
        assertThat(aria).doesNotExist();
        assertThat(locked).exists();
    }

    private void lockUrl(String path) throws Exception {
        ModelReference model = new ModelReference("url", "https://h/" + path);
        ModelFile file = new ModelFile(path, 5, Optional.of(Digest.sha256("ab".repeat(32))), "https://h/" + path);
        project.lock()
                .write(Lock.of(List.of(
                        new ResolvedModel(model, ModelRequest.PLAIN, "1", Optional.empty(), false, List.of(file)))));
    }

    @Test
    void emptiesTheFoldersThatVariablesLeadToUnlessTheyAreFitForNothing() throws Exception {
        config = project.prepared(
                "\"environment\": {\"A\": \".cache/ollama\", \"B\": \".cache/clone\", \"C\": \".cache/link\"}");
        Path engine = project.write(".cache/djl/pytorch/lib.so", "engine");
        Path model = project.write(".cache/ollama/blobs/sha256-ab", "model");
        Path clone = project.write(".cache/clone/.git/HEAD", "work");
        Files.delete(folder.resolve(".cache/link"));
        Files.createSymbolicLink(folder.resolve(".cache/link"), folder.resolve(".cache/torch"));
        run(CleanScope.UNUSED);
        assertThat(engine).exists();
        run(CleanScope.MODELS);
        assertThat(engine).doesNotExist();
        assertThat(model).doesNotExist();
        assertThat(clone).exists();
        assertThat(project.said())
                .anyMatch(line -> line.startsWith("warn: Left " + folder.resolve(".cache/clone") + ": "))
                .anyMatch(line -> line.startsWith("warn: Left " + folder.resolve(".cache/link") + ": "));
    }

    @Test
    void removesOnlyWhatIsStaleByDefault() throws Exception {
        long freed = run(CleanScope.STALE);
        assertThat(folder.resolve("out/tmdb_cache/old.json")).doesNotExist();
        assertThat(folder.resolve(".cache/models/a/.x.bin.0123abcd.partial")).doesNotExist();
        assertThat(folder.resolve("out/tmdb_cache/new.json")).exists();
        assertThat(folder.resolve(".cache/models/a/.y.bin.0123abcd.partial")).exists();
        assertThat(folder.resolve(".cache/models/a/model.bin")).exists();
        assertThat(freed).isEqualTo("old!".length() + "abandoned".length());
    }

    @ParameterizedTest
    @CsvSource({
        ".cache/models/a/.x.bin.0123abcd.partial, .cache/models/.locks/01234567.lock",
        ".cache/torch/hub/.a_b_main.01234567.partial, .cache/torch/hub/.locks/01234567.lock",
        ".cache/huggingface/hub/models--a--b/blobs/0123.incomplete, .cache/huggingface/hub/.locks/models--a--b/maven.lock",
        ".cache/.modelcache/downloads/a_b_01.zip, .cache/.modelcache/locks/a_b_zip.lock",
    })
    void leavesAnOldPartialFileToABuildThatSleeps(String partial, String lock) throws Exception {
        Path file = folder.resolve(partial);
        if (partial.contains("torch")) {
            aged(project.write(partial + "/hubconf.py", "code"), Duration.ofDays(2));
        } else {
            project.write(partial, "begun");
        }
        aged(file, Duration.ofDays(2));
        CleanPlan plan = plan(CleanScope.STALE);
        boolean later = !partial.endsWith(".zip"); // of archives, the plan decides
        try (LockProcess build = LockProcess.start(folder.resolve(lock))) {
            if (later) {
                plan.run(project, folder);
                assertThat(file).exists();
            }
            CleanPlan next = plan(CleanScope.STALE);
            assertThat(next.plan().actions())
                    .noneMatch(action -> action.target().equals(file));
            next.run(project, folder);
            assertThat(file).exists();
        }
        assertThat(project.said())
                .contains("warn: Left " + file + ": another build is fetching a model there; run mvn cache:clean again"
                        + " when that is done");
        run(CleanScope.STALE);
        assertThat(file).doesNotExist();
    }

    @Test
    void aLockOfAnotherRepositoryKeepsNoPartialFile() throws Exception {
        Path partial = project.write(".cache/huggingface/hub/models--a--b/blobs/0123.incomplete", "begun");
        aged(partial, Duration.ofDays(2));
        Path lock = folder.resolve(".cache/huggingface/hub/.locks/models--c--d/maven.lock");
        try (LockProcess build = LockProcess.start(lock)) {
            run(CleanScope.STALE);
        }
        assertThat(partial).doesNotExist();
    }

    @Test
    void removesAFolderInWhichAModelStoppedGathering() throws Exception {
        Path left = folder.resolve(".cache/torch/hub/.a_b_main.01234567.partial");
        Path running = folder.resolve(".cache/torch/hub/.c_d_main.01234567.partial");
        for (Path gathering : List.of(left, running)) {
            Path name = folder.relativize(gathering);
            aged(project.write(name + "/.x.py.01234567.partial", "ha"), Duration.ofDays(2));
            aged(project.write(name + "/hubconf.py", "code"), Duration.ofDays(gathering.equals(left) ? 2 : 0));
            aged(gathering, Duration.ofDays(2));
        }
        long freed = run(CleanScope.STALE);
        assertThat(left).doesNotExist();
        assertThat(running.resolve(".x.py.01234567.partial")).exists();
        assertThat(freed).isEqualTo("old!".length() + "abandoned".length() + "code".length() + "ha".length());
    }

    @Test
    void removesArchivesThatWereKeptForADownloadThatNeverCame() throws Exception {
        aged(project.write(".cache/.modelcache/downloads/old.zip", "old"), Duration.ofDays(2));
        aged(project.write(".cache/.modelcache/downloads/new.zip", "new"), Duration.ofHours(2));
        project.write(".cache/.modelcache/locks/a.lock", "");
        run(CleanScope.STALE);
        assertThat(folder.resolve(".cache/.modelcache/downloads/old.zip")).doesNotExist();
        assertThat(folder.resolve(".cache/.modelcache/downloads/new.zip")).exists();
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/.modelcache/downloads")).isEmptyDirectory();
        assertThat(folder.resolve(".cache/.modelcache/locks/a.lock")).exists();
    }

    @Test
    void emptiesApplicationCachesButNoModelCacheForMetadata() throws Exception {
        assertThat(run(CleanScope.METADATA)).isEqualTo("new".length() + "old!".length());
        assertThat(folder.resolve("out/tmdb_cache")).isEmptyDirectory();
        assertThat(folder.resolve(".cache/models/a/model.bin")).exists();
    }

    @Test
    void emptiesModelCachesButKeepsTheirFoldersAndTheTag() throws Exception {
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/models")).isEmptyDirectory();
        assertThat(folder.resolve(".cache/huggingface")).isEmptyDirectory();
        assertThat(folder.resolve(".cache/CACHEDIR.TAG")).exists();
        assertThat(folder.resolve("out/tmdb_cache/new.json")).exists();
    }

    @Test
    void leavesTheProjectAloneWhateverTheScope() throws Exception {
        run(CleanScope.ALL);
        assertThat(folder.resolve("src/Main.java")).exists();
        assertThat(folder.resolve("config/hardware_cache.json")).exists();
        assertThat(folder.resolve("out/tmdb_cache")).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void neverFollowsALinkOutOfARoot(CleanScope scope) throws Exception {
        Path precious = Files.writeString(outside.resolve("precious.bin"), "precious");
        aged(precious, Duration.ofDays(400));
        Files.createSymbolicLink(folder.resolve(".cache/models/a/link"), outside);
        Files.createSymbolicLink(folder.resolve("out/tmdb_cache/link"), outside);
        Files.createSymbolicLink(folder.resolve("out/tmdb_cache/file"), precious);
        run(scope);
        assertThat(precious).hasContent("precious");
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void planningChangesNothing(CleanScope scope) throws Exception {
        var before = TestProject.contents(folder);
        plan(scope).plan().print(project, folder, "mvn cache:clean", 0);
        assertThat(TestProject.contents(folder)).isEqualTo(before);
    }

    @Test
    void saysWhatWouldGoAndHow() throws Exception {
        plan(CleanScope.STALE).plan().print(project, folder, "mvn cache:clean", 0);
        assertThat(project.said())
                .contains("info: Would delete out/tmdb_cache/old.json (4 B, older than 90 days)")
                .contains("info: Dry run: nothing was changed. To do it: mvn cache:clean");
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void refusesARootThatHoldsARepository(CleanScope scope) throws Exception {
        Files.createDirectories(folder.resolve("out/tmdb_cache/.git"));
        assertThatThrownBy(() -> plan(scope)).isInstanceOf(UnsafeRootException.class);
        assertThat(folder.resolve("out/tmdb_cache/old.json")).exists();
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void refusesAFolderOfArchivesThatHoldsARepository(CleanScope scope) throws Exception {
        Path archive = project.write(".cache/.modelcache/downloads/mine.zip", "mine");
        project.write(".cache/.modelcache/downloads/.git/HEAD", "ref");
        assertThatThrownBy(() -> plan(scope)).isInstanceOf(UnsafeRootException.class);
        assertThat(archive).exists();
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void doesWithoutARootThatIsNotThere(CleanScope scope) throws Exception {
        Files.delete(folder.resolve(".cache/mlx"));
        run(scope);
        assertThat(folder.resolve(".cache/mlx")).doesNotExist();
    }

    @Test
    void takesAllModelsThoughTheLockCannotBeReadButDoesNotChooseAmongThem() throws Exception {
        project.write("config/models.lock.json", "{ broken");
        CleanRequest some = new CleanRequest(CleanScope.MODELS, Optional.empty(), Optional.of(1L), List.of());
        assertThatThrownBy(() -> cleaning().plan(some)).isInstanceOf(LockException.class);
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/models")).isEmptyDirectory();
    }

    @Test
    void takesAllModelsThoughThereIsNoLock() throws Exception {
        Files.delete(project.lock().path());
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/models")).isEmptyDirectory();
    }

    @Test
    void refusesARootThatIsALinkToTheHomeFolder() throws Exception {
        Files.delete(folder.resolve(".cache/mlx"));
        Files.createSymbolicLink(folder.resolve(".cache/mlx"), outside);
        CacheCleaning withHome = new CacheCleaning(config, project.lock(), outside, NOW, project);
        assertThatThrownBy(() -> withHome.plan(CleanRequest.of(CleanScope.MODELS)))
                .isInstanceOf(UnsafeRootException.class);
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void refusesAnApplicationCacheThatIsALinkToModels(CleanScope scope) throws Exception {
        Path old = project.write(".cache/models/a/old.bin", "an old model");
        aged(old, Duration.ofDays(400));
        Files.move(folder.resolve("out/tmdb_cache"), outside.resolve("elsewhere"));
        for (String target : List.of(".cache/models", ".cache/models/a")) {
            Files.createSymbolicLink(folder.resolve("out/tmdb_cache"), folder.resolve(target));
            assertThatThrownBy(() -> plan(scope))
                    .isInstanceOf(UnsafeRootException.class)
                    .hasMessageContaining(folder.resolve("out/tmdb_cache").toString())
                    .hasMessageContaining(folder.resolve(".cache/models").toString())
                    .hasMessageContaining("give each a folder of its own");
            Files.delete(folder.resolve("out/tmdb_cache"));
        }
        assertThat(old).exists();
    }

    @Test
    void refusesModelsThatLieBehindALinkInAnApplicationCache() throws Exception {
        Path models = folder.resolve("out/tmdb_cache/models");
        Files.move(folder.resolve(".cache/models"), models);
        Files.createSymbolicLink(folder.resolve(".cache/models"), models);
        assertThatThrownBy(() -> plan(CleanScope.METADATA))
                .isInstanceOf(UnsafeRootException.class)
                .hasMessageContaining("lies on the disk in");
        assertThat(models.resolve("a/model.bin")).exists();
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void keepsWhatAFolderIsCommittedOrTaggedBy(CleanScope scope) throws Exception {
        for (String name : List.of(".gitkeep", ".gitignore", ".gitattributes", "CACHEDIR.TAG")) {
            aged(project.write("out/tmdb_cache/" + name, "*"), Duration.ofDays(400));
            aged(project.write("out/tmdb_cache/below/" + name, "*"), Duration.ofDays(400));
        }
        aged(project.write("out/tmdb_cache/below/old.json", "old"), Duration.ofDays(400));
        run(scope);
        for (String name : List.of(".gitkeep", ".gitignore", ".gitattributes", "CACHEDIR.TAG")) {
            assertThat(folder.resolve("out/tmdb_cache/" + name)).exists();
            assertThat(folder.resolve("out/tmdb_cache/below/" + name)).exists();
        }
        assertThat(folder.resolve("out/tmdb_cache/below/old.json").toFile().exists())
                .isEqualTo(scope == CleanScope.UNUSED || scope == CleanScope.MODELS);
        assertThat(project.said()).noneMatch(line -> line.contains("Left"));
    }

    @Test
    void planningCountsNothingThatIsKept() throws Exception {
        project.write("out/tmdb_cache/.gitkeep", "kept");
        assertThat(plan(CleanScope.METADATA).bytes()).isEqualTo("old!".length() + "new".length());
    }

    @Test
    void worksWhenTheCacheIsALinkToAnotherDisk() throws Exception {
        Path disk = outside.resolve("disk");
        Files.move(folder.resolve(".cache"), disk);
        Files.createSymbolicLink(folder.resolve(".cache"), disk);
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache")).isSymbolicLink();
        assertThat(disk.resolve("models")).isEmptyDirectory();
        assertThat(disk.resolve("CACHEDIR.TAG")).exists();
    }

    @Test
    void leavesWhatABuildOfAnotherProjectIsBringingToAnUnknownPlace() throws Exception {
        project.write(".cache/models/theirs/deep/model.bin", "half a model");
        project.write(".cache/models/other/model.bin", "model");
        Path lock = folder.resolve(".cache/models/theirs/deep/.locks/01234567.lock");
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            run(CleanScope.MODELS);
        }
        assertThat(folder.resolve(".cache/models/theirs/deep/model.bin")).exists();
        assertThat(folder.resolve(".cache/models/other")).doesNotExist();
        assertThat(project.said()).anyMatch(line -> line.contains("theirs: another build is fetching a model there"));
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/models/theirs/deep/model.bin")).doesNotExist();
        assertThat(lock).exists();
    }

    @Test
    void aLockThatNobodyKnowsGuardsAllAroundItThatThisProjectDoesNotWant() throws Exception {
        project.write(".cache/torch/else/where/model.bin", "model");
        Path lock = folder.resolve(".cache/torch/.locks/01234567.lock");
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            run(CleanScope.MODELS);
        }
        assertThat(folder.resolve(".cache/torch/else/where/model.bin")).exists();
        assertThat(folder.resolve(".cache/models/a/model.bin")).doesNotExist();
    }

    @Test
    void leavesAnUnknownFolderInWhichADownloadIsWriting() throws Exception {
        Path partial = project.write(".cache/torch/theirs/.x.bin.0123abcd.partial", "half");
        aged(partial, Duration.ZERO);
        project.write(".cache/torch/theirs/done.bin", "model");
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/torch/theirs/done.bin")).exists();
        assertThat(project.said())
                .anyMatch(line -> line.contains("theirs: a download wrote to it less than 10 minutes ago"));
        aged(partial, Duration.ofHours(1));
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/torch/theirs")).doesNotExist();
    }

    @Test
    void whoeverKillsItFindsNoHalfFolderThatLooksWhole() throws Exception {
        Path model = folder.resolve(".cache/torch/hub/acme_net_main");
        for (int kill = 0; kill < 3; kill++) {
            project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
            project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
            project.write(".cache/torch/hub/acme_net_main/src/old.py", "old");
            AtomicInteger left = new AtomicInteger(kill);
            CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.MODELS), () -> {
                if (isLeaving() && left.getAndDecrement() == 0) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> plan.run(project, folder)).isInstanceOf(Killed.class);
            assertThat(model).doesNotExist();
        }
        run(CleanScope.MODELS);
        assertThat(isLeaving()).isFalse();
    }

    private boolean isLeaving() {
        return Files.exists(PartialFiles.leaving(folder.resolve(".cache/torch/hub/acme_net_main")));
    }

    /** Like a signal: nothing is tidied up. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aFolderOfWhichSomethingStaysKeepsItsName() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
        Path leaving = PartialFiles.leaving(folder.resolve(".cache/torch/hub/acme_net_main"));
        CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.MODELS), () -> {
            if (Files.isDirectory(leaving)) {
                write(leaving.resolve("src/new.py"));
            }
        });
        plan.run(project, folder);
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/src/new.py")).hasContent("new");
        assertThat(leaving).doesNotExist();
        assertThat(project.said())
                .anyMatch(said -> said.contains("Left .cache/torch/hub/acme_net_main/src/new.py: it is new"));
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "new");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFolderThatWasWrittenToSinceThePlanStaysWhole() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        CleanPlan plan = plan(CleanScope.MODELS);
        project.write(".cache/torch/hub/acme_net_main/src/new.py", "new");
        plan.run(project, folder);
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/src/new.py")).hasContent("new");
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/hubconf.py")).hasContent("code");
        assertThat(project.said())
                .contains("warn: Left .cache/torch/hub/acme_net_main: .cache/torch/hub/acme_net_main/src/new.py is new,"
                        + " or was changed, since the plan was made");
    }

    @Test
    void aFolderInWhichSomethingCannotBeReadStaysWhole() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
        Path closed = folder.resolve(".cache/torch/hub/acme_net_main/src");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("--x------"));
        try {
            assumeFalse(Files.isReadable(closed), "whoever runs this may read everything");
            assertThatThrownBy(() -> run(CleanScope.MODELS)).hasMessageStartingWith("1 entry of the cache");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/hubconf.py")).hasContent("code");
        assertThat(closed.resolve("net.py")).hasContent("more");
        assertThat(project.said())
                .anyMatch(line -> line.startsWith("warn: Left .cache/torch/hub/acme_net_main: ")
                        && line.contains("acme_net_main/src can't be looked at"));
    }

    @Test
    void namesTheScopesItKnows() {
        assertThat(CleanScope.parse("Models")).isEqualTo(CleanScope.MODELS);
        assertThatThrownBy(() -> CleanScope.parse("everything"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'everything'")
                .hasMessageContaining("stale, unused, metadata, models, all");
    }

    private CacheCleaning cleaning() {
        return new CacheCleaning(config, project.lock(), outside.resolve("home"), NOW, project);
    }

    private CleanPlan plan(CleanScope scope) throws Exception {
        return cleaning().plan(CleanRequest.of(scope));
    }

    private long run(CleanScope scope) throws Exception {
        return plan(scope).run(project, folder);
    }

    private static void aged(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }
}
