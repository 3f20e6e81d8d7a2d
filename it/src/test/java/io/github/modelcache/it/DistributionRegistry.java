package io.github.modelcache.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The registry of the CNCF's distribution project, on a free port of loopback. Debian has it as {@code docker-registry};
 * {@code -Dit.registry=FILE} names another program.
 *
 * @see <a href="https://distribution.github.io/distribution/about/configuration/">Its configuration</a>
 */
final class DistributionRegistry implements AutoCloseable {

    private static final String PROGRAM = "docker-registry";
    private static final Pattern LISTENING = Pattern.compile("listening on ([0-9.]+:[0-9]+)");

    /** The password in bcrypt, which is all that the registry takes. */
    private static final String HUNTER2 = "$2b$04$rfQpf6kK9uqugSiC/gBgl.QxS9L/45n51EwwYW8xtThMtgOvep402";

    private final Process process;
    private final String host;

    private DistributionRegistry(Process process, String host) {
        this.process = process;
        this.host = host;
    }

    /** Starts it with its data below a folder, or skips the test where the program is not installed. */
    static DistributionRegistry start(Path folder) throws IOException {
        return start(folder, "", "");
    }

    /** The same, over https, for the user {@code runner} with the password {@code hunter2}. */
    static DistributionRegistry startSecured(Path folder, Certificate certificate) throws IOException {
        Path users = Files.writeString(folder.resolve("htpasswd"), "runner:" + HUNTER2 + "\n");
        return start(
                folder,
                ", tls: {certificate: %s, key: %s}".formatted(certificate.certificate(), certificate.key()),
                "auth: {htpasswd: {realm: tests, path: %s}}".formatted(users));
    }

    private static DistributionRegistry start(Path folder, String http, String more) throws IOException {
        String program = Optional.ofNullable(System.getProperty("it.registry"))
                .filter(text -> !text.isBlank())
                .orElse(PROGRAM);
        assumeTrue(Programs.isThere(program), program + " is not installed; on Debian: apt-get install " + PROGRAM);
        Path config = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                log: {level: info}
                storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                http: {addr: "127.0.0.1:0"%s}
                %s
                """.formatted(
                        Files.createDirectories(folder.resolve("registry")), http, more));
        Process process = new ProcessBuilder(program, "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                drain(log);
                return new DistributionRegistry(process, listening.group(1));
            }
        }
        throw new IOException(program + " ended before it listened");
    }

    /** Nobody reads its log, and it must not wait for that. */
    private static void drain(BufferedReader log) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (log.readLine() != null) {
                            // on
                        }
                    } catch (IOException e) {
                        return; // it was stopped
                    }
                },
                "registry-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Its host and port. */
    String host() {
        return host;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
