package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.RangeServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A large file of 21 segments of 64 KiB, and a server of ranges. */
abstract class SegmentedDownloadSetUp {
    static final int SEGMENT = 64 << 10;
    static final int SEGMENTS = 21;
    static final String V1 = "ETag: \"v1\"";
    static final String RANGES = "Accept-Ranges: bytes";

    @TempDir
    Path folder;

    final byte[] content = random();
    final RangeServer server = new RangeServer(content);
    final List<Duration> pauses = new ArrayList<>();
    Path partial = Path.of("");
    int retries = 5;
    double load;

    static byte[] random() {
        byte[] bytes = new byte[SEGMENTS * SEGMENT - 999];
        new Random(17).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void prepare() {
        partial = folder.resolve("model.part");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    long bytesAskedFor() {
        return server.requests("/m").stream()
                .mapToLong(asked -> asked.to() - Math.max(0, asked.from()))
                .sum();
    }

    void fetch() throws IOException {
        transfer(4).fetch(server.uri("/m"), partial, digested(), TransferProgress.NONE);
        requireWhole();
    }

    HttpTransfer transfer(int connections) {
        HttpOptions options = new HttpOptions(
                Patience.ENDLESS,
                Patience.ENDLESS,
                retries,
                pauses::add,
                Credentials.NONE,
                ProxySelection.NONE,
                "test/1");
        return new HttpTransfer(
                options,
                System::nanoTime,
                new HttpOpener(options),
                new ConnectionLimits(connections, new Semaphore(connections - 1), SEGMENT, () -> load));
    }

    void requireWhole() throws IOException {
        assertThat(Arrays.equals(Files.readAllBytes(partial), content))
                .as("the content")
                .isTrue();
        assertThat(PartialFile.sidecar(partial)).doesNotExist();
    }

    ExpectedContent digested() {
        return new ExpectedContent(content.length, Optional.of(sha256()));
    }

    Digest sha256() {
        return Hashing.digest(content, DigestAlgorithm.SHA256);
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static void await(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IOException(e);
        }
    }

    static TransferProgress counting(AtomicLong bytes) {
        return new TransferProgress() {
            @Override
            public void started(URI uri, long resumedFrom, long total) {}

            @Override
            public void progressed(long more) {
                bytes.addAndGet(more);
            }

            @Override
            public void succeeded() {}

            @Override
            public void failed(Exception e) {}
        };
    }
}
