package io.github.modelcache.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.huggingface.HubTree;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubServerTest {

    private static final String WEIGHTS = "w".repeat(3_000_000);
    private static final String FILE = "/acme/tiny/resolve/main/model.safetensors";
    private static final HubServer.Options LOCAL = new HubServer.Options("127.0.0.1", 0, Optional.empty());

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private TestProject project;
    private CacheConfig config;
    private HubFixture tiny;
    private HubServer server;

    @BeforeEach
    void start() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        tiny = new HubFixture(hub(), "acme/tiny")
                .small("config.json", "{}")
                .small("empty.txt", "")
                .small("onnx/a b+c;é.txt", "odd")
                .large("model.safetensors", WEIGHTS);
        HubFixture old = new HubFixture(hub(), "gpt2").small("config.json", "{\"old\": 1}");
        HubFixture data = new HubFixture(hub(), "acme/words").small("train.csv", "a,b");
        Files.move(data.folder(), hub().resolve("datasets--acme--words"));
        ResolvedModel words = new ResolvedModel(
                ModelReference.parse("hf:datasets/acme/words"),
                ModelRequest.PLAIN,
                HubFixture.COMMIT,
                Optional.of("mit"),
                false,
                data.resolved().files());
        server = serve(LOCAL, tiny.resolved(), old.resolved(), words);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path hub() {
        return config.hfHome().resolve("hub");
    }

    private HubServer serve(HubServer.Options options, ResolvedModel... models) throws IOException {
        return HubServer.start(config, Lock.of(List.of(models)), options, project);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Nested
    class ServedFiles {

        @Test
        void haveTheHeadersOfTheHub() throws Exception {
            HttpResponse<String> answer = get(FILE);
            String etag = '"' + tiny.digest("model.safetensors").hex() + '"';

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(WEIGHTS);
            assertThat(header(answer, "ETag")).isEqualTo(etag);
            assertThat(header(answer, "X-Linked-ETag")).isEqualTo(etag);
            assertThat(header(answer, "X-Linked-Size")).isEqualTo("3000000");
            assertThat(header(answer, "X-Repo-Commit")).isEqualTo(HubFixture.COMMIT);
            assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
            assertThat(header(answer, "Content-Encoding")).isEmpty();
        }

        @Test
        void areAnsweredToHeadWithoutABody() throws Exception {
            HttpResponse<String> answer = client.send(
                    request(FILE).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "Content-Length")).isEqualTo("3000000");
            assertThat(answer.body()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/acme/tiny/resolve/main/onnx/a%20b%2Bc;%C3%A9.txt",
                    "//acme/tiny/resolve/main/onnx/a%20b%2Bc;%C3%A9.txt",
                    "/acme/tiny/resolve/main/onnx/a%20b+c%3B%C3%A9.txt",
                    "/acme/tiny/resolve/main/onnx%2Fa%20b+c;%C3%A9.txt"
                })
        void areFoundUnderEncodedNames(String path) throws Exception {
            assertThat(get(path).body()).isEqualTo("odd");
        }

        @Test
        void areServedByCommitOldNameAndDataset() throws Exception {
            assertThat(get("/acme/tiny/resolve/" + HubFixture.COMMIT + "/config.json")
                            .body())
                    .isEqualTo("{}");
            assertThat(get("/acme/tiny/resolve/main/empty.txt").statusCode()).isEqualTo(200);
            assertThat(get("/gpt2/resolve/main/config.json").body()).isEqualTo("{\"old\": 1}");
            assertThat(get("/datasets/acme/words/resolve/main/train.csv").body())
                    .isEqualTo("a,b");
        }

        @ParameterizedTest
        @ValueSource(strings = {"bytes=0-9", "bytes=2999990-", "bytes=-10", "bytes=2999990-9999999"})
        void areServedInParts(String range) throws Exception {
            HttpResponse<String> answer = get(FILE, "Range", range);

            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(answer.body()).isEqualTo("w".repeat(10));
            assertThat(header(answer, "Content-Range")).startsWith("bytes ").endsWith("/3000000");
        }

        @Test
        void refuseAPartBeyondTheirEnd() throws Exception {
            HttpResponse<String> answer = get(FILE, "Range", "bytes=3000000-");

            assertThat(answer.statusCode()).isEqualTo(416);
            assertThat(header(answer, "Content-Range")).isEqualTo("bytes */3000000");
        }

        @ParameterizedTest
        @ValueSource(strings = {"bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=99999999999999999999-"})
        void areServedWholeIfTheRangeCannotBeUsed(String range) throws Exception {
            HttpResponse<String> answer = get(FILE, "Range", range);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).hasSize(3_000_000);
        }

        @Test
        void areServedWholeIfTheyAreEmpty() throws Exception {
            HttpResponse<String> answer = get("/acme/tiny/resolve/main/empty.txt", "Range", "bytes=0-0");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "Content-Range")).contains("bytes */0");
        }

        @Test
        void answerConditions() throws Exception {
            String etag = '"' + tiny.digest("model.safetensors").hex() + '"';
            HttpResponse<String> known = get(FILE, "If-None-Match", "W/" + etag);
            HttpResponse<String> same = get(FILE, "Range", "bytes=2999990-", "If-Range", etag);
            HttpResponse<String> changed = get(FILE, "Range", "bytes=0-9", "If-Range", "\"other\"");

            assertThat(known.statusCode()).isEqualTo(304);
            assertThat(known.body()).isEmpty();
            assertThat(changed.statusCode()).isEqualTo(200);
            assertThat(same.statusCode()).isEqualTo(206);
            assertThat(same.body()).isEqualTo("w".repeat(10));
        }

        @Test
        void areSentToTheirEndIfTheCacheIsCleanedMeanwhile() throws Exception {
            HttpResponse<InputStream> begun = client.send(request(FILE).build(), BodyHandlers.ofInputStream());
            Files.delete(tiny.blob("model.safetensors"));

            try (InputStream body = begun.body()) {
                assertThat(body.readAllBytes()).hasSize(3_000_000);
            }
            HttpResponse<String> again = get(FILE);
            assertThat(again.statusCode()).isEqualTo(500);
            assertThat(header(again, "X-Error-Message"))
                    .contains("model.safetensors is missing", "run mvn cache:download where cache:serve runs");
        }

        @Test
        void whoseContentIsNotLockedAreAnErrorThatSaysWhatToRun() throws Exception {
            Files.writeString(tiny.blob("config.json"), "[]");
            Files.writeString(tiny.blob("model.safetensors"), "short");
            Files.delete(tiny.blob("empty.txt"));

            assertThat(header(get("/acme/tiny/resolve/main/config.json"), "X-Error-Message"))
                    .isEqualTo("config.json has other content than the lock file says (hf:acme/tiny);"
                            + " run mvn cache:download where cache:serve runs, and ask again");
            assertThat(header(get(FILE), "X-Error-Message")).startsWith("model.safetensors has 5 bytes instead of");
            HttpResponse<String> missing = get("/acme/tiny/resolve/main/empty.txt");
            assertThat(missing.statusCode()).isEqualTo(500);
            assertThat(missing.body()).contains("empty.txt is missing");
        }
    }

    @Nested
    class WhatIsNotLocked {

        @Test
        void isARepositoryThatIsNotFound() throws Exception {
            HttpResponse<String> answer = get("/acme/tyni/resolve/main/config.json");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(header(answer, "X-Error-Code")).isEqualTo("RepoNotFound");
            assertThat(header(answer, "X-Error-Message"))
                    .contains("hf:acme/tyni is not in the lock file")
                    .contains("did you mean hf:acme/tiny?")
                    .contains("run mvn cache:download");
            assertThat(project.said()).anyMatch(line -> line.startsWith("warn: Answered 404: hf:acme/tyni"));
        }

        @Test
        void isARevisionThatIsNotFound() throws Exception {
            HttpResponse<String> answer = get("/api/models/acme/tiny/revision/refs%2Fpr%2F1");

            assertThat(header(answer, "X-Error-Code")).isEqualTo("RevisionNotFound");
            assertThat(header(answer, "X-Error-Message"))
                    .contains("'refs/pr/1', only at main (commit " + HubFixture.COMMIT);
        }

        @Test
        void isAFileThatIsNotFound() throws Exception {
            HttpResponse<String> answer = get("/acme/tiny/resolve/main/none.json");

            assertThat(header(answer, "X-Error-Code")).isEqualTo("EntryNotFound");
            assertThat(header(answer, "X-Repo-Commit")).isEqualTo(HubFixture.COMMIT);
            assertThat(project.said()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/acme/tiny/resolve/main/../../../../refs/main",
                    "/acme/tiny/resolve/main/..%2f..%2f..%2f..%2fconfig/hardware_cache.json",
                    "/acme/tiny/resolve/main/%2e%2e/%2e%2e/blobs",
                    "/acme/tiny/resolve/main//etc/passwd",
                    "/acme/tiny/resolve/main/..%5c..%5cconfig",
                    "/acme/tiny/resolve/main/config.json%00.txt",
                    "/acme/tiny/resolve/..%2f..%2f/config.json",
                    "/..%2f..%2fetc/passwd/resolve/main/x",
                    "/api/models/..%2f..%2fetc/tree/main"
                })
        void cannotBeReachedThroughPaths(String path) throws Exception {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 404");
        }
    }

    @Nested
    class Api {

        @Test
        void describesARevision() throws Exception {
            String body = get("/api/models/acme/tiny?blobs=true").body();

            assertThat(body)
                    .contains("\"id\":\"acme/tiny\"", "\"sha\":\"" + HubFixture.COMMIT + "\"")
                    .contains(
                            "\"rfilename\":\"config.json\"",
                            "\"sha256\":\"" + tiny.digest("model.safetensors").hex());
            assertThat(get("/api/models/acme/tiny/revision/HEAD").body())
                    .isEqualTo(get("/api/models/acme/tiny").body());
            assertThat(get("/api/datasets/acme/words/revision/main").body())
                    .contains("\"tags\":[\"license:mit\"]", "\"rfilename\":\"train.csv\"");
        }

        @Test
        void listsTheTreeInPages() throws Exception {
            HttpResponse<String> first = get("/api/models/acme/tiny/tree/main?recursive=true&limit=3");
            String next = header(first, "Link");

            assertThat(first.body()).contains("\"path\":\"config.json\"").doesNotContain("\"path\":\"onnx\"");
            assertThat(next)
                    .startsWith("<" + server.url() + "/api/models/acme/tiny/tree/main?")
                    .endsWith("; rel=\"next\"");
            String rest = get(next.substring(1, next.indexOf('>'))
                            .substring(server.url().toString().length()))
                    .body();
            assertThat(rest).contains("\"path\":\"onnx\"", "\"path\":\"onnx/a b+c;é.txt\"");
        }

        @Test
        void listsAFolder() throws Exception {
            assertThat(get("/api/models/acme/tiny/tree/main").body())
                    .contains("\"path\":\"onnx\"")
                    .doesNotContain("a b+c");
            assertThat(get("/api/models/acme/tiny/tree/main/onnx").body()).contains("onnx/a b+c");
            assertThat(header(get("/api/models/acme/tiny/tree/main/none"), "X-Error-Code"))
                    .isEqualTo("EntryNotFound");
        }

        @Test
        void namesLargeFilesAsGitDoes() throws Exception {
            assertThat(get("/api/models/acme/tiny/tree/main").body())
                    .contains("\"oid\":\"" + HubTree.pointerId(tiny.digest("model.safetensors"), 3_000_000));
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"paths\": [\"config.json\", \"onnx\", \"none\"]}", "paths=config.json&paths=onnx"})
        void describesPaths(String body) throws Exception {
            String type = body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded";
            HttpResponse<String> answer = client.send(
                    request("/api/models/acme/tiny/paths-info/main")
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.body()).contains("\"path\":\"config.json\"", "\"type\":\"directory\"");
        }

        @Test
        void listsModelsRefsAndTheUser() throws Exception {
            assertThat(get("/api/models").body()).contains("acme/tiny", "gpt2").doesNotContain("acme/words");
            assertThat(get("/api/models/acme/tiny/refs").body()).contains("\"ref\":\"refs/heads/main\"");
            assertThat(get("/api/whoami-v2").statusCode()).isEqualTo(401);
            assertThat(get("/").body()).contains("hf:acme/tiny " + HubFixture.COMMIT);
        }

        @Test
        void acceptsNoChanges() throws Exception {
            HttpResponse<String> answer = client.send(
                    request("/api/repos/create")
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(405);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/api/models/acme/tiny/tree/main?cursor=x", "/acme/tiny/resolve/main/%zz"})
        void refusesWhatItCannotRead(String path) throws Exception {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Nested
    class Access {

        @Test
        void isOnlyForThisMachineByDefault() throws Exception {
            assertThat(raw("GET / HTTP/1.1\r\nHost: rebound.example.com\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403");
            assertThat(server.isLocal()).isTrue();
        }

        @Test
        void needsTheTokenIfThereIsOne() throws Exception {
            server.close();
            server = serve(new HubServer.Options("127.0.0.1", 0, Optional.of("s3cret")), tiny.resolved());

            assertThat(get(FILE).statusCode()).isEqualTo(401);
            assertThat(withToken(FILE, "wrong").statusCode()).isEqualTo(401);
            assertThat(withToken(FILE, "s3cret").statusCode()).isEqualTo(200);
            assertThat(withToken("/api/whoami-v2", "s3cret").body()).contains("\"name\":\"cache-serve\"");
        }

        private HttpResponse<String> withToken(String path, String token) throws Exception {
            return get(path, "Authorization", "Bearer " + token);
        }

        @Test
        void namesThePortThatIsTaken() throws Exception {
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = other.getLocalPort();

                assertThatThrownBy(() -> serve(new HubServer.Options("127.0.0.1", port, Optional.empty())))
                        .hasMessageContaining("The port " + port + " of 127.0.0.1 is taken")
                        .hasMessageContaining("-Dcache.serve.port=0");
            }
        }

        @Test
        void refusesAHostOrAPortThatCannotBe() {
            assertThatThrownBy(() -> serve(new HubServer.Options("no such host", 0, Optional.empty())))
                    .hasMessageContaining("cache.serve.host is 'no such host'");
            assertThatThrownBy(() -> serve(new HubServer.Options("127.0.0.1", 70_000, Optional.empty())))
                    .hasMessageContaining("cache.serve.port is 70000");
        }

        @Test
        void warnsOfIncompleteModels() throws Exception {
            Files.delete(tiny.blob("config.json"));
            server.close();
            server = serve(LOCAL, tiny.resolved());

            assertThat(project.said())
                    .containsExactly("warn: hf:acme/tiny can't be served completely: config.json is missing; run mvn"
                            + " cache:download");
        }
    }

    @Nested
    class Connections {

        @Test
        void takeOneRequestAfterAnother() throws Exception {
            String request = "GET /gpt2/resolve/main/config.json HTTP/1.1\r\nHost: localhost\r\n";

            assertThat(raw(request + "\r\n" + request + "Connection: close\r\n\r\n")
                            .split("HTTP/1.1 200", -1))
                    .hasSize(3);
        }

        @Test
        void oneHundredAtOnceAreNotDelayedByThoseThatTakeNothing() throws Exception {
            List<Socket> slow = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    Socket socket = connect();
                    socket.getOutputStream()
                            .write(("GET " + FILE + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    slow.add(socket);
                }
                List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    answers.add(client.sendAsync(request(FILE).build(), BodyHandlers.ofString()));
                }
                for (CompletableFuture<HttpResponse<String>> answer : answers) {
                    assertThat(answer.get().body()).hasSize(3_000_000);
                }
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
        }

        @Test
        void endWithTheServer() throws Exception {
            try (Socket idle = connect()) {
                idle.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(idle.getInputStream().read()).isEqualTo('H');
                server.close();

                assertThat(idle.getInputStream().readAllBytes()).isNotEmpty();
            }
            assertThatThrownBy(HubServerTest.this::connect).isInstanceOf(IOException.class);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(server.url().getHost(), server.url().getPort());
    }

    /** Sends bytes as they are, and reads until the server closes the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket = connect();
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
