package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.DocsPage;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Creates each situation of {@code docs/TROUBLESHOOTING.md} and runs the commands of its section. */
@DisabledOnOs(OS.WINDOWS)
class TroubleshootingPageIT {

    /** The heading that a scenario is about. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Section {
        String value();
    }

    private static final DocsPage PAGE = DocsPage.read("TROUBLESHOOTING.md");
    private static final Path DEBIANS_MAVEN = Path.of("/usr/share/maven");
    private static final String READ_BY_PROGRAMS = "A shell or a program cannot read the output";
    private static final String MODEL = "hf:acme/tiny";
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONTENT = "0123456789".repeat(20_000);
    private static final String CONFIG = """
            {
              "environments": { "asr": { "path": "venv/asr" } },
              "workflow_to_environments_mapping": { "transcribe": ["asr"] },
              "stage_to_environment_mapping": { "asr": "asr" },
              "cache": { "models": [ %s ] }
            }
            """;

    /** Stands in for an interpreter: it prints its environment. */
    private static final String INTERPRETER = "#!/bin/sh\nenv\n";

    @Test
    void eachSectionWithCommandsHasAScenario() {
        List<String> scenarios = Arrays.stream(TroubleshootingPageIT.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Section.class))
                .map(method -> method.getAnnotation(Section.class).value())
                .toList();
        assertThat(scenarios).containsExactlyInAnyOrderElementsOf(PAGE.sections());
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("")
    void verifyNeedsNoNetworkAndChangesNoModel(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("")) {
            Path models = workspace.file(".cache/huggingface");
            Fingerprint before = Fingerprint.of(models, path -> false);

            asking(maven, hub).shell(page.next()).succeeded();

            assertThat(hub.requests()).isEmpty();
            assertThat(Fingerprint.of(models, path -> false)).isEqualTo(before);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("Models are downloaded again and again")
    void conflictingVariablesAreFoundAndFixed(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("Models are downloaded again and again")) {
            workspace.write(".env", "HF_HOME=/elsewhere\nMINE=1\n");
            interpreter(workspace);
            MavenBuild misled = asking(maven, hub).env("HF_HOME", "/elsewhere");

            misled.shell(page.next()).succeeded().says("environment-conflict", "/elsewhere", "HF_HOME");
            misled.shell(page.next() + "\nmvn cache:verify").succeeded().neverSays("environment-conflict");
            assertThat(workspace.read(".env")).doesNotContain("/elsewhere").contains("MINE=1");
            misled.shell(page.next()).succeeded().says("HF_HOME=" + workspace.file(".cache/huggingface"));
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("Models are in your home folder or in `shared/model-cache`")
    void modelsInOtherPlacesAreFoundAndImported(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace);
                DocsPage.Commands page = PAGE.commands("Models are in your home folder or in `shared/model-cache`")) {
            Path home = workspace.home().resolve(".cache/huggingface");
            Workspace other = workspace.second();
            other.write(
                    Config.FILE,
                    Config.empty()
                            .member("hf_home", "\"" + home + "\"")
                            .model(MODEL)
                            .toString());
            asking(maven.in(other.project()), hub)
                    .cache("init", "download")
                    .run()
                    .succeeded();
            project(workspace, MODEL);
            asking(maven, hub).cache("init", "lock").run().succeeded();
            Path models = workspace.file(".cache/huggingface");
            Fingerprint before = Fingerprint.of(models, path -> false);
            Fingerprint atHome = Fingerprint.of(home, path -> false);
            hub.forget();

            // The locked model is not in the project's cache yet, so the build fails beside the warning.
            asking(maven, hub).shell(page.next()).failedWith("model-missing").says("stray-cache", MODEL);
            assertThat(Fingerprint.of(models, path -> false)).isEqualTo(before);
            asking(maven, hub)
                    .shell(page.next() + "\nmvn cache:download cache:verify")
                    .succeeded();
            assertThat(hub.bytesSent()).isZero();
            assertThat(Fingerprint.of(home, path -> false)).isEqualTo(atHome);
        }
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    @Section(READ_BY_PROGRAMS)
    void shellsAndProgramsCanReadTheOutput(MavenBuild maven, Workspace workspace) throws Exception {
        readByPrograms(maven, workspace, "");
    }

    /** It takes a pipe for a terminal, and resets its colours at the end. */
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theyCanReadTheOutputOfDebiansMavenToo(MavenBuild maven, Workspace workspace) throws Exception {
        assumeTrue(Files.isExecutable(DEBIANS_MAVEN.resolve("bin/mvn")), "Debian's Maven is not installed");
        MavenBuild debian = maven.env("MVN_HOME", DEBIANS_MAVEN.toString()).jvm("-XX:TieredStopAtLevel=1");
        readByPrograms(debian, workspace, "");
        workspace.write(".mvn/jvm.config", PAGE.block("", "jansi"));
        readByPrograms(debian, workspace, "-B ");
    }

    private static void readByPrograms(MavenBuild maven, Workspace workspace, String options) throws Exception {
        project(workspace);
        try (DocsPage.Commands page = PAGE.commands(READ_BY_PROGRAMS)) {
            String script = page.next().replace("mvn ", "mvn " + options);
            maven.shell(script
                            + "mvn -q " + options + "cache:env -Dcache.format=json > env.json\n"
                            + "mvn -q " + options + "cache:exec -Dcache.exec.command='echo {}' > exec.json\n"
                            + "echo home=$HF_HOME\n")
                    .succeeded()
                    .says("home=" + workspace.file(".cache/huggingface"));
        }
        assertThat(workspace.read("key.txt")).startsWith("model-cache-").endsWith(".cache/models\n");
        assertThat(workspace.read("exec.json")).isEqualTo("{}\n");
        for (String json : List.of("status.json", "env.json")) {
            assertThat(workspace.read(json)).startsWith("{").endsWith("}\n");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("The disk is full")
    void spaceIsFreed(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace);
                DocsPage.Commands page = PAGE.commands("The disk is full")) {
            hub.add("acme/old", origin(workspace));
            project(workspace, MODEL, "hf:acme/old");
            asking(maven, hub).cache("init", "download").run().succeeded();
            project(workspace, MODEL);
            asking(maven, hub).cache("lock").run().succeeded();

            asking(maven, hub).shell(page.next()).succeeded().says(MODEL, "hf:acme/old", "unused");
            asking(maven, hub).shell(page.next()).succeeded().says("Would delete", "models--acme--old");
            assertThat(workspace.file(".cache/huggingface/hub/models--acme--old"))
                    .doesNotExist();
            asking(maven, hub).shell("mvn cache:verify\n" + page.next()).succeeded();
            assertThat(workspace.findAll(".cache", WEIGHTS)).hasSize(1);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("Put the cache on an external drive")
    void theCacheIsRelocatedToADriveAndBack(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("Put the cache on an external drive")) {
            Path drive = Files.createDirectories(workspace.root().resolve("drive"));

            asking(maven, hub)
                    .shell(page.next("/media/external", drive) + "\nmvn cache:verify")
                    .succeeded();
            assertThat(workspace.file(".cache")).isSymbolicLink();
            Path away = Files.move(drive, workspace.root().resolve("unplugged"));
            asking(maven, hub)
                    .shell("mvn cache:verify")
                    .failedWith("layout-missing: .cache is a broken link", "mount its disk");
            asking(maven, hub)
                    .shell("mvn cache:init")
                    .failedWith(".cache is a broken link; mount the disk it leads to");
            Files.move(away, drive);
            asking(maven, hub).shell(page.next() + "\nmvn cache:verify").succeeded();
            assertThat(workspace.file(".cache"))
                    .isDirectory()
                    .satisfies(cache -> assertThat(Files.isSymbolicLink(cache)).isFalse());
            assertThat(hub.requests()).isEmpty();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("A gated model is refused")
    void aTokenOpensAGatedModel(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = StandInHub.start();
                DocsPage.Commands page = PAGE.commands("A gated model is refused")) {
            hub.add("acme/tiny", origin(workspace), Map.of("gated", "manual"));
            hub.requireToken("hf_yourtoken");
            project(workspace, MODEL);

            asking(maven, hub).shell("mvn cache:init cache:download").failedWith(MODEL, "accept");
            asking(maven, hub).shell(page.next()).succeeded().neverSays("hf_yourtoken");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("Use a proxy or a mirror")
    void aMirrorServesAndACompleteCacheMakesNoRequest(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace);
                DocsPage.Commands page = PAGE.commands("Use a proxy or a mirror")) {
            project(workspace, MODEL);
            maven.shell("mvn -q cache:init").succeeded();

            maven.shell(page.next("https://hub.example.com", hub.endpoint())).succeeded();
            hub.forget();
            maven.shell(page.next()).succeeded();
            assertThat(hub.requests()).isEmpty();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("CI fails with HTTP 429")
    void aFrozenBuildResolvesNothing(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("CI fails with HTTP 429")) {
            asking(maven, hub).shell(page.next()).succeeded();
            assertThat(hub.requests()).isEmpty();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("A model is damaged")
    void damageIsFoundAndFixed(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("A model is damaged")) {
            Path weights = workspace.find(".cache", WEIGHTS).toRealPath();
            FileTime modified = Files.getLastModifiedTime(weights);
            workspace.write(weights, CONTENT.replace("5", "6"));
            Files.setLastModifiedTime(weights, modified);

            asking(maven, hub).shell(page.next()).failedWith("model-corrupt", WEIGHTS);
            asking(maven, hub).shell(page.next() + "\nmvn cache:verify").succeeded();
            assertThat(hub.bytesSent()).isEqualTo(CONTENT.length());
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("A download was interrupted")
    void aDownloadResumesAndAnOldPartialFileIsDeleted(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace);
                DocsPage.Commands page = PAGE.commands("A download was interrupted")) {
            project(workspace, MODEL);
            hub.fault(Place.STORE, WEIGHTS, Fault.cutAfter(150_000), Fault.status(404));
            asking(maven, hub).shell("mvn cache:init cache:download").failedWith(MODEL);
            hub.repent();
            hub.forget();

            asking(maven, hub).shell(page.next()).succeeded();
            assertThat(hub.bytesSent()).isEqualTo(CONTENT.length() - 150_000);

            Path rest = workspace.file(".cache/whisper/.base.pt.0123abcd.partial");
            workspace.write(rest, "half a model");
            Files.setLastModifiedTime(rest, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
            asking(maven, hub).shell(page.next() + "\nmvn cache:verify").succeeded();
            assertThat(rest).doesNotExist();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("A library makes requests although the model is cached")
    void aChangedRefIsSetToTheLockedCommit(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("A library makes requests although the model is cached")) {
            interpreter(workspace);
            Path ref = workspace.find(".cache/huggingface/hub/models--acme--tiny/refs", "main");
            String commit = Files.readString(ref);
            Files.writeString(ref, "f".repeat(40));
            asking(maven, hub).shell("mvn cache:verify").says("model-unpinned", commit);

            asking(maven, hub)
                    .shell(page.next() + "\nmvn cache:verify")
                    .succeeded()
                    .neverSays("model-unpinned: hf");
            assertThat(ref).hasContent(commit);
            asking(maven, hub).shell(page.next()).succeeded().says("HF_HUB_OFFLINE=1");
            assertThat(hub.requests()).isEmpty();
        }
    }

    @Tag("clients")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("A Python environment is missing")
    void anEnvironmentIsCreated(MavenBuild maven, Workspace workspace) {
        try (DocsPage.Commands page = PAGE.commands("A Python environment is missing")) {
            project(workspace);
            maven.shell("mvn cache:init cache:verify").succeeded().says("environment-missing");
            maven.shell("mvn cache:exec -Dcache.exec.environment=asr -Dcache.exec.command='python -V'")
                    .failedWith("venv/asr");

            maven.shell(page.next() + "\nmvn cache:verify").succeeded().neverSays("environment-missing");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @Section("Git wants to commit models")
    void modelsAreUntracked(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = filled(maven, workspace);
                DocsPage.Commands page = PAGE.commands("Git wants to commit models")) {
            workspace.write(".gitignore", "target/\n");
            maven.shell(
                            "git init -q . && git add . && git -c user.name=me -c user.email=me@example.com commit -q -m all")
                    .succeeded();
            asking(maven, hub)
                    .shell("mvn cache:verify")
                    .failedWith("model-in-git")
                    .says("gitignore-missing");

            asking(maven, hub)
                    .shell(page.next() + "\nmvn cache:verify")
                    .succeeded()
                    .neverSays("model-in-git", "gitignore-missing");
            assertThat(workspace.findAll(".cache", WEIGHTS)).hasSize(1);
        }
    }

    private static StandInHub filled(MavenBuild maven, Workspace workspace) throws IOException {
        StandInHub hub = hub(workspace);
        project(workspace, MODEL);
        asking(maven, hub).cache("init", "download").run().succeeded();
        hub.forget();
        return hub;
    }

    private static StandInHub hub(Workspace workspace) throws IOException {
        StandInHub hub = StandInHub.start();
        hub.add("acme/tiny", origin(workspace));
        return hub;
    }

    private static Path origin(Workspace workspace) {
        Path origin = workspace.root().resolve("origin");
        workspace.write(origin.resolve("config.json"), "{}").write(origin.resolve(WEIGHTS), CONTENT);
        return origin;
    }

    private static void project(Workspace workspace, String... models) {
        String declared = String.join(
                ", ", Arrays.stream(models).map(model -> "\"" + model + "\"").toList());
        workspace
                .write("pom.xml", Pom.withGoals("clean").toString())
                .write(Config.FILE, CONFIG.formatted(declared))
                .write("stage.py", "print('hello')\n");
    }

    private static void interpreter(Workspace workspace) {
        workspace.write("venv/asr/bin/python", INTERPRETER);
        assertThat(workspace.file("venv/asr/bin/python").toFile().setExecutable(true))
                .isTrue();
    }

    private static MavenBuild asking(MavenBuild maven, StandInHub hub) {
        URI endpoint = hub.endpoint();
        return maven.env("HF_ENDPOINT", endpoint.toString());
    }
}
