package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanFilterTest {

    private final Instant now = Instant.now();

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    private TestProject project;
    private CacheConfig config;
    private HubFixture locked;
    private HubFixture other;
    private Path checkpoint;

    /** The locked model was used longest ago. */
    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        Path hub = folder.resolve(".cache/huggingface/hub");
        locked = new HubFixture(hub, "acme/locked").large("a.bin", "x".repeat(100));
        other = new HubFixture(hub, "other/model").large("b.bin", "y".repeat(200));
        checkpoint = project.write(".cache/torch/hub/checkpoints/net.pth", "z".repeat(300));
        used(locked.blob("a.bin"), Duration.ofDays(50));
        used(other.blob("b.bin"), Duration.ofDays(40));
        used(checkpoint, Duration.ofDays(10));
        project.lock().write(Lock.of(List.of(locked.resolved())));
    }

    @Test
    void modelsThatWereNotUsedForTheGivenTimeAreDeleted() throws Exception {
        assertThat(run("models", "30d", null, null)).isEqualTo(300);
        assertThat(locked.folder()).doesNotExist();
        assertThat(other.folder()).doesNotExist();
        assertThat(checkpoint).exists();
    }

    @Test
    void aFileThatWasReadIsInUse() throws Exception {
        Files.getFileAttributeView(other.blob("b.bin"), BasicFileAttributeView.class)
                .setTimes(null, FileTime.from(now), null);
        run("models", "30d", null, null);
        assertThat(other.folder()).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "600B, true, true, true",
        "500B, true, false, true",
        "350B, true, false, false",
        "99B, false, false, false"
    })
    void keepsAsMuchAsFitsAndLockedModelsLongest(String size, boolean first, boolean second, boolean third)
            throws Exception {
        run("models", null, size, null);
        assertThat(Files.exists(locked.folder())).isEqualTo(first);
        assertThat(Files.exists(other.folder())).isEqualTo(second);
        assertThat(Files.exists(checkpoint)).isEqualTo(third);
    }

    @Test
    void aFileWithAHardLinkOutsideOfTheCachesCountsAsDeleted() throws Exception {
        for (Path file : List.of(locked.blob("a.bin"), other.blob("b.bin"), checkpoint)) {
            Files.createLink(outside.resolve(String.valueOf(file.getFileName())), file);
        }
        used(other.blob("b.bin"), Duration.ofDays(40));
        run("models", null, "500B", null);
        assertThat(locked.folder()).exists();
        assertThat(other.folder()).doesNotExist();
        assertThat(checkpoint).exists();
    }

    @ParameterizedTest
    @CsvSource({"700B, false", "701B, true"})
    void costsNoModelWhereTheApplicationCachesAloneHoldMore(String size, boolean possible) throws Exception {
        project.write("out/tmdb_cache/big.json", "j".repeat(701));
        if (possible) {
            run("models", null, size, null);
            assertThat(checkpoint).doesNotExist();
        } else {
            assertThatThrownBy(() -> run("models", null, size, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cache.keepSize is 700, and the application caches alone hold 701 B")
                    .hasMessageContaining("-Dcache.scope=metadata");
            assertThat(checkpoint).exists();
        }
    }

    @Test
    void theAgeOfAnEmptyModelIsThatOfItsFolder() throws Exception {
        Path young = begun("young", Duration.ofHours(1));
        Path old = begun("old", Duration.ofDays(40));
        run("models", "30d", null, "hf:acme/*");
        assertThat(young).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void oldModelsAreDeletedBeforeNewDownloads() throws Exception {
        Path young = begun("young", Duration.ofHours(1));
        project.lock().write(Lock.EMPTY);
        run("models", null, "320B", null);
        assertThat(young).exists();
        assertThat(locked.folder()).doesNotExist();
    }

    /** A repository in which nothing but half a content lies. */
    private Path begun(String name, Duration ago) throws IOException {
        Path partial = project.write(
                ".cache/huggingface/hub/models--acme--" + name + "/blobs/" + "a".repeat(64) + ".01234567.incomplete",
                "half");
        FileTime time = FileTime.from(now.minus(ago));
        Files.setLastModifiedTime(partial, time);
        Path repository = partial.resolve("../..").normalize();
        Files.setLastModifiedTime(repository.resolve("blobs"), time);
        Files.setLastModifiedTime(repository, time);
        return partial;
    }

    @Test
    void modelsAreSelectedByName() throws Exception {
        run("models", null, null, "hf:other/*,torch:*");
        assertThat(locked.folder()).exists();
        assertThat(other.folder()).doesNotExist();
        assertThat(checkpoint).doesNotExist();
    }

    @Test
    void archivesGoOnlyWithAllModels() throws Exception {
        Path archive = project.write(".cache/.modelcache/downloads/net.zip", "zip");
        used(archive, Duration.ofDays(40));
        run("models", null, null, "hf:other/*");
        run("models", "30d", null, null);
        run("models", null, "1B", null);
        run("unused", null, null, null);
        assertThat(archive).exists();
        run("models", null, null, null);
        assertThat(archive).doesNotExist();
    }

    @Test
    void theReasonSaysWhetherAModelIsLockedAndHowLongItWasUnused() throws Exception {
        assertThat(descriptions("models", null))
                .contains(
                        "delete models--acme--locked (100 B, locked, can be fetched again)",
                        "delete models--other--model (200 B, not in the lock)");
        assertThat(descriptions("models", "30d"))
                .contains(
                        "delete models--acme--locked (100 B, locked, can be fetched again, not used for 30 days)",
                        "delete models--other--model (200 B, not in the lock, not used for 30 days)");
    }

    private List<String> descriptions(String scope, @Nullable String olderThan) throws Exception {
        return plan(scope, olderThan, null, null).plan().actions().stream()
                .map(action -> action.describe(action.target().getFileName().toString()))
                .toList();
    }

    @Test
    void entriesWithoutAModelAreKeptIfNamesAreGiven() throws Exception {
        project.write(".cache/mlx/mine.npz", "mine");
        run("models", null, null, "*:*");
        assertThat(folder.resolve(".cache/mlx/mine.npz")).exists();
        assertThat(locked.folder()).doesNotExist();
    }

    @Test
    void filtersNarrowTheUnused() throws Exception {
        run("unused", "30d", null, null);
        assertThat(locked.folder()).exists();
        assertThat(other.folder()).doesNotExist();
        assertThat(checkpoint).exists();
    }

    @Test
    void filtersApplyToStaleFilesToo() throws Exception {
        Path old = project.write("out/tmdb_cache/old.json", "old");
        used(old, Duration.ofDays(100));
        run("stale", "200d", null, null);
        assertThat(old).exists();
        Path young = project.write("out/tmdb_cache/young.json", "young");
        used(young, Duration.ofDays(50));
        run("stale", "10d", null, null);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void applicationEntriesThatWereNotUsedForTheGivenTimeAreDeleted() throws Exception {
        Path old = project.write("out/tmdb_cache/old.json", "old");
        Path young = project.write("out/tmdb_cache/young.json", "young");
        used(old, Duration.ofDays(5));
        run("metadata", "2d", null, null);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void sharedContentsGoOnlyWhenAllThatUseThemGo() throws Exception {
        Files.createLink(folder.resolve(".cache/torch/hub/checkpoints/same.pth"), other.blob("b.bin"));
        // Two names of one content: to come below 300 bytes, both of them and the other checkpoint have to go.
        assertThat(run("models", null, "250B", null)).isEqualTo(500);
        assertThat(locked.folder()).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "models, , -1, , cache.keepSize is '-1', 10GB",
        "models, , ten, , cache.keepSize is 'ten', 10GB",
        "models, abc, , , cache.olderThan is 'abc', 30d",
        "models, '', , , cache.olderThan is '', 30d",
        "models, -5d, , , cache.olderThan is '-5d', 30d",
        "everything, , , , cache.scope is 'everything', 'stale, unused, metadata, models, all'",
        "models, , , whisper, cache.include is 'whisper', hf:org/*",
        "models, , , 'hf:a,', 'cache.include is ''hf:a,''', hf:org/*",
        "stale, , 1GB, , cache.keepSize, cache.scope=models",
        "all, , 1GB, , cache.keepSize, cache.scope=models",
        "metadata, , , hf:*, cache.include, cache.scope=models"
    })
    void invalidFiltersAreRejectedByName(
            String scope,
            @Nullable String olderThan,
            @Nullable String keepSize,
            @Nullable String include,
            String named,
            String example) {
        assertThatThrownBy(() -> CleanRequest.parse(scope, olderThan, keepSize, include))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .hasMessageContaining(example);
    }

    @Test
    void saysHowToAskForTheSame() {
        assertThat(CleanRequest.parse("models", "30d", "10GB", "hf:org/*").options())
                .isEqualTo("-Dcache.scope=models -Dcache.olderThan=30d -Dcache.keepSize=10GB"
                        + " \"-Dcache.include=hf:org/*\"");
    }

    private long run(String scope, @Nullable String olderThan, @Nullable String keepSize, @Nullable String include)
            throws Exception {
        return plan(scope, olderThan, keepSize, include).run(project, folder);
    }

    private CleanPlan plan(
            String scope, @Nullable String olderThan, @Nullable String keepSize, @Nullable String include)
            throws Exception {
        return new CacheCleaning(config, project.lock(), folder.resolve("home"), now, project)
                .plan(CleanRequest.parse(scope, olderThan, keepSize, include));
    }

    private void used(Path file, Duration ago) throws IOException {
        FileTime time = FileTime.from(now.minus(ago));
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(time, time, null);
    }

    @Test
    void oneModelNeedsNoScopeAndTakesNoPattern() {
        CleanRequest one = CleanRequest.ofModel("stale", "30d", null, "hf:org/a[1]");
        assertThat(one.scope()).isEqualTo(CleanScope.MODELS);
        assertThat(one.names(Optional.of(ModelReference.parse("hf:org/a[1]")))).isTrue();
        assertThat(one.names(Optional.of(ModelReference.parse("hf:org/a1")))).isFalse();
        assertThat(CleanRequest.ofModel("unused", null, null, "hf:org/a").scope())
                .isEqualTo(CleanScope.UNUSED);
        assertThatThrownBy(() -> CleanRequest.ofModel("all", null, null, "hf:org/a"))
                .hasMessageContaining("cache.scope=models");
        assertThatThrownBy(() -> CleanRequest.ofModel("stale", null, null, "whisper"))
                .hasMessageContaining("cache.model is 'whisper', expected one model such as hf:org/name");
    }
}
