package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Privileges;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Models that lie scattered, and a cache that moves. */
class MigrateIT {

    private static final String WEIGHTS = "w".repeat(100_000);
    private static final String HUB = ".cache/huggingface/hub/";
    private static final String TINY = "models--acme--tiny";

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void modelsComeFromEverywhereAndAreKeptOnce(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            fill(maven, workspace, hub);
            scatter(workspace);
            Fingerprint project = workspace.fingerprint();
            Fingerprint home = Fingerprint.of(workspace.home(), path -> path.endsWith(".m2"));

            maven.cache("migrate")
                    .property("cache.dryRun", "true")
                    .run()
                    .succeeded()
                    .says(
                            "Would move shared/model-cache/huggingface/hub/" + TINY + " to " + HUB + TINY,
                            "Would delete .cache/huggingface/" + TINY,
                            "stored twice",
                            "To do it: mvn ",
                            "notes.txt is kept");
            assertThat(workspace.fingerprint()).isEqualTo(project);

            maven.cache("migrate").run().succeeded().says("Migrated 2 models", "saved 200 kB", "(0 B copied)");

            assertThat(Fingerprint.of(workspace.home(), path -> path.endsWith(".m2")))
                    .isEqualTo(home);
            assertThat(workspace.file(".cache/huggingface/" + TINY)).doesNotExist();
            assertThat(workspace.file("shared/model-cache/huggingface/hub/" + TINY))
                    .doesNotExist();
            assertThat(workspace.file("shared/model-cache/notes.txt")).hasContent("mine");
            assertThat(workspace.read(".gitignore")).contains("shared/model-cache/");
            maven.cache("migrate").run().succeeded().says("Nothing to migrate");

            hub.forget();
            maven.cache("download", "verify")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
            assertThat(hub.requests()).isEmpty();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theCacheMovesToAnotherPlaceAndBack(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            fill(maven, workspace, hub);
        }
        Path disk = workspace.root().resolve("disk/cache");
        Fingerprint before = workspace.fingerprint();

        maven.cache("migrate")
                .property("cache.migrate.to", disk.toString())
                .property("cache.dryRun", "true")
                .run()
                .succeeded()
                .says("Would move .cache to ", "Would make .cache a link to");
        assertThat(workspace.fingerprint()).isEqualTo(before);

        maven.cache("migrate")
                .property("cache.migrate.to", disk.toString())
                .run()
                .succeeded();
        assertThat(workspace.file(".cache")).isSymbolicLink();
        assertThat(workspace.read(".gitignore").lines()).contains(".cache");
        maven.cache("download", "verify").offline().run().succeeded();
        maven.cache("migrate")
                .property("cache.migrate.to", disk.toString())
                .run()
                .succeeded()
                .says("The model cache is already in ");
        workspace.write(".gitignore", "*.log\n");
        maven.cache("migrate")
                .property("cache.migrate.to", disk.toString())
                .run()
                .succeeded();
        assertThat(workspace.read(".gitignore").lines()).contains("*.log", ".cache");

        maven.cache("migrate")
                .property("cache.migrate.to", ".cache")
                .run()
                .succeeded()
                .says("is back in .cache");
        assertThat(Files.isSymbolicLink(workspace.file(".cache"))).isFalse();
        assertThat(disk).doesNotExist();
        maven.cache("download", "verify").offline().run().succeeded();

        maven.cache("migrate")
                .property("cache.migrate.to", workspace.home().toString())
                .run()
                .failedWith("home folder");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aDiskThatIsTooSmallIsRefusedBeforeTheFirstByte(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            fill(maven, workspace, hub);
        }
        Path disk = Files.createDirectories(workspace.root().resolve("disk"));
        Optional<Privileges.Restriction> restriction = Privileges.smallDisk(disk, 64 * 1024);
        assumeTrue(restriction.isPresent(), "This user can't mount a file system");
        try (Privileges.Restriction small = restriction.orElseThrow()) {
            Fingerprint before = workspace.fingerprint();

            maven.cache("migrate")
                    .property("cache.migrate.to", disk.resolve("cache").toString())
                    .run()
                    .failedWith("disk is full", "Nothing was changed");

            assertThat(workspace.fingerprint()).isEqualTo(before);
            assertThat(disk.resolve("cache")).doesNotExist();
            assertThat(small).isNotNull();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theCacheMovesToAnotherDiskAndBack(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            fill(maven, workspace, hub);
        }
        Path disk = Files.createDirectories(workspace.root().resolve("disk"));
        Optional<Privileges.Restriction> restriction = Privileges.smallDisk(disk, 8 * 1024 * 1024);
        assumeTrue(restriction.isPresent(), "This user can't mount a file system");
        try (Privileges.Restriction other = restriction.orElseThrow()) {
            Path to = disk.resolve("cache");
            maven.cache("migrate")
                    .property("cache.migrate.to", to.toString())
                    .run()
                    .succeeded();
            assertThat(workspace.file(".cache")).isSymbolicLink();
            assertThat(to.resolve("huggingface/hub/" + TINY + "/snapshots")).isDirectory();
            maven.cache("download", "verify").offline().run().succeeded();

            maven.cache("migrate").property("cache.migrate.to", ".cache").run().succeeded();
            assertThat(Files.isSymbolicLink(workspace.file(".cache"))).isFalse();
            assertThat(disk.toFile().list()).isEmpty();
            maven.cache("download", "verify").offline().run().succeeded();
            assertThat(other).isNotNull();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFlatCacheOfOldTransformersIsExplained(MavenBuild maven, Workspace workspace) {
        String name = ".cache/huggingface/transformers/" + "a".repeat(64) + "." + "b".repeat(64);
        workspace
                .write(Config.FILE, Config.empty().toString())
                .write(name, "weights")
                .write(
                        name + ".json",
                        "{\"url\": \"https://huggingface.co/acme/old/resolve/main/a.bin\", \"etag\": null}")
                .write(name + ".lock", "");

        maven.cache("migrate")
                .offline()
                .run()
                .succeeded()
                .says(
                        "holds",
                        "transformers up to 4.21",
                        ":download to fetch the declared models",
                        "rm -r ",
                        "Nothing to migrate");
        maven.cache("init", "verify").offline().run().succeeded().says("legacy-cache", "hf:acme/old");

        assertThat(workspace.file(name)).hasContent("weights");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void anOldFolderThatIsReadOnlyIsCopiedAndNamed(MavenBuild maven, Workspace workspace) throws Exception {
        workspace.write(Config.FILE, Config.empty().toString());
        maven.cache("init").offline().run().succeeded();
        Path old = workspace.file("shared/model-cache");
        HubFixture model =
                new HubFixture(old, "acme/old").large("model.bin", WEIGHTS).ref("main", HubFixture.COMMIT);
        Optional<Privileges.Restriction> restriction = Privileges.readOnly(old);
        assumeTrue(restriction.isPresent(), "This user can write everywhere");
        try (Privileges.Restriction readOnly = restriction.orElseThrow()) {
            maven.cache("migrate").offline().run().succeeded().says("models--acme--old is kept");

            assertThat(model.file("model.bin")).hasContent(WEIGHTS);
            assertThat(new HubFixture(workspace.file(HUB), "acme/old").file("model.bin"))
                    .hasContent(WEIGHTS);
            assertThat(readOnly).isNotNull();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void itIsSkippedWhenAskedTo(MavenBuild maven, Workspace workspace) {
        workspace.write(Config.FILE, Config.empty().toString());

        maven.cache("migrate")
                .offline()
                .property("cache.skip", "true")
                .run()
                .succeeded()
                .says("Skipped (cache.skip)");
        maven.cache("migrate")
                .offline()
                .property("cache.migrate.skip", "true")
                .run()
                .succeeded()
                .says("Skipped (cache.migrate.skip)");
        maven.cache("migrate")
                .offline()
                .property("cache.migrate.to", " ")
                .run()
                .failedWith("cache.migrate.to is empty");
    }

    /** A project with one model, locked and fetched. */
    private static void fill(MavenBuild maven, Workspace workspace, StandInHub hub) throws IOException {
        Path origin = workspace.root().resolve("origin");
        workspace
                .write(origin.resolve("config.json"), "{\"hidden\": 4}")
                .write(origin.resolve("model.safetensors"), WEIGHTS)
                .write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
        hub.add("acme/tiny", origin);
        maven.cache("init", "download", "verify")
                .property("cache.endpoint", hub.endpoint().toString())
                .run()
                .succeeded();
    }

    /** The fetched repository comes to lie in the legacy folder, in the split cache and in the home folder. */
    private static void scatter(Workspace workspace) throws IOException {
        Path fetched = workspace.file(HUB + TINY);
        copy(fetched, workspace.file(".cache/huggingface/" + TINY));
        copy(fetched, workspace.home().resolve(".cache/huggingface/hub/" + TINY));
        Path old = workspace.file("shared/model-cache/huggingface/hub/" + TINY);
        Files.createDirectories(workspace.file("shared/model-cache/huggingface/hub"));
        Files.move(fetched, old);
        new HubFixture(workspace.file(".cache/torch"), "acme/more")
                .large("more.bin", "more")
                .ref("main", HubFixture.COMMIT);
        workspace
                .write("shared/model-cache/notes.txt", "mine")
                .write(workspace.home().resolve(".cache/huggingface/token"), "secret");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path there = to.resolve(from.relativize(path));
                if (Files.isSymbolicLink(path)) {
                    Files.createSymbolicLink(there, Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(path, there);
                }
            }
        }
    }
}
