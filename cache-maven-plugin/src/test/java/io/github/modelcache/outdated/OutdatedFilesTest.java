package io.github.modelcache.outdated;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.url.UrlSource;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.StandInHub;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files by address: one request for the head of each. */
class OutdatedFilesTest {

    @TempDir
    Path folder;

    private StandInHub server;
    private HttpTransfer transfer;

    @BeforeEach
    void serve() throws Exception {
        server = StandInHub.start();
        transfer = new HttpTransfer(HttpOptions.standard("test"));
        publish("1".repeat(5_000));
        server.forget();
    }

    @AfterEach
    void stop() {
        transfer.close();
        server.close();
    }

    private void publish(String weights) throws Exception {
        Files.writeString(folder.resolve("model.bin"), weights);
        Files.writeString(folder.resolve("config.json"), weights.substring(0, 10));
        server.add("acme/tiny", folder);
    }

    private CheckedModel check(String file, int size, Digest digest) throws Exception {
        URI address = server.endpoint().resolve("/acme/tiny/resolve/main/" + file);
        ModelDeclaration declaration = ModelDeclaration.of(new ModelReference("url", address.toString()));
        ResolvedModel locked = ResolvedModel.ofFile(
                declaration,
                digest.toString(),
                Optional.empty(),
                new ModelFile(file, size, Optional.of(digest), address.toString()));
        WebAccess web = new WebAccess(transfer, new Mirrors(Map.of()), false, () -> TransferProgress.NONE);
        Sources sources = new Sources(Map.of("url", new UrlSource(web, folder.resolve("downloads"))));
        return new OutdatedModels(sources, false, 1)
                .check(Lock.of(List.of(locked)), List.of(declaration))
                .get(0);
    }

    private static Digest digest(String content) {
        return Hashing.digest(content.getBytes(StandardCharsets.UTF_8), DigestAlgorithm.SHA256);
    }

    @Test
    void aServerThatTellsTheDigestTellsWhetherTheFileChanged() throws Exception {
        Digest first = digest("1".repeat(5_000));
        assertThat(check("model.bin", 5_000, first).state()).isEqualTo(CheckedModel.State.CURRENT);

        publish("2".repeat(5_000));
        server.forget();

        CheckedModel changed = check("model.bin", 5_000, first);
        assertThat(changed.state()).isEqualTo(CheckedModel.State.OUTDATED);
        assertThat(changed.bytes()).hasValue(5_000L);
        assertThat(server.bytesSent()).isZero();
        assertThat(server.log()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void otherwiseTheSizeDecides() throws Exception {
        assertThat(check("config.json", 10, digest("other")).state()).isEqualTo(CheckedModel.State.CURRENT);
        CheckedModel longer = check("config.json", 7, digest("other"));
        assertThat(longer.state()).isEqualTo(CheckedModel.State.OUTDATED);
        assertThat(longer.bytes()).hasValue(10L);
        assertThat(OutdatedText.lines(List.of(longer)).get(1)).contains("10 B to fetch");
    }

    @Test
    void aFileThatIsGoneIsUnknownWithItsReason() throws Exception {
        CheckedModel gone = check("gone.bin", 10, digest("other"));

        assertThat(gone.state()).isEqualTo(CheckedModel.State.UNKNOWN);
        assertThat(gone.note()).contains("404");
    }
}
