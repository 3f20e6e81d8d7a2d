package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.DriveCheck;
import io.github.modelcache.http.ServerState;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.mojo.maven.BuildFolders;
import io.github.modelcache.mojo.maven.CommandHints;
import io.github.modelcache.mojo.maven.GivenParameters;
import io.github.modelcache.mojo.maven.LogMessages;
import io.github.modelcache.mojo.maven.MissingConfig;
import io.github.modelcache.mojo.maven.ModuleConfigs;
import io.github.modelcache.mojo.maven.OncePerReactor;
import io.github.modelcache.mojo.maven.ProjectRoot;
import io.github.modelcache.mojo.maven.ProjectRoots;
import io.github.modelcache.mojo.maven.SessionValues;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.python.EnvironmentException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The base of all goals: skips, runs once per reactor on the root folder, and maps errors. */
@SuppressWarnings("NullAway.Init") // Maven sets the parameters before it calls execute()
abstract class AbstractCacheMojo extends AbstractMojo {

    /** Enough for a drive that spins up. */
    private static final Duration DRIVE_PATIENCE = Duration.ofSeconds(10);

    /** The build. */
    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    MavenSession session;

    /** This execution of the goal. */
    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    MojoExecution execution;

    /** Skips every goal of this plugin. */
    @Parameter(property = "cache.skip", defaultValue = "false")
    boolean skip;

    /**
     * Path of the config file, relative to the project's root folder. The root folder is the nearest folder, from the
     * module upwards, that has this file.
     */
    @Parameter(property = "cache.config", defaultValue = ProjectRoots.USUAL)
    String config;

    /**
     * Uses this folder instead of the config's base_dir, for this run. A relative path starts at the project's root
     * folder.
     */
    @Parameter(property = "cache.baseDir")
    @Nullable
    String baseDir;

    /**
     * Fails if the config is missing or if the lock file does not cover every declared model. Resolves nothing and
     * writes neither of the two files.
     */
    @Parameter(property = "cache.frozen", defaultValue = "false")
    boolean frozen;

    private @Nullable ProjectRoot root;

    /** The setting that skips this goal, if it is set. */
    abstract Optional<String> skippedBy();

    abstract void run()
            throws ConfigException, LockException, ModelException, EnvironmentException, IOException,
                    MojoFailureException;

