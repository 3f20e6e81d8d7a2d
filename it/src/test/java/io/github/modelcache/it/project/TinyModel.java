package io.github.modelcache.it.project;

import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.testing.FaultyServer;
import java.util.List;

/** A model of a few kilobytes on a server of its own, and the project that declares it. */
public final class TinyModel implements AutoCloseable {

    /** Its file name, on the server and in the cache. */
    public static final String NAME = "vad.bin";

    /** Its size in bytes. */
    public static final int SIZE = 48_000;

    private final FaultyServer server;
    private final byte[] content;

    private TinyModel(FaultyServer server, byte[] content) {
        this.server = server;
        this.content = content;
    }

    /** Starts a server that has the model. */
    public static TinyModel start() {
        byte[] content = ModelContent.of(7, SIZE);
        return new TinyModel(new FaultyServer().on("/" + NAME, FaultyServer.content(content)), content);
    }

    /** Where it is served. */
    public FaultyServer server() {
        return server;
    }

    /** Its bytes. */
    public byte[] content() {
        return content.clone();
    }

    /** Its SHA-256 in hexadecimal digits. */
    public String sha256() {
        return ModelContent.sha256(content);
    }

    /** A config that declares it with its digest. */
    public Config config() {
        return Config.empty().url(server.uri("/" + NAME), sha256(), "vad/" + NAME);
    }

    /** The downloads until now. */
    public List<FaultyServer.Request> downloads() {
        return server.requests().stream()
                .filter(request -> request.method().equals("GET"))
                .toList();
    }

    /** Makes the workspace's project one that declares the model and binds the usual goals. */
    public Workspace into(Workspace workspace) {
        return workspace.write("pom.xml", Pom.usual().toString()).write(Config.FILE, config().toString());
    }

    @Override
    public void close() {
        server.close();
    }
}
