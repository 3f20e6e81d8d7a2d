package io.github.modelcache.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the hub's clients ask beyond what the plugin does. */
class StandInHubTest {

    @TempDir
    Path origin;

    private StandInHub hub;
    private String commit = "";

    @BeforeEach
    void serve() throws Exception {
        TestProject files = new TestProject(origin);
        files.write("config.json", "{}");
        files.write("onnx/model.onnx", "o".repeat(5_000));
        hub = StandInHub.start();
        commit = hub.add("acme/tiny", origin);
        hub.add("datasets/acme/words", origin);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void tellsAboutARepositoryWithoutARevision() throws Exception {
        assertThat(get("api/models/acme/tiny").body()).contains("\"sha\":\"" + commit + "\"", "\"id\":\"acme/tiny\"");
    }

    @Test
    void keepsDataSetsApartFromModels() throws Exception {
        assertThat(get("api/datasets/acme/words/revision/main").body()).contains("\"id\":\"acme/words\"");
        assertThat(get("api/models/acme/words/revision/main").statusCode()).isEqualTo(401);
        assertThat(get("datasets/acme/words/resolve/main/config.json").body()).isEqualTo("{}");
    }

    @Test
    void listsFoldersAndWhatLiesInThem() throws Exception {
        assertThat(get("api/models/acme/tiny/tree/main").body())
                .contains("\"path\":\"onnx\"")
                .doesNotContain("onnx/model.onnx");
        assertThat(get("api/models/acme/tiny/tree/main?recursive=True").body())
                .contains("\"path\":\"onnx\"", "\"path\":\"onnx/model.onnx\"");
        assertThat(get("api/models/acme/tiny/tree/main/onnx").body())
                .contains("\"path\":\"onnx/model.onnx\"")
                .doesNotContain("config.json");
        HttpResponse<String> missing = get("api/models/acme/tiny/tree/main/none");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("X-Error-Code")).hasValue("EntryNotFound");
    }

    @Test
    void keepsTheRevisionsOfARepositoryApart() throws Exception {
        Path other = origin.resolve("other");
        new TestProject(other).write("config.json", "[]");
        String elsewhere = hub.addRevision("acme/tiny", "refs/pr/1", other);
        for (String revision : List.of("refs%2Fpr%2F1", elsewhere)) {
            assertThat(get("api/models/acme/tiny/revision/" + revision).body())
                    .contains("\"sha\":\"" + elsewhere + "\"");
            assertThat(get("acme/tiny/resolve/" + revision + "/config.json").body())
                    .isEqualTo("[]");
        }
        assertThat(get("acme/tiny/resolve/main/config.json").body()).isEqualTo("{}");
        assertThat(get("api/models/acme/tiny/revision/refs%2Fpr%2F2").statusCode())
                .isEqualTo(404);
    }

    @Test
    void countsTheBytesOfFiles() throws Exception {
        get("acme/tiny/resolve/main/config.json");
        assertThat(hub.bytesSent()).isEqualTo(2);
        hub.forget();
        assertThat(hub.bytesSent()).isZero();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI address = hub.endpoint().resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
}
