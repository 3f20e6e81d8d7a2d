package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.HardwareMode;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.environment.ChildProcess;
import io.github.modelcache.environment.EnvironmentCreation;
import io.github.modelcache.environment.EnvironmentException;
import io.github.modelcache.hardware.HardwareDetector;
import io.github.modelcache.hardware.Probes;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.setup.ProjectSetup;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.execution.ProjectDependencyGraph;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;

/**
 * Prepares a project: creates the cache folders and their CACHEDIR.TAG, creates or completes the config, records this
 * machine's hardware, adds the cache folders to .gitignore, and publishes the cache environment as project properties
 * (cache.env.TORCH_HOME and so on) for the plugins that run later.
 */
@Mojo(name = "init", defaultPhase = LifecyclePhase.INITIALIZE, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class InitMojo extends AbstractCacheMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.init.skip", defaultValue = "false")
    boolean skipInit;

    /** Prints what would be done, and does nothing. */
    @Parameter(property = "cache.dryRun", defaultValue = "false")
    boolean dryRun;

    /** What to do when this machine differs from the hardware in the config: refresh it, or keep it. */
    @Parameter(property = "cache.hardware", defaultValue = "refresh")
    String hardware;

    /**
     * Creates the Python environments of the config that are missing, with uv where it is installed, else with venv, and
     * installs their requirements files. What works already is not touched.
     */
    @Parameter(property = "cache.createEnvironments", defaultValue = "false")
    boolean createEnvironments;

    @Override
    Optional<String> skippedBy() {
        return skipInit ? Optional.of("cache.init.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, EnvironmentException, IOException {
        CacheConfig cache = readConfig();
        publish(cache);
        HardwareMode mode = mode(hardware);
        Plan plan = new ProjectSetup(cache)
                .plan(new HardwareDetector(Probes.ofThisMachine()).detect(), mode, Instant.now());
        Plan environments = createEnvironments ? environments(cache).plan() : new Plan(List.of());
        if (dryRun) {
            plan.and(environments).print(messages(), projectRoot(), command());
            return;
        }
        plan.run(messages(), projectRoot(), 1);
        String prepared = summary(plan);
        if (!prepared.isEmpty()) {
            getLog().info("Prepared " + prepared);
        }
        long leftovers =
                plan.actions().stream().filter(Action.Delete.class::isInstance).count();
        if (leftovers > 0) {
            getLog().info("Deleted " + leftovers + (leftovers == 1 ? " temporary file" : " temporary files")
                    + " that a stopped run had left");
        }
        environments.run(messages(), projectRoot(), 1);
    }

    private EnvironmentCreation environments(CacheConfig cache) {
        Map<String, String> variables =
                new HashMap<>(new CacheEnvironment(cache, home()).ofProcess(offline(), System.getenv()));
        if (offline()) {
            variables.put("PIP_NO_INDEX", "1");
            variables.put("UV_OFFLINE", "1");
        }
        StandardStreams streams = StandardStreams.of(session);
        ChildProcess children = new ChildProcess(streams.out(), streams.err());
        return new EnvironmentCreation(cache, variables, children, messages());
    }

    private static HardwareMode mode(String text) {
        return switch (text) {
            case "refresh" -> HardwareMode.REFRESH;
            case "keep" -> HardwareMode.KEEP;
            default -> throw new IllegalArgumentException("cache.hardware is '" + text + "', expected refresh or keep");
        };
    }

    private String summary(Plan plan) {
        long folders = plan.actions().stream()
                .filter(Action.CreateDirectory.class::isInstance)
                .count();
        String files = plan.actions().stream()
                .filter(Action.Write.class::isInstance)
                .map(action -> Plan.name(projectRoot(), action.target()))
                .collect(Collectors.joining(", "));
        String created = folders == 0 ? "" : folders + (folders == 1 ? " folder" : " folders");
        return created + (created.isEmpty() || files.isEmpty() ? "" : ", ") + files;
    }

    /** Every module gets them, also those whose own init waits for this one. */
    private void publish(CacheConfig cache) {
        CacheEnvironment environment = new CacheEnvironment(cache, home());
        Map<String, String> variables = environment.published(offline(), System.getenv());
        String misleading = String.join(",", environment.misleading());
        for (MavenProject project : allProjects()) {
            variables.forEach((name, value) -> project.getProperties().setProperty("cache.env." + name, value));
            project.getProperties().setProperty("cache.misleadingVariables", misleading);
        }
    }

    /** Also those of which the session has a copy now, because a goal such as spring-boot:run runs phases before itself. */
    private Set<MavenProject> allProjects() {
        Set<MavenProject> projects = Collections.newSetFromMap(new IdentityHashMap<>());
        projects.addAll(session.getProjects());
        ProjectDependencyGraph graph = session.getProjectDependencyGraph();
        if (graph != null) {
            projects.addAll(graph.getSortedProjects());
        }
        return projects;
    }
}
