package io.github.modelcache.it.benchmark;

import io.github.modelcache.testing.StandInHub;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The stand-in hub in a process of its own, so that it does not take part in the measured one. */
final class HubServer implements AutoCloseable {

    private final Process process;
    private final URI endpoint;

    private HubServer(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Starts the process, which serves the files of a folder as this repository. */
    static HubServer start(String repository, Path folder) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandInHub.class.getName(),
                        "0",
                        repository + "=" + folder))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String endpoint = out.readLine();
        if (endpoint == null) {
            throw new IOException("The hub did not start");
        }
        return new HubServer(process, URI.create(endpoint));
    }

    /** Where it is. */
    URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
