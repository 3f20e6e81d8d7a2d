package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.model.LockException;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CacheCleaningTest extends CacheCleaningCase {

    @Test
    void partialFilesOfOtherProgramsAreDeletedUnlessTheyAreLockedFiles() throws Exception {
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
                .anyMatch(line -> line.startsWith("warn: Kept " + folder.resolve(".cache/clone") + ": "))
                .anyMatch(line -> line.startsWith("warn: Kept " + folder.resolve(".cache/link") + ": "));
    }

    @Test
    void onlyStaleFilesAreDeletedByDefault() throws Exception {
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
    void anOldPartialFileIsKeptIfABuildHoldsItsLock(String partial, String lock) throws Exception {
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
                .contains("warn: Kept " + file + ": another build is fetching a model there; run mvn cache:clean again"
                        + " when it has finished");
        run(CleanScope.STALE);
        assertThat(file).doesNotExist();
    }

    @Test
    void aLockOfAnotherRepositoryDoesNotKeepAPartialFile() throws Exception {
        Path partial = project.write(".cache/huggingface/hub/models--a--b/blobs/0123.incomplete", "begun");
        aged(partial, Duration.ofDays(2));
        Path lock = folder.resolve(".cache/huggingface/hub/.locks/models--c--d/maven.lock");
        try (LockProcess build = LockProcess.start(lock)) {
            run(CleanScope.STALE);
        }
        assertThat(partial).doesNotExist();
    }

    @Test
    void anAbandonedPartialFolderIsDeleted() throws Exception {
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
    void archivesOfADownloadThatNeverFollowedAreDeleted() throws Exception {
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
    void noScopeChangesTheProject() throws Exception {
        run(CleanScope.ALL);
        assertThat(folder.resolve("src/Main.java")).exists();
        assertThat(folder.resolve("config/hardware_cache.json")).exists();
        assertThat(folder.resolve("out/tmdb_cache")).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void linksOutOfARootAreNeverFollowed(CleanScope scope) throws Exception {
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
    void aDryRunSaysWhatWouldBeDeletedAndHow() throws Exception {
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
    void withoutAReadableLockFileAllModelsCanBeDeletedButNotSelected() throws Exception {
        project.write("config/models.lock.json", "{ broken");
        CleanRequest some = new CleanRequest(CleanScope.MODELS, Optional.empty(), Optional.of(1L), List.of());
        assertThatThrownBy(() -> cleaning().plan(some)).isInstanceOf(LockException.class);
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/models")).isEmptyDirectory();
    }

    @Test
    void allModelsCanBeDeletedWithoutALockFile() throws Exception {
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
                .hasMessageContaining(") is in the tmdb cache (");
        assertThat(models.resolve("a/model.bin")).exists();
    }

    @ParameterizedTest
    @EnumSource(CleanScope.class)
    void placeholdersAndTagsOfFoldersAreKept(CleanScope scope) throws Exception {
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
        assertThat(project.said()).noneMatch(line -> line.contains("Kept"));
    }

    @Test
    void planningCountsNothingThatIsKept() throws Exception {
        project.write("out/tmdb_cache/.gitkeep", "kept");
        assertThat(plan(CleanScope.METADATA).bytes()).isEqualTo("old!".length() + "new".length());
    }

    @Test
    void theCacheMayBeALinkToAnotherDisk() throws Exception {
        Path disk = outside.resolve("disk");
        Files.move(folder.resolve(".cache"), disk);
        Files.createSymbolicLink(folder.resolve(".cache"), disk);
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache")).isSymbolicLink();
        assertThat(disk.resolve("models")).isEmptyDirectory();
        assertThat(disk.resolve("CACHEDIR.TAG")).exists();
    }
}
