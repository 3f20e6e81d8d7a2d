package io.github.modelcache.python;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.PythonEnvironment;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.process.SearchPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates the missing virtual environments of the config with {@code uv} if it is installed, otherwise with {@code venv}.
 * Never changes a working environment.
 *
 * @see <a href="https://docs.astral.sh/uv/pip/environments/">uv venv</a>
 */
public final class EnvironmentCreation {

    private final CacheConfig config;
    private final Map<String, String> variables;
    private final SearchPath programs;
    private final ChildProcess children;
    private final Messages messages;

    /** A creation for one project; {@code variables} is the environment of uv, venv and pip. */
    public EnvironmentCreation(
            CacheConfig config, Map<String, String> variables, ChildProcess children, Messages messages) {
        this.config = config;
        this.variables = Map.copyOf(variables);
        this.programs = SearchPath.of(variables);
        this.children = children;
        this.messages = messages;
    }

    /**
     * The enabled environments that are not completely installed.
     *
     * @throws EnvironmentException if the path of one is occupied
     */
    public Plan plan() throws EnvironmentException, IOException {
        List<Action> actions = new ArrayList<>();
        for (PythonEnvironment entry : config.environments().values()) {
            VirtualEnvironment environment = new VirtualEnvironment(entry);
            if (entry.enabled() && !environment.installed()) {
                requirePlace(environment);
                requireFile(entry);
                actions.add(new Action.Install(entry.path(), purpose(entry), () -> create(environment)));
            }
        }
        return new Plan(actions);
    }

    private String purpose(PythonEnvironment entry) {
        String requirements = entry.requirements()
                .map(file -> ", " + Plan.name(config.projectRoot(), file))
                .orElse("");
        return "the environment " + entry.name() + requirements;
    }

    /** Rejects a folder with other content; a broken environment may be created again. */
    private void requirePlace(VirtualEnvironment environment) throws EnvironmentException, IOException {
        Path folder = environment.entry().path();
        Path note = environment.unfinished();
        if (Files.exists(note, LinkOption.NOFOLLOW_LINKS) && !environment.isUnfinished()) {
            throw new EnvironmentException(Plan.name(config.projectRoot(), note)
                    + " must be a regular file that marks an unfinished environment; delete it");
        }
        if (Files.isSymbolicLink(folder) && !Files.exists(folder)) {
            throw new EnvironmentException(Plan.name(config.projectRoot(), folder)
                    + " is a broken link; attach the disk that it leads to, or delete the link");
        }
        if (!Files.exists(folder)
                || Files.exists(folder.resolve("pyvenv.cfg"))
                || environment.isUnfinished()
                || isEmpty(folder)) {
            return;
        }
        throw new EnvironmentException(Plan.name(config.projectRoot(), folder)
                + ", where the config wants the environment "
                + environment.entry().name() + ", is not a virtual environment; move it away, or change the"
                + " environment's path");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            return !content.iterator().hasNext();
        }
    }

    private void requireFile(PythonEnvironment entry) throws EnvironmentException {
        Optional<Path> missing = entry.requirements().filter(file -> !Files.isRegularFile(file));
        if (missing.isPresent()) {
            throw new EnvironmentException("The environment " + entry.name() + " names the requirements file "
                    + Plan.name(config.projectRoot(), missing.get()) + ", which is not there; write it, or take"
                    + " \"requirements\" out of the config");
        }
    }

    private long create(VirtualEnvironment environment) throws IOException {
        PythonEnvironment entry = environment.entry();
        Path folder = entry.path();
        String name = Plan.name(config.projectRoot(), folder);
        Optional<Path> uv = programs.find("uv");
        messages.info("Creating the environment " + entry.name() + " in " + name + " with "
                + (uv.isPresent() ? "uv" : "venv"));
        Files.createDirectories(folder);
        // not through a temporary file, which a killed run would leave in the folder
        if (!environment.isUnfinished()) {
            Files.writeString(
                    environment.unfinished(), "This environment is not complete yet.\n", StandardOpenOption.CREATE_NEW);
        }
        if (uv.isPresent()) {
            run(entry, uv.get().toString(), "venv", "--quiet", "--allow-existing", folder.toString());
        } else {
            run(entry, python().toString(), "-m", "venv", folder.toString());
        }
        if (entry.requirements().isPresent()) {
            Path file = entry.requirements().get();
            messages.info("Installing " + Plan.name(config.projectRoot(), file) + " into " + name);
            install(environment, uv, file);
        }
        Files.delete(environment.unfinished());
        return 0;
    }

    private void install(VirtualEnvironment environment, Optional<Path> uv, Path file) throws IOException {
        String interpreter = environment.interpreter().toString();
        if (uv.isPresent()) {
            run(
                    environment.entry(),
                    uv.get().toString(),
                    "pip",
                    "install",
                    "--quiet",
                    "--python",
                    interpreter,
                    "-r",
                    file.toString());
        } else {
            run(
                    environment.entry(),
                    interpreter,
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "-r",
                    file.toString());
        }
    }

    private Path python() throws IOException {
        return programs.find("python3")
                .or(() -> programs.find("python"))
                .orElseThrow(
                        () -> new IOException("python3, python and uv are missing on the PATH; install one of them"));
    }

    private void run(PythonEnvironment entry, String... command) throws IOException {
        try {
            int exit =
                    children.run(new StageCommand(List.of(command), variables), config.projectRoot(), Optional.empty());
            if (exit != 0) {
                throw new IOException(
                        "The environment " + entry.name() + " can't be created: " + String.join(" ", command)
                                + " ended with exit code " + exit + "; see its output above. To try again, run"
                                + " mvn cache:init -Dcache.createEnvironments=true");
            }
        } catch (EnvironmentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
