package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestMount;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gathers models from places that are mounts, or have mounts in them. */
@EnabledOnOs(OS.LINUX)
class MountedPlacesTest {

    @TempDir
    Path folder;

    private Migrated migrated;
    private Path legacy;
    private Path volume;

    @BeforeEach
    void prepare() throws Exception {
        migrated = new Migrated(folder);
        legacy = migrated.file("shared/model-cache");
        volume = Files.createDirectories(folder.resolve("volume"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "huggingface", "huggingface/hub"})
    void aLegacyFolderThatIsAMountIsImportedOnce(String point) throws Exception {
        try (TestMount mount = TestMount.bind(volume, legacy.resolve(point))) {
            HubFixture old = repository(legacy.resolve("huggingface/hub"));

            migrated.run();

            assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
            assertThat(migrated.failures()).isZero();
            assertThat(migrated.copied()).isPositive();
            assertThat(old.folder()).doesNotExist();
            assertThat(OldFolders.below(legacy)).isEmpty();
            assertThat(migrated.run().plan().isEmpty()).isTrue();
            assertThat(migrated.plan().notes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"models--acme--a", "models--acme--a/blobs", "models--acme--a/snapshots"})
    void aMountInAnOldPlaceIsNotEmptied(String point) throws Exception {
        HubFixture old = repository(legacy.resolve("huggingface/hub"));
        Path mounted = legacy.resolve("huggingface/hub").resolve(point);
        Files.delete(volume);
        Files.move(mounted, volume);
        SortedMap<String, String> before = TestProject.contents(volume);
        try (TestMount mount = TestMount.bind(volume, mounted)) {
            migrated.run();

            assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
            assertThat(TestProject.contents(volume)).isEqualTo(before);
            assertThat(old.file("a.bin")).hasContent("weights");
            assertThat(migrated.plan().notes())
                    .singleElement()
                    .asString()
                    .contains(point + " is kept: something else is mounted there");
            assertThat(migrated.run().plan().isEmpty()).isTrue();
        }
    }

    @Test
    void filesOnAnotherMountOfTheDiskCountAsCopied() throws Exception {
        Path home = migrated.home().resolve(".cache/huggingface/hub");
        try (TestMount mount = TestMount.bind(volume, home)) {
            repository(home);
            migrated.members("\"models\": [\"hf:acme/a\"]");
            assertThat(migrated.look().copyBytes()).isPositive();
            migrated.run();
            assertThat(migrated.copied()).isPositive();
            assertThat(home.resolve("models--acme--a")).exists();
        }
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
    }

    private static HubFixture repository(Path hub) throws Exception {
        return new HubFixture(hub, "acme/a").large("a.bin", "weights").ref("main", HubFixture.COMMIT);
    }
}
