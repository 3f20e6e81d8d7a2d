package io.github.modelcache.it.fault;

import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.GitHubArchive;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.testing.Fault.Asked;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.RepositoryZip;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where the models of these tests come from: a slow hub, a server, a repository for torch.hub. */
final class Origin implements AutoCloseable {

    static final String MODEL = "hf:acme/tiny";
    static final String OTHER = "hf:acme/other";
    static final String TORCH = "torchhub:acme/vad";
    private static final String ID = "acme/tiny";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final int LARGE = 900_000;
    private static final int MEDIUM = 300_000;
    private static final int CHUNK = 50_000;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final StandInHub hub;
    private final FaultyServer server;
    private final LargeOrigin large = new LargeOrigin();
    private final Path folder;
    private int forgotten;
    private final byte[] vad = ModelContent.of(5, MEDIUM);

    private Origin(StandInHub hub, FaultyServer server, Path folder) {
        this.hub = hub;
        this.server = server;
        this.folder = folder;
    }

    static Origin start(Path folder) throws IOException {
        Origin origin = new Origin(StandInHub.start(), new FaultyServer(), folder);
        origin.fill();
        return origin;
    }

    private void fill() throws IOException {
        Path first = write("first", 1);
        write("second", 2);
        Path other = folder.resolve("other");
        write(other.resolve("config.json"), "{\"other\": true}");
        write(other.resolve("model.safetensors"), ModelContent.of(3, MEDIUM));
        hub.add(ID, first);
        hub.add("acme/other", other);
        hub.fault(Place.STORE, "model.safetensors", Origin::slowly);
        hub.fault(Place.STORE, "data/weights.bin", Origin::slowly);
        byte[] zip = new RepositoryZip(COMMIT)
                .add("hubconf.py", "dependencies = ['torch']\n")
                .add("src/model.py", "class Vad: pass\n")
                .add("src/data/vad.onnx", ModelContent.of(4, MEDIUM))
                .bytes();
        GitHubArchive.serve(server, "acme/vad", "main", COMMIT, slowly(zip));
        server.on("/vad.onnx", slowly(vad));
    }

    private Path write(String name, int version) throws IOException {
        Path files = folder.resolve(name);
        write(files.resolve("config.json"), "{\"version\": " + version + "}");
        write(files.resolve("tokenizer/vocab.txt"), "a b c\n".repeat(50));
        write(files.resolve("data/weights.bin"), ModelContent.of(1, MEDIUM));
        write(files.resolve("model.safetensors"), ModelContent.of(10 + version, LARGE));
        return files;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** The branch leads to the first commit, or to the second one. */
    void version(int version) throws IOException {
        hub.add(ID, folder.resolve(version == 1 ? "first" : "second"));
    }

    LargeOrigin large() {
        return large;
    }

    StandInHub hub() {
        return hub;
    }

    /** A config that declares all of them. */
    Config config() {
        return Config.empty()
                .member("application_caches", "{ \"tmdb\": \"out/tmdb_cache\" }")
                .member("mirrors", "{ \"https://github.com/\": \"" + server.uri("/github.com/") + "\" }")
                .model(MODEL)
                .model(TORCH)
                .url(server.uri("/vad.onnx"), ModelContent.sha256(vad), "vad/vad.onnx");
    }

    /** Forgets what was asked until now. */
    void forget() {
        hub.forget();
        forgotten = server.requests().size();
    }

    /** How often the server that is no hub has sent each of its files. */
    Map<String, Integer> downloads() {
        Map<String, Integer> downloads = new TreeMap<>();
        List<FaultyServer.Request> all = server.requests();
        for (FaultyServer.Request request : all.subList(forgotten, all.size())) {
            boolean sends = request.path().equals("/vad.onnx") || request.path().startsWith("/codeload/");
            if (sends && request.method().equals("GET")) {
                downloads.merge(request.path(), 1, Integer::sum);
            }
        }
        return downloads;
    }

    private static boolean slowly(Asked asked) throws IOException {
        byte[] content = asked.content();
        int from = asked.from();
        if (from > 0) {
            asked.exchange()
                    .getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        asked.exchange().sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        slowly(asked.exchange().getResponseBody(), content, from);
        return true;
    }

    private static FaultyServer.Reply slowly(byte[] content) {
        FaultyServer.Reply honest = FaultyServer.content(content);
        return (request, out) -> honest.send(request, new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                slowly(out, Arrays.copyOfRange(bytes, offset, offset + length), 0);
            }
        });
    }

    private static void slowly(OutputStream out, byte[] content, int from) throws IOException {
        for (int at = from; at < content.length; at += CHUNK) {
            out.write(content, at, Math.min(CHUNK, content.length - at));
            out.flush();
            LockSupport.parkNanos(PAUSE);
        }
    }

    @Override
    public void close() throws IOException {
        hub.close();
        server.close();
        large.close();
    }
}
