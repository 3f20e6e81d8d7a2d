package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.Patience;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

    /** Reads a line, says who it and its child are, and ends when it is told to. */
    private static final String TALKS_AND_WAITS =
            "sh -c 'read line; echo got $line; sleep 1000 & echo pids $$ $!; wait'";

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aStageReadsOurInputAndEndsWithMavenTogetherWithItsChildren(MavenBuild maven, Workspace workspace)
            throws Exception {
        prepare(workspace);
        Process build = maven.cache("exec")
                .property("cache.exec.stage", "asr")
                .property("cache.exec.command", "python " + TALKS_AND_WAITS)
                .start();
        try (BufferedReader output = build.inputReader()) {
            build.outputWriter().append("hello you\n").flush();
            awaitLine(output, "got hello you");
            List<ProcessHandle> stage = processes(output);

            build.destroy();

            assertGone(stage);
            assertThat(build.waitFor(10, TimeUnit.MINUTES)).isTrue();
            assertThat(build.exitValue()).isNotZero();
        } finally {
            build.destroyForcibly();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aStageEndsWhenMavenIsInterrupted(MavenBuild maven, Workspace workspace) throws Exception {
        assumeTrue(interruptsAreHeard(), "whoever started this build made its children deaf to SIGINT");
        Process build = maven.cache("exec")
                .property("cache.exec.command", TALKS_AND_WAITS)
                .start();
        try (BufferedReader output = build.inputReader()) {
            build.outputWriter().append("hello\n").flush();
            List<ProcessHandle> stage = processes(output);

            assertThat(sh("kill -INT " + build.pid())).isEmpty();

            assertGone(stage);
            assertThat(build.waitFor(10, TimeUnit.MINUTES)).isTrue();
        } finally {
            build.destroyForcibly();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aStageThatNeverEndsIsStoppedWithItsChildrenWhenTheTimeIsUp(MavenBuild maven, Workspace workspace)
            throws Exception {
        Patience.growing(patience -> {
            long limit = patience.plusSeconds(2).toSeconds();
            Process build = maven.cache("exec")
                    .property("cache.exec.command", TALKS_AND_WAITS)
                    .property("cache.exec.timeout", limit + "s")
                    .start();
            try (BufferedReader output = build.inputReader()) {
                build.outputWriter().append("hello\n").flush();
                List<ProcessHandle> stage = processes(output);
                assertThat(awaitLine(output, "[ERROR]"))
                        .contains("The command took longer than " + limit
                                + " seconds (cache.exec.timeout) and was stopped");
                assertGone(stage);
            } finally {
                build.destroyForcibly();
            }
        });
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aPomNamesStageAndCommandAsWords(MavenBuild maven, Workspace workspace) {
        prepare(workspace);
        workspace.write("pom.xml", """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>org.example</groupId>
                  <artifactId>stages</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <build>
                    <plugins>
                      <plugin>
                        <groupId>io.github.modelcache</groupId>
                        <artifactId>cache-maven-plugin</artifactId>
                        <version>%s</version>
                        <executions>
                          <execution>
                            <id>asr</id>
                            <phase>compile</phase>
                            <goals><goal>exec</goal></goals>
                            <configuration>
                              <stage>asr</stage>
                              <command>
                                <arg>python</arg>
                                <arg>echo</arg>
                                <arg>two  words</arg>
                                <arg>$HOME "x"</arg>
                              </command>
                            </configuration>
                          </execution>
                        </executions>
                      </plugin>
                    </plugins>
                  </build>
                </project>
                """.formatted(BuildSettings.version()));

        List<String> lines = maven.goals("compile").run().succeeded().lines();

        assertThat(lines).containsSequence("interpreter of " + workspace.file("venv/asr"), "two  words $HOME \"x\"");
    }

    private static boolean interruptsAreHeard() throws Exception {
        return sh("kill -INT $$; echo deaf").isEmpty();
    }

    private static String sh(String script) throws Exception {
        Process shell = new ProcessBuilder("/bin/sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String awaitLine(BufferedReader output, String text) throws Exception {
        List<String> before = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            before.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("The build ended without '" + text + "': " + before);
    }

    private static List<ProcessHandle> processes(BufferedReader output) throws Exception {
        String pids = awaitLine(output, "pids ");
        List<ProcessHandle> processes = Stream.of(
                        pids.substring(pids.indexOf("pids ") + 5).strip().split(" "))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
        assertThat(processes).as("the stage and its child").hasSize(2);
        return processes;
    }

    private static void assertGone(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(10, TimeUnit.MINUTES);
            assertThat(process.isAlive()).isFalse();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void whatCanNotBeRunIsNamedWithWhatToDo(MavenBuild maven, Workspace workspace) {
        prepare(workspace);
        workspace.write("notes.txt", "mine");
        MavenBuild exec = maven.cache("exec");

        exec.property("cache.exec.command", "./notes.txt").run().failedWith("notes.txt can't be executed", "chmod +x");
        exec.property("cache.exec.command", "''").run().failedWith("There is no command to run");
        exec.property("cache.exec.command", "true")
                .property("cache.exec.timeout", "5000y")
                .run()
                .failedWith("cache.exec.timeout is '5000y', expected a time such as 90s, 30m or 2h");
        exec.property("cache.exec.command", "true")
                .property("cache.exec.stage", "asr")
                .property("cache.exec.environment", "mux")
                .run()
                .failedWith("cache.exec.environment is 'mux', but the stage 'asr' runs in asr");
        String errors = exec.property("cache.exec.stage", "mux")
                .property("cache.exec.command", "true")
                .run()
                .failedWith("The environment mux is not installed", ":init -Dcache.createEnvironments=true")
                .errors();
        assertThat(errors.split("is not installed", -1)).as("said once").hasSize(2);
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
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
