package io.github.modelcache.it.client;

import io.github.modelcache.it.maven.BuildSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/** What every client did, printed once all of them are through. */
final class ClientTable implements AutoCloseable {

    private static final String FORMAT = "%-18s %-32s %-15s %8s %12s %9s%n";

    private final ConcurrentSkipListSet<String> rows = new ConcurrentSkipListSet<>();

    /**
     * Adds a row.
     *
     * @param direction who filled the cache, and who took it
     * @param offline whether the second of them loaded it without a network
     * @param requests what the second of them asked of the hub
     * @param bytes of files that the second of them got from the hub
     * @param newFiles what the second of them added to the hub's cache
     */
    void add(PythonClient client, String direction, boolean offline, int requests, long bytes, int newFiles) {
        rows.add(FORMAT.formatted(client.name(), direction, offline ? "yes" : "no", requests, bytes, newFiles));
    }

    @Override
    public void close() throws IOException {
        String head = FORMAT.formatted("client", "direction", "loaded offline", "requests", "bytes", "new files");
        String text = head + String.join("", rows);
        Path file = BuildSettings.target().resolve("clients-table.txt");
        Files.write(file, List.of(text.stripTrailing()), StandardCharsets.UTF_8);
        System.out.println(text);
    }
}
