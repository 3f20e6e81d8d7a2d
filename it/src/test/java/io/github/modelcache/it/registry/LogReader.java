package io.github.modelcache.it.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads what a program prints as long as it runs: it must not wait for a reader. */
final class LogReader {

    private LogReader() {}

    static void follow(BufferedReader log, Consumer<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (String line = log.readLine(); line != null; line = log.readLine()) {
                            lines.accept(line);
                        }
                    } catch (IOException e) {
                        return; // it was stopped
                    }
                },
                "log-reader");
        thread.setDaemon(true);
        thread.start();
    }
}
