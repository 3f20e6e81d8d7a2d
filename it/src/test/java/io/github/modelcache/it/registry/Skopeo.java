package io.github.modelcache.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** skopeo, which copies images between registries and folders. */
public final class Skopeo {

    private final Program program;
    private final Path policy;

    /**
     * A skopeo that trusts everybody.
     *
     * @param folder where it may put a file
     */
    public Skopeo(Program program, Path folder) throws IOException {
        this.program = program;
        this.policy = Files.writeString(
                folder.resolve("policy.json"), "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
    }

    /** Copies an artifact with its manifest. */
    public void copy(String from, String to) throws IOException, InterruptedException {
        run("copy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", from, to);
    }

    /** Copies an index with the manifests of all platforms. */
    public void copyAll(String from, String to) throws IOException, InterruptedException {
        run("copy", "--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", from, to);
    }

    /** The very bytes of a manifest. */
    public String manifest(String from) throws IOException, InterruptedException {
        return run("inspect", "--raw", "--tls-verify=false", from);
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--policy", policy.toString()));
        all.addAll(List.of(arguments));
        Process process = program.command(all).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
