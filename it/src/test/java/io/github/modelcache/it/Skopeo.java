package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** skopeo, which copies images between registries; {@code -Dit.skopeo=FILE} names another program. */
final class Skopeo {

    private Skopeo() {}

    /** Copies, or skips the test where skopeo is not installed. */
    static void copy(Path folder, String from, String to) throws IOException, InterruptedException {
        String program = Optional.ofNullable(System.getProperty("it.skopeo"))
                .filter(text -> !text.isBlank())
                .orElse("skopeo");
        assumeTrue(Programs.isThere(program), program + " is not installed; on Debian: apt-get install skopeo");
        Path policy = Files.writeString(
                folder.resolve("policy.json"), "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
        Process process = new ProcessBuilder(
                        program, "--policy", policy.toString(), "copy", "--dest-tls-verify=false", from, to)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
