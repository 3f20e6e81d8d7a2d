package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.python.ChildProcess;
import io.github.modelcache.python.EnvironmentException;
import io.github.modelcache.python.PythonEnvironments;
import io.github.modelcache.python.StageCommand;
import io.github.modelcache.python.VirtualEnvironment;
import io.github.modelcache.units.Age;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in a Python environment of the project, with all cache variables set. If the command fails, the build
 * fails. If Maven is stopped, the command and the processes that it started are stopped too.
 */
@Mojo(name = "exec", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class ExecMojo extends AbstractChangingMojo {

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Skips this goal. */
    @Parameter(property = "cache.exec.skip", defaultValue = "false")
    boolean skipExec;

    /**
     * Name of the environment in the config. Without an environment and a stage, the command runs without a Python
     * environment.
     */
    @Parameter(property = "cache.exec.environment")
    @Nullable
    String environment;

    /** Name of the stage to run. The config's stage_to_environment_mapping names its environment. */
    @Parameter(property = "cache.exec.stage")
    @Nullable
    String stage;

    /** Name of a workflow. All its environments must be installed before the command runs. */
    @Parameter(property = "cache.exec.workflow")
    @Nullable
    String workflow;

    /** The command as one line. A leading python, or a leading script name, uses the environment's own interpreter. */
    @Parameter(property = "cache.exec.command")
    @Nullable
    String commandLine;

    /** The command for the POM, with one arg element for each word. */
    @Parameter
    @Nullable
    List<String> command;

    /** Time limit of the command, such as 90s, 30m or 2h. Default: no limit. */
    @Parameter(property = "cache.exec.timeout")
    @Nullable
    String timeout;

    @Override
    Optional<String> skippedBy() {
        return skipExec ? Optional.of("cache.exec.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, EnvironmentException, IOException {
        CacheConfig cache = readConfig();
        PythonEnvironments environments = new PythonEnvironments(cache);
        List<String> words = words();
        if (given(workflow).isPresent()) {
            int installed = environments.ofWorkflow(given(workflow).get()).size();
            getLog().info("The workflow " + workflow + " has all its environments (" + installed + ")");
            if (words.isEmpty()) {
                return;
            }
        }
        Optional<Duration> limit = limit();
        Optional<VirtualEnvironment> chosen = chosen(environments);
        Map<String, String> variables =
                new CacheEnvironment(cache, home()).ofProcess(offline() || frozen, System.getenv());
        RunningHubs.of(session).url(projectRoot()).ifPresent(url -> variables.put("HF_ENDPOINT", url.toString()));
        StageCommand stageCommand = StageCommand.of(chosen, words, projectRoot(), variables);
        String shown = String.join(" ", words);
        String where = chosen.map(
                        found -> " in the environment " + found.entry().name())
                .orElse("");
        if (dryRun) {
            dryRunMessages().info("Would run " + shown + where + "; to run it: " + command());
            return;
        }
        StandardStreams streams = StandardStreams.of(session);
        int exit = new ChildProcess(streams.out(), streams.err()).run(stageCommand, projectRoot(), limit);
        if (exit != 0) {
            throw new EnvironmentException(
                    "The command '" + shown + "'" + where + " ended with exit code " + exit + "; see its output above");
        }
    }

    private Optional<VirtualEnvironment> chosen(PythonEnvironments environments) throws EnvironmentException {
        Optional<String> byName = given(environment);
        Optional<String> byStage = given(stage);
        if (byName.isPresent() && byStage.isPresent()) {
            VirtualEnvironment ofStage = environments.ofStage(byStage.get());
            if (!ofStage.entry().name().equals(byName.get())) {
                throw new EnvironmentException("cache.exec.environment is '" + byName.get()
                        + "', but the stage '" + byStage.get() + "' runs in "
                        + ofStage.entry().name() + "; leave one of the two out");
            }
            return Optional.of(ofStage);
        }
        if (byName.isPresent()) {
            return Optional.of(environments.named(byName.get()));
        }
        return byStage.isPresent() ? Optional.of(environments.ofStage(byStage.get())) : Optional.empty();
    }

    private List<String> words() throws EnvironmentException {
        Optional<String> line = given(commandLine);
        if (line.isPresent()) {
            return StageCommand.words(line.get());
        }
        return command == null ? List.of() : List.copyOf(command);
    }

    private Optional<Duration> limit() {
        if (given(timeout).isEmpty()) {
            return Optional.empty();
        }
        String text = given(timeout).get();
        String expected = "cache.exec.timeout is '" + text + "', expected a time such as 90s, 30m or 2h";
        // Age reads a bare number as days.
        if (!text.matches(".*\\D")) {
            throw new IllegalArgumentException(expected);
        }
        try {
            Duration limit = Age.parse(text);
            if (limit.isZero() || limit.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(expected + ", " + Age.format(LONGEST) + " at most");
            }
            return Optional.of(limit);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }
}
