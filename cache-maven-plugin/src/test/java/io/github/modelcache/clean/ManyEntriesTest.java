package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.plan.Action;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan names a thousand entries of an application cache, and sums up what is beyond that. */
class ManyEntriesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int LISTED = 1000;
    private static final String CONTENT = "four";

    @TempDir
    Path folder;

    private TestProject project;
    private CacheConfig config;
    private Path entries;

    @BeforeEach
    void prepare() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        entries = folder.resolve("out/tmdb_cache");
    }

    @ParameterizedTest
    @CsvSource({"0, 1 more entry", "1, 1 more entry", "3, 3 more entries"})
    void theFirstExpiredEntriesAreNamedAndTheOthersCounted(int more, String named) throws Exception {
        write(LISTED + more, Duration.ofDays(91));
        Path young = write("young.json", Duration.ofDays(89));
        CleanPlan plan = plan(CleanScope.STALE);
        List<Action> actions = plan.plan().actions();
        assertThat(actions).hasSize(LISTED + (more > 0 ? 1 : 0));
        assertThat(actions.get(0).describe("it")).isEqualTo("delete it (4 B, older than 90 days)");
        if (more > 0) {
            Action rest = actions.get(LISTED);
            assertThat(rest.target()).isEqualTo(entries);
            assertThat(rest.bytes()).isEqualTo((long) more * CONTENT.length());
            assertThat(rest.describe("it")).contains(", " + named + " older than 90 days)");
        }
        Path late = write("late.json", Duration.ofDays(91));
        assertThat(plan.run(project, folder))
                .isEqualTo(plan.bytes())
                .isEqualTo((long) (LISTED + more) * CONTENT.length());
        assertThat(entries).isDirectoryContaining(young::equals).isDirectoryContaining(late::equals);
        assertThat(names(entries)).hasSize(2);
        assertThat(project.said()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 1"})
    void entriesThatAreAllDeletedAreNamedOrSummedUp(int more, int actions) throws Exception {
        write(LISTED + more, Duration.ZERO);
        write(".gitkeep", Duration.ZERO);
        CleanPlan plan = plan(CleanScope.METADATA);
        assertThat(plan.plan().actions()).hasSize(actions);
        if (more > 0) {
            Action all = plan.plan().actions().get(0);
            assertThat(all.target()).isEqualTo(entries);
            assertThat(all.describe("it")).endsWith(", 1001 entries, application metadata)");
        }
        assertThat(plan.run(project, folder))
                .isEqualTo(plan.bytes())
                .isEqualTo((long) (LISTED + more) * CONTENT.length());
        assertThat(names(entries)).containsExactly(".gitkeep");
    }

    @Test
    void theSizeOfAFolderLeavesOutKeptEntries() throws Exception {
        write("below/one.json", Duration.ZERO);
        write("below/.gitkeep", Duration.ZERO);
        CleanPlan plan = plan(CleanScope.METADATA);
        assertThat(plan.bytes()).isEqualTo(CONTENT.length());
        assertThat(plan.run(project, folder)).isEqualTo(CONTENT.length());
        assertThat(entries.resolve("below/.gitkeep")).exists();
    }

    @ParameterizedTest
    @CsvSource({"5, ''", "6, 1 more entry", "7, 2 more entries"})
    void fiveNewEntriesAreNamedAndTheOthersCounted(int count, String more) throws Exception {
        write("below/old.json", Duration.ZERO);
        CleanPlan plan = plan(CleanScope.METADATA);
        for (int i = 0; i < count; i++) {
            write("below/new" + i, Duration.ZERO);
        }
        plan.run(project, folder);
        assertThat(project.said())
                .hasSize(more.isEmpty() ? 5 : 6)
                .filteredOn(line -> line.contains("it is new, or was changed, since the plan was made"))
                .hasSize(5);
        if (!more.isEmpty()) {
            assertThat(project.said()).last().asString().contains("Kept " + more + " that");
        }
        assertThat(names(entries.resolve("below"))).hasSize(count);
    }

    private void write(int count, Duration age) throws IOException {
        for (int i = 0; i < count; i++) {
            write(i + ".json", age);
        }
    }

    private Path write(String name, Duration age) throws IOException {
        Path file = entries.resolve(name);
        Files.createDirectories(file.resolveSibling(".").normalize());
        Files.writeString(file, CONTENT);
        return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }

    private CleanPlan plan(CleanScope scope) throws Exception {
        return new CacheCleaning(config, project.lock(), folder.resolve("home"), NOW, project)
                .plan(CleanRequest.of(scope));
    }

    private static String[] names(Path folder) {
        return Objects.requireNonNull(folder.toFile().list());
    }
}
