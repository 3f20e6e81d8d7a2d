package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between a plan and its run, or while it runs. */
class SincePlannedTest {

    private final Instant now = Instant.now();

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    private TestProject project;
    private CacheConfig config;

    @BeforeEach
    void prepare() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        project.lock().write(Lock.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void filesBehindANewLinkAreKeptAndTheRunFails(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            aged(project.write("out/tmdb_cache/moved/" + i + ".json", "old"), Duration.ofDays(100));
        }
        Path other = aged(project.write("out/tmdb_cache/z.json", "z"), Duration.ofDays(100));
        CleanPlan plan = plan(CleanScope.STALE);
        Path moved = outside.resolve("moved");
        Files.move(folder.resolve("out/tmdb_cache/moved"), moved);
        Files.createSymbolicLink(folder.resolve("out/tmdb_cache/moved"), moved);
        assertThatThrownBy(() -> plan.run(project, folder))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(count == 1 ? "1 entry of the cache" : "2 entries of the cache")
                .hasMessageEndingWith("the rest was deleted");
        assertThat(names(moved)).hasSize(count);
        assertThat(other).doesNotExist();
        assertThat(project.said())
                .filteredOn(line -> line.contains("is a link or no folder, so nothing is deleted through it"))
                .hasSize(count);
    }

    @Test
    void aFolderBehindALinkNowKeepsItsNameAndItsFiles() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        CleanPlan plan = plan(CleanScope.MODELS);
        Path hub = folder.resolve(".cache/torch/hub");
        Files.move(hub, outside.resolve("hub"));
        Files.createSymbolicLink(hub, outside.resolve("hub"));
        assertThatThrownBy(() -> plan.run(project, folder)).hasMessageStartingWith("1 entry of the cache");
        assertThat(outside.resolve("hub/acme_net_main/hubconf.py")).hasContent("code");
    }

    @Test
    void aFolderWithALockIsDeletedFileByFile() throws Exception {
        Path model = folder.resolve(".cache/torch/theirs");
        project.write(".cache/torch/theirs/model.bin", "model");
        project.write(".cache/torch/theirs/other.bin", "model");
        project.write(".cache/torch/theirs/.locks/01234567.lock", "");
        List<Boolean> there = new ArrayList<>();
        CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.MODELS), () -> there.add(Files.exists(model)));
        project.write(".cache/torch/theirs/new.bin", "new");
        plan.run(project, folder);
        assertThat(there).containsExactly(true, true);
        assertThat(names(model)).containsExactlyInAnyOrder("new.bin", ".locks");
    }

    @Test
    void aFolderThatIsDeletedCompletelyIsNotMentioned() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        assertThat(plan(CleanScope.MODELS).run(project, folder)).isEqualTo("code".length());
        assertThat(project.said()).isEmpty();
    }

    @Test
    void keptEntriesKeepTheTemporaryNameIfTheFolderExistsAgain() throws Exception {
        Path model = folder.resolve(".cache/torch/hub/acme_net_main");
        Path leaving = PartialFiles.leaving(model);
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
        CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.MODELS), () -> {
            write(leaving.resolve("src/new.py"), "new");
            write(model.resolve("hubconf.py"), "fetched again");
        });
        plan.run(project, folder);
        assertThat(model.resolve("hubconf.py")).hasContent("fetched again");
        assertThat(leaving.resolve("src/new.py")).hasContent("new");
        assertThat(project.said())
                .contains("warn: The rest of .cache/torch/hub/acme_net_main is now in .cache/torch/hub/"
                        + leaving.getFileName());
    }

    @Test
    void aModelThatAnotherProjectBeginsToFetchIsKept() throws Exception {
        Path model = project.write(".cache/torch/else/where/model.bin", "model");
        CleanPlan plan = plan(CleanScope.MODELS);
        try (ProcessLock held = ProcessLock.acquire(folder.resolve(".cache/torch/.locks/01234567.lock"), () -> {})) {
            assertThat(held.exclusive()).isTrue();
            plan.run(project, folder);
        }
        assertThat(model).exists();
        assertThat(project.said()).singleElement().asString().contains("another build is fetching a model there");
    }

    @Test
    void aLockFileWithoutAHolderKeepsNothing() throws Exception {
        Path model = project.write(".cache/torch/else/where/model.bin", "model");
        project.write(".cache/torch/.locks/01234567.lock", "");
        plan(CleanScope.MODELS).run(project, folder);
        assertThat(model).doesNotExist();
        assertThat(project.said()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".net.01234567.partial", "model/.net.01234567.partial"})
    void aNewPartialFolderIsKept(String name) throws Exception {
        Path gathering =
                Files.createDirectories(folder.resolve(".cache/torch/theirs").resolve(name));
        plan(CleanScope.MODELS).run(project, folder);
        assertThat(gathering).exists();
        assertThat(project.said())
                .singleElement()
                .asString()
                .contains("a download wrote to it less than 10 minutes ago; run mvn cache:clean again");
        aged(gathering, Duration.ofHours(1));
        plan(CleanScope.MODELS).run(project, folder);
        assertThat(gathering).doesNotExist();
    }

    @Test
    void aNewArchiveIsKept() throws Exception {
        Path young = aged(project.write(".cache/.modelcache/downloads/young.zip", "young"), Duration.ofMinutes(9));
        Path old = aged(project.write(".cache/.modelcache/downloads/old.zip", "old"), Duration.ofMinutes(11));
        plan(CleanScope.MODELS).run(project, folder);
        assertThat(young).exists();
        assertThat(old).doesNotExist();
        assertThat(project.said())
                .singleElement()
                .asString()
                .contains("young.zip: a download wrote to it less than 10 minutes ago");
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.resolveSibling(".").normalize());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path aged(Path file, Duration age) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(now.minus(age)));
    }

    private CacheCleaning cleaning() {
        return new CacheCleaning(config, project.lock(), outside.resolve("home"), now, project);
    }

    private CleanPlan plan(CleanScope scope) throws Exception {
        return cleaning().plan(CleanRequest.of(scope));
    }

    private static String[] names(Path folder) {
        return Objects.requireNonNull(folder.toFile().list());
    }
}
