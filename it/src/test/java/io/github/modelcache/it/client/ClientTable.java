package io.github.modelcache.it.client;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/** What every client did, printed once all of them are through. */
final class ClientTable implements AutoCloseable {

    private static final String FORMAT = "%-16s %-17s %-15s %8s %12s %9s%n";

    private final ConcurrentSkipListSet<String> rows = new ConcurrentSkipListSet<>();

    /**
     * Adds a row about filling an empty cache.
     *
     * @param by who filled it
     * @param work what that took
     */
    void filled(PythonClient client, String by, Work work) {
        add(client, "empty -> " + by, "-", work);
    }

    /**
     * Adds a row about a cache that somebody else filled, and that was read without a network in the end.
     *
     * @param direction who filled it, and who took it
     * @param work what the second of them needed for that, from the first look on
     */
    void loadedOffline(PythonClient client, String direction, Work work) {
        add(client, direction, "yes", work);
    }

    /**
     * What one side did.
     *
     * @param requests what it asked of the hub
     * @param bytes of files that it got from the hub
     * @param newFiles what it added to the hub's cache, links included
     */
    record Work(int requests, long bytes, int newFiles) {

        /** What was done on a hub since it forgot the last, to a cache that held so many files then. */
        static Work on(StandInHub hub, Workspace workspace, int filesBefore) throws IOException {
            return new Work(hub.requests().size(), hub.bytesSent(), HubScenarios.files(workspace) - filesBefore);
        }
    }

    private void add(PythonClient client, String direction, String offline, Work work) {
        rows.add(FORMAT.formatted(client.name(), direction, offline, work.requests(), work.bytes(), work.newFiles()));
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
