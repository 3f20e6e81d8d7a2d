package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.registry.Island;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code cache:serve} on the command line, and a network from which nothing but its port can be reached.
 *
 * @param build what serves
 * @param said what the build prints
 * @param url where it serves
 * @param island where its clients are
 */
record Serving(Process build, BufferedReader said, URI url, Island island) implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("Serving \\d+ models? at (http://\\S+)");

    /** Serves what a workspace has, until it is closed. */
    static Serving start(MavenBuild maven, Workspace workspace) throws IOException {
        Process build =
                maven.cache("serve").property("cache.serve.port", "0").offline().start();
        BufferedReader said = build.inputReader(StandardCharsets.UTF_8);
        URI url = url(said);
        Optional<Island> island = Island.withPort(url.getPort(), workspace.root());
        if (island.isEmpty()) {
            build.destroy();
        }
        assumeTrue(island.isPresent(), "This user can't make a network namespace");
        return new Serving(build, said, url, island.orElseThrow());
    }

    private static URI url(BufferedReader said) throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return URI.create(address.group(1));
            }
            before.append(line).append('\n');
        }
        throw new AssertionError("The server did not start:\n" + before);
    }

    /** Where a Python program has no other network than the port of the server, and the caches of a workspace. */
    PythonClient.Place place(Workspace workspace) {
        return PythonClient.Place.online(workspace, url).in(island.command());
    }

    /** Runs a build that reaches nothing else, and tells what it printed. */
    String inside(MavenBuild maven) throws IOException, InterruptedException {
        Process process = maven.start(island.command());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** Ends the server, as Ctrl-C does, and tells what it printed since it started. */
    String stop() {
        build.toHandle().destroy(); // The process would close what it printed.
        String lines = said.lines().collect(Collectors.joining("\n"));
        assertThat(lines).doesNotContain("[ERROR]");
        return lines;
    }

    @Override
    public void close() throws IOException {
        build.destroy();
        island.close();
    }
}
