package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.HardwareMode;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.hardware.HardwareDetector;
import io.github.modelcache.hardware.Probes;
import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.mojo.maven.DependencyTree;
import io.github.modelcache.mojo.maven.NativeLibraries;
import io.github.modelcache.mojo.maven.OncePerReactor;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.python.ChildProcess;
import io.github.modelcache.python.EnvironmentCreation;
import io.github.modelcache.python.EnvironmentException;
import io.github.modelcache.setup.ProjectSetup;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.ProjectDependenciesResolver;

/**
 * Prepares a project: creates the cache folders, creates or completes the config, detects the hardware, adds the cache
 * folders to .gitignore, and publishes the environment as project properties (cache.env.TORCH_HOME and so on) for
 * plugins that run later.
 */
@Mojo(name = "init", defaultPhase = LifecyclePhase.INITIALIZE, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class InitMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.init.skip", defaultValue = "false")
    boolean skipInit;

    /**
     * When to write this machine's hardware into the config: auto (if the config has none, or if git does not track the
     * config), write (always) or keep (never).
     */
    @Parameter(property = "cache.hardware", defaultValue = "auto")
    String hardware;

    /**
     * Creates the Python environments that are missing, with uv if it is installed, otherwise with venv, and installs
     * their requirements files. Existing environments are not changed.
     */
    @Parameter(property = "cache.createEnvironments", defaultValue = "false")
    boolean createEnvironments;

    @Inject
    ProjectDependenciesResolver dependencies;

    @Override
    Optional<String> skippedBy() {
        return skipInit ? Optional.of("cache.init.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, EnvironmentException, IOException {
        CacheConfig cache = readConfig();
        Hardware machine = new HardwareDetector(Probes.ofThisMachine()).detect();
        publish(cache, machine);
        Plan plan = new ProjectSetup(cache, frozen).plan(machine, mode(cache, machine), Instant.now());
        Plan environments = createEnvironments ? environments(cache).plan() : new Plan(List.of());
        if (dryRun) {
            print(plan.and(environments), command());
            return;
        }
        plan.run(messages(), projectRoot(), 1);
        String prepared = summary(plan, new PluginDirectory(cache).folder());
        if (!prepared.isEmpty()) {
            getLog().info("Prepared " + prepared);
        }
        long leftovers =
                plan.actions().stream().filter(Action.Delete.class::isInstance).count();
        if (leftovers > 0) {
            getLog().info("Deleted " + Words.count(leftovers, "temporary file") + " left by a stopped run");
        }
        environments.run(messages(), projectRoot(), 1);
    }

    private EnvironmentCreation environments(CacheConfig cache) {
        Map<String, String> variables =
                new HashMap<>(new CacheEnvironment(cache, home()).ofProcess(offline() || frozen, System.getenv()));
        if (offline()) {
            variables.put("PIP_NO_INDEX", "1");
            variables.put("UV_OFFLINE", "1");
        }
        StandardStreams streams = StandardStreams.of(session);
        ChildProcess children = new ChildProcess(streams.out(), streams.err());
        return new EnvironmentCreation(cache, variables, children, messages());
    }

    private HardwareMode mode(CacheConfig cache, Hardware machine) {
        return switch (hardware) {
            case "auto" -> {
                boolean differs =
                        cache.hardware().isPresent() && !cache.hardware().get().equals(machine);
                yield differs && !SharedConfig.isTracked(cache.file()) ? HardwareMode.WRITE : HardwareMode.ADD;
            }
            case "write" -> HardwareMode.WRITE;
            case "keep" -> HardwareMode.KEEP;
            default ->
                throw new IllegalArgumentException(
                        "cache.hardware is '" + hardware + "', expected auto, write or keep");
        };
    }

    /** The changes without the plugin's own files. */
    private String summary(Plan plan, Path own) {
        long folders = plan.actions().stream()
                .filter(Action.CreateDirectory.class::isInstance)
                .count();
        String files = plan.actions().stream()
                .filter(action ->
                        action instanceof Action.Write && !action.target().startsWith(own))
                .map(action -> Plan.name(projectRoot(), action.target()))
                .collect(Collectors.joining(", "));
        String created = folders == 0 ? "" : Words.count(folders, "folder");
        return created + (created.isEmpty() || files.isEmpty() ? "" : ", ") + files;
    }

    private void publish(CacheConfig cache, Hardware machine) throws IOException {
        CacheEnvironment environment = new CacheEnvironment(cache, home());
        Properties properties = new Properties();
        environment
                .published(offline() || frozen, System.getenv())
                .forEach((name, value) -> properties.setProperty("cache.env." + name, value));
        for (JsonMember member : machine.toJson().members()) {
            properties.setProperty("cache.hardware." + member.name(), text(member.value()));
        }
        properties.setProperty("cache.misleadingVariables", String.join(",", environment.misleading()));
        properties.putAll(Publication.paths(NamedModel.of(
                cache, cache.models().isEmpty() ? Lock.EMPTY : lockFile().readOrEmpty())));
        publication().publish(properties);
    }

    private static String text(Json value) {
        return value instanceof JsonString string
                ? string.value()
                : JsonWriter.write(value).strip();
    }

    @Override
    void everyModule(OncePerReactor reactor) {
        publication().publishAgain();
        if (offline() || frozen) {
            NativeLibraries.missing(new DependencyTree(dependencies, session).direct())
                    .forEach(messages()::info);
        }
    }
}
