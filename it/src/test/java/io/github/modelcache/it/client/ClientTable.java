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

    private static final String FORMAT = "%-16s %-22s %-17s %-15s %8s %12s %9s%n";

    private final ConcurrentSkipListSet<String> rows = new ConcurrentSkipListSet<>();

    /**
     * Adds a row about filling an empty cache.
     *
     * @param source what kind of model it was filled with
     * @param by who filled it
     * @param work what that took
     */
    void filled(PythonClient client, String source, String by, Work work) {
        add(client, source, "empty -> " + by, "-", work);
    }

    /**
     * Adds a row about a cache that the plugin filled, and that the client read without a network.
     *
     * @param work what the client needed for that
     */
    void loadedOffline(PythonClient client, String source, Work work) {
        add(client, source, "plugin -> client", client.network().howCut(), work);
    }

    /**
     * Adds a row about a cache that the client filled, and that the plugin verified with {@code -o} in the end.
     *
     * @param work what the plugin needed for that, from the first look on
     */
    void taken(PythonClient client, String source, Work work) {
        add(client, source, "client -> plugin", "maven -o", work);
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

    private void add(PythonClient client, String source, String direction, String offline, Work work) {
        rows.add(FORMAT.formatted(
                client.name(), source, direction, offline, work.requests(), work.bytes(), work.newFiles()));
    }

    @Override
    public void close() throws IOException {
        String head =
                FORMAT.formatted("client", "source", "direction", "loaded offline", "requests", "bytes", "new files");
        String text = head + String.join("", rows);
        Path file = BuildSettings.target().resolve("clients-table.txt");
        Files.write(file, List.of(text.stripTrailing()), StandardCharsets.UTF_8);
        System.out.println(text);
    }
}
