package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Transfers from a server whose failures the test chooses. */
abstract class HttpTransferCase {

    static final String V1 = "\"v1\"";

    static final String SECRET = "hf_secret";

    @TempDir
    Path folder;

    final FaultyServer server = new FaultyServer();

    final List<Duration> pauses = new ArrayList<>();

    /** How long a server may be silent. */
    Duration idle = Patience.ENDLESS;

    byte[] content = new byte[0];

    Path partial = Path.of("");

    @BeforeEach
    void prepare() {
        content = random(300_000, 1);
        partial = folder.resolve("deep/model.part");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    void leave(byte[] bytes) throws IOException {
        Files.createDirectories(folder.resolve("deep"));
        Files.write(partial, bytes);
    }

    TransferResult fetch(String target, ExpectedContent expected) throws IOException {
        return fetch(server.uri(target), expected, Credentials.NONE);
    }

    TransferResult fetch(URI uri, ExpectedContent expected, Credentials credentials) throws IOException {
        return new HttpTransfer(options(5, credentials, ProxySelection.NONE, pauses::add))
                .fetch(uri, partial, expected, TransferProgress.NONE);
    }

    TransferException failure(String target, ExpectedContent expected) {
        return catchThrowableOfType(TransferException.class, () -> fetch(target, expected));
    }

    TransferException fileFailure(URI uri, ExpectedContent expected) {
        return catchThrowableOfType(TransferException.class, () -> fetch(uri, expected, Credentials.NONE));
    }

    TransferException getFailure(String target) {
        return catchThrowableOfType(TransferException.class, () -> transfer().get(server.uri(target), Map.of(), 100));
    }

    HttpTransfer transfer() {
        return new HttpTransfer(options(5, Credentials.NONE, ProxySelection.NONE, pauses::add));
    }

    HttpOptions options(int retries, Credentials credentials, ProxySelection proxies, Sleeper pause) {
        return new HttpOptions(Patience.ENDLESS, idle, retries, pause, credentials, proxies, "test/1");
    }

    static ExpectedContent expecting(byte[] bytes) {
        return new ExpectedContent(bytes.length, Optional.of(sha256(bytes)));
    }

    static ExpectedContent sized(long size) {
        return new ExpectedContent(size, Optional.empty());
    }

    static Digest sha256(byte[] bytes) {
        MessageDigest digest = DigestAlgorithm.SHA256.start(bytes.length);
        return Digest.of(DigestAlgorithm.SHA256, digest.digest(bytes));
    }

    static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(Patience.ENDLESS.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static final class Recorder implements TransferProgress {
        final List<String> events = new ArrayList<>();
        long bytes;

        @Override
        public void started(URI uri, long resumedFrom, long total) {
            events.add("started " + resumedFrom + "/" + total);
        }

        @Override
        public void progressed(long more) {
            bytes += more;
        }

        @Override
        public void succeeded() {
            events.add("succeeded");
        }

        @Override
        public void failed(Exception e) {
            events.add("failed " + e.getClass().getSimpleName());
        }
    }
}
