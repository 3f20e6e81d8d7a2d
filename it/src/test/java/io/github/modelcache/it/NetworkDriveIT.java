package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Privileges;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.StandInHub;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A cache on a drive that others share, that can only be read, or that is gone. */
@DisabledOnOs(OS.WINDOWS)
class NetworkDriveIT {

    private static final String MODEL = "hf:acme/tiny";
    private static final int GROUP_INHERITED = 02000;

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aDriveThatCanOnlyBeReadServesWhateverDoesNotWrite(MavenBuild maven, Workspace workspace) throws Exception {
        Path drive = drive(workspace);
        try (StandInHub hub = hub(workspace, drive)) {
            asking(maven, hub).cache("init", "download").run().succeeded();
            hub.forget();
            Fingerprint before = Fingerprint.of(drive, path -> false);
            Optional<Privileges.Restriction> restriction = Privileges.readOnly(drive);
            assumeTrue(restriction.isPresent(), "This user can write everywhere");
            try (Privileges.Restriction readOnly = restriction.orElseThrow()) {
                assertThat(readOnly).isNotNull();
                asking(maven, hub)
                        .cache("init", "download", "verify", "status", "env")
                        .run()
                        .succeeded()
                        .says("Verified 2 model files", MODEL);
                asking(maven, hub)
                        .cache("exec")
                        .property("cache.exec.command", "sh -c 'cat $HF_HUB_CACHE/models--acme--tiny/refs/main'")
                        .run()
                        .succeeded();
                asking(maven, hub)
                        .cache("clean")
                        .property("cache.scope", "models")
                        .run()
                        .failedWith("could not be deleted")
                        .says("Read-only file system", drive.toString());
                HubFixture old = new HubFixture(workspace.file("shared/model-cache"), "acme/old")
                        .large("model.bin", "weights")
                        .ref("main", HubFixture.COMMIT);
                BuildResult migrated = maven.cache("migrate").run().succeeded().says("1 model skipped");
                assertThat(migrated.lines())
                        .filteredOn(line -> line.contains("models--acme--old is kept"))
                        .hasSize(1);
                assertThat(old.file("model.bin")).hasContent("weights");
                workspace.write(Config.FILE, config(drive, MODEL, "hf:acme/other"));
                asking(maven, hub).cache("download").run().failedWith("read-only", drive.toString());
            }
            assertThat(Fingerprint.of(drive, path -> false)).isEqualTo(before);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void whatABuildPutsOnADriveOfAGroupIsTheGroups(MavenBuild maven, Workspace workspace) throws Exception {
        Path drive = drive(workspace);
        Files.setAttribute(drive, "unix:mode", GROUP_INHERITED | 0775);
        try (StandInHub hub = hub(workspace, drive)) {
            asking(maven, hub).cache("init", "download", "verify").run().succeeded();

            try (Stream<Path> all = Files.walk(drive)) {
                assertThat(all.filter(path -> !Files.isSymbolicLink(path)))
                        .hasSizeGreaterThan(10)
                        .allSatisfy(path -> assertThat((int) Files.getAttribute(path, "unix:mode") & 0060)
                                .as(path.toString())
                                .isEqualTo(0060));
            }
        }
    }

    @Tag("clients")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aDriveWhoseServerIsGoneIsNamed(MavenBuild maven, Workspace workspace) throws Exception {
        Path drive = drive(workspace);
        workspace.write("pom.xml", Pom.usual().toString()).write(Config.FILE, config(drive, MODEL));
        Path script = workspace.root().resolve("stalled_drive.py");
        try (var source = Objects.requireNonNull(getClass().getResourceAsStream("/stalled_drive.py"))) {
            Files.copy(source, script);
        }
        Process server = new ProcessBuilder("python3", script.toString(), drive.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader screen = server.inputReader(StandardCharsets.UTF_8)) {
            String line = screen.readLine();
            assumeTrue("mounted".equals(line), "This user can't mount: " + line);
            maven.cache("verify").run().failedWith(drive.toString(), "did not answer");
        } finally {
            server.getOutputStream().close();
            server.waitFor();
        }
    }

    private static Path drive(Workspace workspace) throws IOException {
        return Files.createDirectory(workspace.root().resolve("drive"));
    }

    private static StandInHub hub(Workspace workspace, Path drive) throws IOException {
        Path origin = workspace.root().resolve("origin");
        workspace
                .write(origin.resolve("config.json"), "{}")
                .write(origin.resolve("model.safetensors"), "0123456789".repeat(20_000))
                .write("pom.xml", Pom.usual().toString())
                .write(Config.FILE, config(drive, MODEL));
        StandInHub hub = StandInHub.start();
        hub.add("acme/tiny", origin);
        hub.add("acme/other", origin);
        return hub;
    }

    private static String config(Path drive, String... models) {
        Config config = Config.empty().member("base_dir", "\"" + drive + "\"");
        for (String model : models) {
            config = config.model(model);
        }
        return config.toString();
    }

    private static MavenBuild asking(MavenBuild maven, StandInHub hub) {
        return maven.env("HF_ENDPOINT", hub.endpoint().toString());
    }
}
