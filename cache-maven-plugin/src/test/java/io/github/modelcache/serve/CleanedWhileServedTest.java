package io.github.modelcache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.Lock;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanedWhileServedTest {

    /** More than all buffers between the server and a client that waits. */
    private static final int LARGE = 60 << 20;

    @TempDir
    Path folder;

    @Test
    void aFileThatIsBeingSentArrivesWholeAndTheNextRequestSaysWhatToRun() throws Exception {
        TestProject project = new TestProject(folder);
        CacheConfig config = project.prepared("");
        HubFixture tiny = new HubFixture(config.hfHome().resolve("hub"), "acme/tiny")
                .large("model.safetensors", "w".repeat(LARGE))
                .small("config.json", "{}");
        HubServer.Options local = new HubServer.Options("127.0.0.1", 0, Optional.empty());
        try (HubServer server = HubServer.start(config, Lock.of(List.of(tiny.resolved())), local, project)) {
            HttpClient client = HttpClient.newHttpClient();
            String files = server.url() + "/acme/tiny/resolve/main/";
            HttpResponse<InputStream> begun =
                    client.send(request(files + "model.safetensors"), BodyHandlers.ofInputStream());
            try (InputStream body = begun.body()) {
                assertThat(body.read()).isEqualTo('w');
                clean(config.hfHome());
                assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE - 1);
            }
            HttpResponse<String> after = client.send(request(files + "config.json"), BodyHandlers.ofString());

            assertThat(after.statusCode()).isEqualTo(500);
            assertThat(after.body()).contains("config.json is missing", "run mvn cache:download");
        }
    }

    private static void clean(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }
}
