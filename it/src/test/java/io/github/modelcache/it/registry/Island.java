package io.github.modelcache.it.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace of its own, from which one port of this machine's loopback can be reached, at the same address, and
 * nothing else: it has no interface but a loopback that is its own.
 */
public final class Island implements AutoCloseable {

    private final Process inside;
    private final Relay outside;

    private Island(Process inside, Relay outside) {
        this.inside = inside;
        this.outside = outside;
    }

    /**
     * Makes one; empty where the kernel lets this user make none, or a program for it is missing.
     *
     * @param folder where it may put a file; of a short name, as the kernel wants it
     */
    public static Optional<Island> withPort(int port, Path folder) throws IOException {
        Path socket = folder.resolve("port");
        Relay outside = Relay.toPort(socket, port);
        try {
            Process inside = new ProcessBuilder(
                            "unshare",
                            "--map-root-user",
                            "--net",
                            "sh",
                            "-c",
                            "ip link set lo up && exec \"$@\"",
                            "sh",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Relay.class.getName(),
                            String.valueOf(port),
                            socket.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader said = inside.inputReader(StandardCharsets.UTF_8);
            if ("ready".equals(said.readLine())) {
                return Optional.of(new Island(inside, outside));
            }
        } catch (IOException noSuchProgram) {
            outside.close();
            return Optional.empty();
        }
        outside.close();
        return Optional.empty();
    }

    /** What makes another command run there. */
    public List<String> command() {
        return List.of(
                "nsenter", "--target", String.valueOf(inside.pid()), "--user", "--net", "--preserve-credentials");
    }

    @Override
    public void close() throws IOException {
        inside.destroyForcibly();
        outside.close();
    }
}
