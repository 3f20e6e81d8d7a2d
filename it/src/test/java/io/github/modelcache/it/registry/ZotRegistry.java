package io.github.modelcache.it.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** zot, another registry, on a free port of loopback. */
public final class ZotRegistry implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("kernel chosen port\",\"port\":([0-9]+)");

    private final Process process;
    private final String host;

    private ZotRegistry(Process process, String host) {
        this.process = process;
        this.host = host;
    }

    /** Starts it with its data below a folder. */
    public static ZotRegistry start(Program program, Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("zot.json"), """
                {"distSpecVersion": "1.1.1", "storage": {"rootDirectory": "%s"},
                 "http": {"address": "127.0.0.1", "port": "0"}, "log": {"level": "info", "output": "/dev/stdout"}}
                """.formatted(folder.resolve("zot")));
        Process process = program.command(List.of("serve", config.toString())).start();
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                LogReader.follow(log, ignored -> {});
                return new ZotRegistry(process, "127.0.0.1:" + listening.group(1));
            }
        }
        throw new IOException(program.file() + " ended before it listened");
    }

    /** Its host and port. */
    public String host() {
        return host;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
