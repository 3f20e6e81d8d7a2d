package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Python environment with pinned packages below {@code it/target/clients}, kept until its pins change.
 *
 * @param name of its requirements in {@code clients/}
 * @param home the environment
 * @param network how a run is kept from it
 */
record PythonClient(String name, Path home, Network network) {

    private static final long TIMEOUT_MINUTES = 60;
    private static final String REQUIREMENTS = "requirements.txt";
    private static final String ON = "# On: ";

    /** What an index is given where there is another way: a second try, and then the other way. */
    private static final List<String> BRIEFLY = List.of("--retries", "1", "--timeout", "20");

    /** The environment whose packages another one sees too, so that gigabytes are there once; named in a line. */
    static Optional<String> base(String name) {
        return resource(name + ".txt")
                .lines()
                .filter(line -> line.startsWith(ON))
                .map(line -> line.substring(ON.length()))
                .findFirst();
    }

    /**
     * Makes an environment where it is not there already.
     *
     * @param base what {@link #base} told
     */
    static PythonClient make(String name, Optional<PythonClient> base) {
        PythonClient client = new PythonClient(name, folder().resolve(name), Network.find());
        try {
            String wanted = resource(name + ".txt");
            Path made = client.home().resolve(REQUIREMENTS);
            if (!Files.exists(made) || !Files.readString(made).equals(wanted)) {
                client.make(made, wanted, base);
            }
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code -Dit.clients=DIR} names a folder of environments that outlives {@code clean}. */
    private static Path folder() {
        String given = System.getProperty("it.clients", "");
        return given.isEmpty() ? BuildSettings.target().resolve("clients") : Path.of(given);
    }

    private void make(Path made, String wanted, Optional<PythonClient> base) throws IOException {
        Files.createDirectories(home);
        build("python3", "-m", "venv", "--clear", home.toString()).succeeded();
        if (base.isPresent()) {
            Files.writeString(packages().resolve("base.pth"), base.get().packages() + "\n");
        }
        Path pins = Files.writeString(home.resolve("wanted.txt"), wanted);
        Optional<String> otherwise = find(name + "-otherwise.txt");
        if (otherwise.isEmpty()) {
            install(pins, List.of()).succeeded();
        } else if (install(pins, BRIEFLY).exitCode() != 0) {
            Path others = Files.writeString(home.resolve("otherwise.txt"), otherwise.get());
            install(others, List.of()).succeeded();
        }
        Files.move(pins, made, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The lists of packages are complete, so that none brings along what its machine does not need. */
    private Ran install(Path pins, List<String> options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/python").toString(), "-m", "pip", "install"));
        command.addAll(List.of("--quiet", "--no-deps", "-r", pins.toString()));
        command.addAll(options);
        return build(command.toArray(String[]::new));
    }

    private Path packages() throws IOException {
        Ran told = build(
                home.resolve("bin/python").toString(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))");
        return Path.of(told.succeeded().output().strip());
    }

    /** Runs a step of making the environment, with what the outer build knows about indexes and proxies. */
    private Ran build(String... command) throws IOException {
        Path log = folder().resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Ran(exitCode(process), text(log), String.join(" ", command));
    }

    /** What a run left behind. */
    record Ran(int exitCode, String output, String errors) {

        Ran succeeded() {
            assertThat(exitCode).as("exit code of %s", this).isZero();
            return this;
        }

        /** The last line of the output, as JSON. */
        JsonNode json() {
            succeeded();
            return JsonMapper.shared()
                    .readTree(output.lines().reduce((first, second) -> second).orElse(""));
        }
    }

    /**
     * A place to run in: the caches of the workspace's project.
     *
     * @param hub the hub, if the network is there
     * @param extra more of the environment
     * @param inside the command that starts another one where only some of the network is there; empty for all of it
     */
    record Place(Workspace workspace, Optional<URI> hub, Map<String, String> extra, List<String> inside) {

        Place {
            extra = Map.copyOf(extra);
            inside = List.copyOf(inside);
        }

        /** A place without a network. */
        static Place offline(Workspace workspace) {
            return new Place(workspace, Optional.empty(), Map.of(), List.of());
        }

        /** A place that reaches this hub. */
        static Place online(Workspace workspace, URI hub) {
            return new Place(workspace, Optional.of(hub), Map.of(), List.of());
        }

        /** The same place, in the network that a command leads into. */
        Place in(List<String> command) {
            return new Place(workspace, hub, extra, command);
        }

        /** The same place with one more variable. */
        Place env(String variable, String value) {
            Map<String, String> more = new HashMap<>(extra);
            more.put(variable, value);
            return new Place(workspace, hub, more, inside);
        }
    }

    /** Runs a script of {@code clients/}. */
    Ran script(Place place, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bin/python", copied(place, script)));
        command.addAll(List.of(arguments));
        return run(place, command.toArray(String[]::new));
    }

    /** Runs a program of the environment, such as {@code bin/hf}. */
    Ran run(Place place, String... command) {
        List<String> whole = new ArrayList<>(place.hub().isPresent() ? place.inside() : network.cut());
        whole.add(home.resolve(command[0]).toString());
        whole.addAll(List.of(command).subList(1, command.length));
        try {
            Path output = Files.createTempFile(place.workspace().root(), "client-", ".out");
            Path errors = Files.createTempFile(place.workspace().root(), "client-", ".err");
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .directory(place.workspace().root().toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment(place));
            int exitCode = exitCode(builder.start());
            return new Ran(exitCode, text(output), text(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment(Place place) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                place.workspace().home().toString(),
                "LC_ALL",
                "C.UTF-8",
                "HF_HOME",
                place.workspace().file(".cache/huggingface").toString(),
                "TORCH_HOME",
                place.workspace().file(".cache/torch").toString(),
                "HF_HUB_DISABLE_UPDATE_CHECK",
                "1",
                "HF_HUB_DISABLE_TELEMETRY",
                "1",
                "OMP_NUM_THREADS",
                "1"));
        if (place.hub().isPresent()) {
            environment.put("HF_ENDPOINT", place.hub().get().toString());
        } else {
            // The flag, and no route: a client that forgets the flag somewhere fails.
            environment.put("HF_HUB_OFFLINE", "1");
            environment.put("HF_ENDPOINT", "http://127.0.0.1:9");
            copied(place, "no_network/sitecustomize.py");
            environment.put("PYTHONPATH", scripts(place).resolve("no_network").toString());
        }
        environment.putAll(place.extra());
        return environment;
    }

    private static String copied(Place place, String script) {
        Path target = scripts(place).resolve(script);
        place.workspace().write(target, resource(script));
        return target.toString();
    }

    private static Path scripts(Place place) {
        return place.workspace().root().resolve("scripts");
    }

    static String resource(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("There is no resource clients/" + name));
    }

    private static Optional<String> find(String name) {
        try (InputStream in = PythonClient.class.getResourceAsStream("/clients/" + name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exitCode(Process process) throws IOException {
        try {
            if (process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            throw new IllegalStateException("Still running after " + TIMEOUT_MINUTES + " minutes: " + process.info());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
