package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;

/** Environments that {@code cache:init} creates with the real venv, pip and uv. They need no network. */
@Tag("clients")
@Client("tools")
class CreatedEnvironmentsIT {

    private static final String CONFIG = """
            { "environments": {
                "common": { "path": "venv/common" },
                "asr": { "path": "venv/my asr", "requirements": "requirements/asr.txt" },
                "mlx": { "path": "venv/mlx", "enabled": false } },
              "stage_to_environment_mapping": { "asr": "asr" } }
            """;

    private static void prepare(Workspace workspace) throws IOException {
        workspace.write(Config.FILE, CONFIG);
        Path wheel = workspace.file("wheels/tiny_stage-1.0-py3-none-any.whl");
        Files.createDirectories(wheel.getParent());
        String info = "tiny_stage-1.0.dist-info/";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            entry(zip, "tiny_stage.py", "NAME = 'a stage'\n");
            entry(zip, info + "METADATA", "Metadata-Version: 2.1\nName: tiny-stage\nVersion: 1.0\n");
            entry(
                    zip,
                    info + "WHEEL",
                    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            entry(
                    zip,
                    info + "RECORD",
                    "tiny_stage.py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n");
        }
        workspace.write("requirements/asr.txt", "./wheels/" + wheel.getFileName() + "\n");
    }

    private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MavenBuild create(MavenBuild maven) {
        return maven.cache("init").property("cache.createEnvironments", "true").offline();
    }

    private static void works(MavenBuild maven) {
        maven.cache("exec")
                .property("cache.exec.stage", "asr")
                .property("cache.exec.command", "python -B -c 'import tiny_stage; print(\"this is\", tiny_stage.NAME)'")
                .run()
                .succeeded()
                .says("this is a stage");
    }

    private static Fingerprint installed(Workspace workspace) {
        return Fingerprint.of(workspace.file("venv"), path -> false);
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void venvMakesWhatIsMissingAndNeverTouchesWhatWorks(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(workspace);
        create(maven).property("cache.dryRun", "true").run().succeeded().says("Would create venv/my asr/");
        assertThat(workspace.file("venv")).doesNotExist();

        BuildResult made = create(maven).run().succeeded();

        assertThat(made.output())
                .containsSubsequence(
                        "Creating the environment common in venv/common with venv",
                        "Creating the environment asr in venv/my asr with venv",
                        "Installing requirements/asr.txt into venv/my asr");
        assertThat(workspace.file("venv/mlx")).doesNotExist();
        works(maven);
        Fingerprint before = installed(workspace);
        workspace.write("requirements/asr.txt", "nothing-that-there-is==1\n");
        create(maven).run().succeeded().neverSays("Creating", "Installing");
        assertThat(installed(workspace)).isEqualTo(before);
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void uvMakesThemWhereItIsInstalled(MavenBuild maven, Workspace workspace, PythonClient tools) throws Exception {
        prepare(workspace);
        Path programs = Files.createDirectories(workspace.root().resolve("programs"));
        Files.createSymbolicLink(programs.resolve("uv"), tools.home().resolve("bin/uv"));
        MavenBuild withUv = maven.env("PATH", programs + File.pathSeparator + System.getenv("PATH"));

        BuildResult made = create(withUv).run().succeeded();

        made.says("Creating the environment asr in venv/my asr with uv");
        works(maven);
        Fingerprint before = installed(workspace);
        create(withUv).run().succeeded().neverSays("Creating", "Installing");
        assertThat(installed(workspace)).isEqualTo(before);
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void oneThatWasInterruptedIsMendedByTheNextRun(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(workspace);
        Process build = create(maven).start();
        try (BufferedReader output = build.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.contains("Creating the environment asr")) {
                line = output.readLine();
            }
            build.destroy();
            assertThat(build.waitFor(10, TimeUnit.MINUTES)).isTrue();
        } finally {
            build.destroyForcibly();
        }
        maven.cache("exec")
                .property("cache.exec.stage", "asr")
                .property("cache.exec.command", "python -V")
                .run()
                .failedWith("The environment asr is not installed");
        Fingerprint common = Fingerprint.of(workspace.file("venv/common"), path -> false);

        create(maven)
                .run()
                .succeeded()
                .says("Creating the environment asr")
                .neverSays("Creating the environment common");

        works(maven);
        assertThat(Fingerprint.of(workspace.file("venv/common"), path -> false)).isEqualTo(common);
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void requirementsThatCanNotBeInstalledAreNamed(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(workspace);
        workspace.write("requirements/asr.txt", "nothing-that-there-is==1\n");

        create(maven).run().failedWith("The environment asr can't be created", "pip install", "ended with exit code 1");

        prepare(workspace);
        create(maven).run().succeeded();
        works(maven);
    }
}
