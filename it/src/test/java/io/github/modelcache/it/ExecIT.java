package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Commands in the environments of a project, and the variables that they get. */
@DisabledOnOs(OS.WINDOWS)
class ExecIT {

    private static final String CONFIG = """
            {
              "environments": { "asr": { "path": "venv/asr" }, "mux": { "path": "venv/mux" } },
              "workflow_to_environments_mapping": { "transcribe": ["asr", "mux"] },
              "stage_to_environment_mapping": { "asr": "asr", "mux": "mux" }
            }
            """;

    /** Stands in for an interpreter: it says that it ran, and runs its arguments. */
    private static final String INTERPRETER = "#!/bin/sh\necho \"interpreter of $VIRTUAL_ENV\"\nexec \"$@\"\n";

    private static void prepare(Workspace workspace) {
        workspace.write(Config.FILE, CONFIG).write("venv/asr/bin/python", INTERPRETER);
        assertThat(workspace.file("venv/asr/bin/python").toFile().setExecutable(true))
                .isTrue();
    }

    @MavenBuildTest
    void aStageRunsInItsEnvironmentWithEveryVariableThatEnvPrints(MavenBuild maven, Workspace workspace) {
        prepare(workspace);
        SortedMap<String, String> expected = variables(maven, workspace);

        List<String> lines = maven.cache("exec")
                .with("-q")
                .env("HF_HOME", "/elsewhere")
                .env("HUGGINGFACE_HUB_CACHE", "/elsewhere/hub")
                .property("cache.exec.stage", "asr")
                .property("cache.exec.command", "python sh -c 'echo child; env; sh -c \"echo grandchild; env\"'")
                .run()
                .succeeded()
                .lines();

        assertThat(lines).contains("interpreter of " + workspace.file("venv/asr"));
        int grandchild = lines.indexOf("grandchild");
        expected.forEach((name, value) -> {
            assertThat(lines.subList(0, grandchild)).contains(name + "=" + value);
            assertThat(lines.subList(grandchild, lines.size())).contains(name + "=" + value);
        });
        assertThat(lines).noneMatch(line -> line.startsWith("HUGGINGFACE_HUB_CACHE="));
    }

    private static SortedMap<String, String> variables(MavenBuild maven, Workspace workspace) {
        maven.cache("env")
                .property("cache.format", "dotenv")
                .property("cache.output", "all.env")
                .run()
                .succeeded();
        SortedMap<String, String> variables = new TreeMap<>();
        workspace.read("all.env").lines().forEach(line -> {
            int equals = line.indexOf('=');
            variables.put(line.substring(0, equals), line.substring(equals + 1).replaceAll("^'|'$", ""));
        });
        assertThat(variables).containsKeys("HF_HOME", "TORCH_HOME", "TRANSFORMERS_CACHE");
        return variables;
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void theExitCodeOfTheCommandDecidesTheBuild(MavenBuild maven, Workspace workspace) {
        prepare(workspace);

        maven.cache("exec")
                .property("cache.exec.environment", "asr")
                .property("cache.exec.command", "sh -c 'echo on its way >&2; exit 7'")
                .run()
                .failedWith("in the environment asr ended with exit code 7", "on its way");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aWorkflowNamesTheEnvironmentsThatAreMissing(MavenBuild maven, Workspace workspace) {
        prepare(workspace);

        maven.cache("exec")
                .property("cache.exec.workflow", "transcribe")
                .run()
                .failedWith("not installed: mux (venv/mux)", "-Dcache.createEnvironments=true");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aGigabyteOfOutputNeedsNoMemory(MavenBuild maven, Workspace workspace) {
        maven.jvm("-Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
                .cache("exec")
                .with("-l", "build.log")
                .property("cache.exec.command", "head -c 1000000000 /dev/zero")
                .run()
                .succeeded();

        assertThat(workspace.file("build.log").toFile().length()).isGreaterThan(1_000_000_000L);
    }

    @MavenBuildTest
    void aShellTakesWhatEnvPrints(MavenBuild maven, Workspace workspace) throws Exception {
        Workspace odd = workspace.write("it's/config/hardware_cache.json", CONFIG);
        Path project = odd.file("it's");
        // Newer Javas warn on standard error output of what old Mavens do; that never reaches the shell.
        List<String> lines = maven.in(project).cache("env").with("-q").run().succeeded().lines().stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING: "))
                .toList();

        Process shell = new ProcessBuilder("/bin/sh", "-c", String.join("\n", lines) + "\nprintf %s \"$TORCH_HOME\"")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(lines).allMatch(line -> line.startsWith("export "));
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(project.resolve(".cache/torch").toString());
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aDotenvFileKeepsItsOtherLines(MavenBuild maven, Workspace workspace) {
        workspace.write(".env", "# mine\nKEY=1\nHF_HOME=/old\n");

        maven.cache("env")
                .property("cache.format", "dotenv")
                .property("cache.output", ".env")
                .run()
                .succeeded();

        assertThat(workspace.read(".env"))
                .startsWith("# mine\nKEY=1\nHF_HOME=")
                .doesNotContain("/old")
                .contains("\nTORCH_HOME=");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void githubAppendsToItsFile(MavenBuild maven, Workspace workspace) {
        workspace.write("github.env", "A=1\n");

        maven.cache("env")
                .property("cache.format", "github")
                .env("GITHUB_ENV", workspace.file("github.env").toString())
                .run()
                .succeeded();

        assertThat(workspace.read("github.env")).startsWith("A=1\n").contains("\nHF_HOME=");
        maven.cache("env").property("cache.format", "github").run().failedWith("GITHUB_ENV is not set");
    }
}
