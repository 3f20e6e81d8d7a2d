package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.Lock;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestMount;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class MountedCleaningTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration OLD = Duration.ofDays(400);

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    private TestProject project;
    private CacheConfig config;
    private SortedMap<String, String> before;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        project.write(".cache/models/a/model.bin", "model");
        project.write("out/tmdb_cache/old.json", "old");
        new HubFixture(folder.resolve(".cache/huggingface/hub"), "acme/a")
                .large("a.bin", "weights")
                .ref("main", "x");
        project.lock().write(Lock.EMPTY);
        for (String name : List.of("thesis.txt", "sub/.m.bin.01234567.partial", "sub/hubconf.py")) {
            Path file = outside.resolve(name);
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, "mine");
            aged(file);
        }
        before = TestProject.contents(outside);
    }

    @ParameterizedTest
    @EnumSource
    void noScopeDeletesMounts(CleanScope scope) throws Exception {
        List<String> points = List.of(
                ".cache/models/mnt",
                ".cache/models/pack/mnt",
                ".cache/torch/hub/acme_net_main/weights",
                ".cache/huggingface/hub/models--acme--a/blobs",
                ".cache/huggingface/assets",
                ".cache/.modelcache/downloads/mnt",
                "out/tmdb_cache/mnt");
        for (String point : points) {
            try (TestMount mount = TestMount.bind(outside, folder.resolve(point))) {
                run(CleanRequest.of(scope));
                assertThat(TestProject.contents(outside)).as(point).isEqualTo(before);
                assertThat(named(point)).as(point).isLessThanOrEqualTo(1);
                run(new CleanRequest(scope, Optional.of(Duration.ofDays(1)), Optional.empty(), List.of()));
                assertThat(TestProject.contents(outside)).as(point).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true"})
    void aMountIsNamedOnceAndOtherFilesAreDeleted(String dryRun) throws Exception {
        Path point = folder.resolve(".cache/models/mnt");
        try (TestMount mount = TestMount.bind(outside, point)) {
            CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.ALL));
            assertThat(plan.plan().actions())
                    .noneMatch(action -> action.target().startsWith(point));
            if (dryRun.isEmpty()) {
                plan.run(project, folder);
                assertThat(folder.resolve(".cache/models/a")).doesNotExist();
                assertThat(folder.resolve("out/tmdb_cache")).isEmptyDirectory();
            }
        }
        assertThat(project.said())
                .filteredOn(said -> said.startsWith("warn"))
                .singleElement()
                .satisfies(
                        said -> assertThat(said).contains("Kept .cache/models/mnt: something else is mounted there"));
    }

    @Test
    void aModelWithAMountIsKeptCompletely() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        try (TestMount mount = TestMount.bind(outside, folder.resolve(".cache/torch/hub/acme_net_main/weights"))) {
            run(CleanRequest.of(CleanScope.MODELS));
        }
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/hubconf.py")).hasContent("code");
        assertThat(named(".cache/torch/hub/acme_net_main/weights")).isEqualTo(1);
    }

    @Test
    void aMountedFileIsKept() throws Exception {
        Path model = folder.resolve(".cache/models/a/model.bin");
        try (TestMount mount = TestMount.bind(outside.resolve("thesis.txt"), model)) {
            run(CleanRequest.of(CleanScope.MODELS));
            assertThat(model).hasContent("mine");
        }
        assertThat(named(".cache/models/a/model.bin")).isEqualTo(1);
    }

    @Test
    void aCacheFolderThatIsAMountIsEmptied() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        try (TestMount mount = TestMount.bind(volume, folder.resolve(".cache/models"))) {
            project.write(".cache/models/b/model.bin", "model");
            run(CleanRequest.of(CleanScope.MODELS));
            assertThat(volume).isEmptyDirectory();
        }
        assertThat(project.said()).noneMatch(said -> said.startsWith("warn"));
    }

    private long named(String point) {
        return project.said().stream()
                .filter(said -> said.startsWith("warn: Kept " + point + ": something else is mounted there"))
                .count();
    }

    private CacheCleaning cleaning() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(".cache/huggingface"))) {
            for (Path path : (Iterable<Path>) all::iterator) {
                if (!Files.isSymbolicLink(path) && !path.startsWith(outside)) {
                    aged(path);
                }
            }
        }
        return new CacheCleaning(config, project.lock(), outside.resolve("home"), NOW, project);
    }

    private void run(CleanRequest request) throws Exception {
        project = new TestProject(folder);
        cleaning().plan(request).run(project, folder);
    }

    private static void aged(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(OLD)));
    }
}
