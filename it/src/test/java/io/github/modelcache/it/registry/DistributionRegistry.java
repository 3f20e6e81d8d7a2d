package io.github.modelcache.it.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The registry of the CNCF's distribution project, on a free port of loopback. Its log of accesses is read along, so it
 * tells what it was asked.
 *
 * @see <a href="https://distribution.github.io/distribution/about/configuration/">Its configuration</a>
 */
public final class DistributionRegistry implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("listening on ([0-9.]+:[0-9]+)");

    private static final int PATIENCE_SECONDS = 600;

    /** A line in Apache's form. */
    private static final Pattern ACCESS = Pattern.compile("\\] \"([A-Z]+) (\\S+) HTTP/[0-9.]+\" (\\d{3}) (\\d+) ");

    /** The password in bcrypt, which is all that the registry takes. */
    private static final String HUNTER2 = "$2b$04$rfQpf6kK9uqugSiC/gBgl.QxS9L/45n51EwwYW8xtThMtgOvep402";

    private final Process process;
    private final String host;
    private final List<Answer> answers;

    private DistributionRegistry(Process process, String host, List<Answer> answers) {
        this.process = process;
        this.host = host;
        this.answers = answers;
    }

    /**
     * An answer that it gave.
     *
     * @param bytes of the body, as far as they were taken
     */
    public record Answer(String method, String path, int status, long bytes) {}

    /** Starts it with its data below a folder. */
    public static DistributionRegistry start(Program program, Path folder) throws IOException {
        return start(program, folder, "", "");
    }

    /** The same, over https, for the user {@code runner} with the password {@code hunter2}. */
    public static DistributionRegistry startSecured(Program program, Path folder, Certificate certificate)
            throws IOException {
        Path users = Files.writeString(folder.resolve("htpasswd"), "runner:" + HUNTER2 + "\n");
        return start(
                program,
                folder,
                ", tls: {certificate: %s, key: %s}".formatted(certificate.certificate(), certificate.key()),
                "auth: {htpasswd: {realm: tests, path: %s}}".formatted(users));
    }

    private static DistributionRegistry start(Program program, Path folder, String http, String more)
            throws IOException {
        Path config = Files.writeString(folder.resolve("registry.yml"), """
            version: 0.1
            log: {level: info}
            storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
            http: {addr: "127.0.0.1:0"%s}
            %s
            """.formatted(
                        Files.createDirectories(folder.resolve("registry")), http, more));
        Process process = program.command(List.of("serve", config.toString())).start();
        List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                LogReader.follow(log, said -> answer(said).ifPresent(answers::add));
                return new DistributionRegistry(process, listening.group(1), answers);
            }
        }
        throw new IOException(program.file() + " ended before it listened");
    }

    private static Optional<Answer> answer(String line) {
        Matcher access = ACCESS.matcher(line);
        return access.find()
                ? Optional.of(new Answer(
                        access.group(1),
                        access.group(2),
                        Integer.parseInt(access.group(3)),
                        Long.parseLong(access.group(4))))
                : Optional.empty();
    }

    /** Its host and port. */
    public String host() {
        return host;
    }

    /** What it has answered so far, oldest first; an answer is listed when its last byte was taken. */
    public List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    /** Waits for answers to be listed: one that was broken off is listed when the registry notices. */
    public void await(Predicate<List<Answer>> wanted) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!wanted.test(answers())) {
            if (System.nanoTime() > end) {
                throw new IOException("The registry has not listed such answers: " + answers());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Forgets what it has answered. */
    public void forget() {
        answers.clear();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