    /** Whether it deletes or moves files; then an unknown parameter is an error, otherwise a warning. */
    boolean deletes() {
        return false;
    }

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        Optional<String> reason = skip ? Optional.of("cache.skip") : skippedBy();
        if (reason.isPresent()) {
            getLog().info("Skipped (" + reason.get() + ")");
            return;
        }
        OncePerReactor reactor = OncePerReactor.of(session);
        reactor.first(
                "unused configs",
                () -> new ModuleConfigs(session, config).unused(execution).forEach(messages()::warn));
        for (ProjectRoot each : roots()) {
            root = each;
            if (inEachModule()) {
                runMapped(); // also in a forked lifecycle, whose copy of the project needs the result
            } else {
                reactor.run(work(), this::runMapped);
            }
            everyModule(reactor);
        }
    }

    /**
     * The roots of this module; empty if only other modules have a config. Maven runs a typed goal in the aggregator alone,
     * so there it works on the roots of all modules.
     */
    private List<ProjectRoot> roots() throws MojoExecutionException {
        ProjectRoot found = root();
        if (found.present() || found.elsewhere().isEmpty()) {
            return List.of(found);
        }
        String message = ModuleConfigs.elsewhere(found, config);
        if (found.aggregates()) {
            boolean typed = execution.getSource() == MojoExecution.Source.CLI;
            messages().info(message);
            return typed ? found.elsewhere() : List.of();
        }
        if (frozen) {
            throw new MojoExecutionException(message);
        }
        messages().warn(message);
        return List.of();
    }

    /** Work for every module, also for those that share the root of another one. */
    void everyModule(OncePerReactor reactor) {}

    /** The name of the work, which runs once per reactor for each root and configuration of the goal. */
    final String work() {
        return String.join(
                "/",
                execution.getGoal(),
                execution.getExecutionId(),
                String.valueOf(execution.getConfiguration()),
                root().config().toString(),
                projectRoot().toString());
    }

    /** Whether it has to be done in each module that asks for it, because it writes into that module's build folder. */
    boolean inEachModule() {
        return false;
    }

    /** Where the current module's build writes to: its {@code target}; that of the root where there is no POM. */
    final Path buildFolder() {
        MavenProject project = session.getCurrentProject();
        return project.getFile() == null
                ? projectRoot().resolve("target")
                : Path.of(project.getBuild().getDirectory()).toAbsolutePath().normalize();
    }

    private void runMapped() throws MojoExecutionException, MojoFailureException {
        try {
            requireKnownParameters();
            run();
        } catch (ConfigException
                | LockException
                | ModelException
                | EnvironmentException
                | IOException
                | IllegalArgumentException e) {
            throw GoalFailure.of(e, projectRoot(), commands());
        }
    }

    private void requireKnownParameters() {
        Set<String> problems = new GivenParameters(session, execution).problems();
        if (deletes() && !problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", problems) + " Nothing was changed");
        }
        warnOnce(problems);
    }

    /** Prints each warning once per build. */
    private void warnOnce(Collection<String> warnings) {
        warnings.stream()
                .filter(warning -> OncePerReactor.of(session).first("warning: " + warning))
                .forEach(messages()::warn);
    }

    private ProjectRoot root() {
        if (root == null) {
            root = new ProjectRoots(config).of(session, session.getCurrentProject());
        }
        return root;
    }

    final Path projectRoot() {
        return root().folder();
    }

    /** A parameter without surrounding blanks; empty if it is missing or blank. */
    static Optional<String> given(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    static Path home() {
        return Path.of(System.getProperty("user.home")).toAbsolutePath().normalize();
    }

    /** The config with the overrides of this run; fails if a root does not answer. */
    final CacheConfig readConfig() throws ConfigException, IOException {
        Path folder = projectRoot();
        List<String> warnings = new ArrayList<>();
        CacheConfig cache =
                ConfigReader.read(folder, configFile(), given(baseDir).map(Path::of), warnings::add);
        warnOnce(warnings);
        if (!cache.present()) {
            new MissingConfig(folder, configFile()).require(frozen);
        }
        OncePerReactor.of(session)
                .first(
                        "base folder " + cache.baseDir(),
                        () -> new BuildFolders(session)
                                .warning(cache.baseDir(), folder)
                                .ifPresent(messages()::warn));
        new DriveCheck(DRIVE_PATIENCE)
                .require(cache.roots().stream().map(CacheRoot::path).toList());
        return cache;
    }

    final Path configFile() {
        return root().config();
    }

    final LockFile lockFile() {
        return LockFile.beside(configFile());
    }

    /** Passes values of this run to the modules of its root. */
    final Publication publication() {
        return new Publication(session, config, projectRoot(), work());
    }

    final boolean offline() {
        return session.isOffline();
    }

    /** The form of commands in this build. */
    final CommandHints commands() {
        Map<String, String> repeated = new TreeMap<>();
        if (baseDir != null && !baseDir.isBlank()) {
            repeated.put("cache.baseDir", baseDir);
        }
        if (!config.equals(ProjectRoots.USUAL)) {
            repeated.put("cache.config", config);
        }
        return CommandHints.of(session, execution.getVersion(), repeated);
    }

    /** Maven's log for features. */
    final Messages messages() {
        return new LogMessages(getLog(), commands(), BuildProgress.of(session, getLog()));
    }

    /** Prints a result to standard output, which works with -q too. */
    final void printRaw(String text) {
        StandardStreams.of(session).print(text);
    }

    /** Prints the lines of a result, with the commands of this build. */
    final void printLines(List<String> lines) {
        printRaw(lines.stream()
                .map(line -> commands().apply(line) + System.lineSeparator())
                .collect(Collectors.joining()));
    }

    /** The state of servers in this build. */
    final ServerState servers() {
        return SessionValues.get(session, ServerState.class, () -> new ServerState(messages()::warn));
    }

    /** The command that runs this goal again without a dry run; the caller adds the {@code added} properties. */
    final String command(String... added) {
        return CommandHints.command(execution.getGoal(), session.getUserProperties(), Set.of(added));
    }
}
