package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;

/** Input: whatever a server sends. */
@Timeout(120)
class HttpMessageFuzzTest {

    private static final URI HERE = URI.create("https://host.example/a/b?c=d");

    @FuzzTest
    void isAnAnswerOrAProblem(byte[] input) {
        try {
            HttpConnection connection = new HttpConnection(new Answering(input));
            HttpHead head = HttpHead.read(connection);
            assertThat(head.status()).isBetween(200, 999);
            assertThat(head.toMap()).hasSizeLessThanOrEqualTo(HttpHead.MOST_HEADERS);
            assertThat(head.keepsAlive()).isIn(true, false);
            requireHttpTarget(head.toMap().getOrDefault("Location", ""));
            HttpBody body = HttpBody.of(head, connection, true);
            byte[] buffer = new byte[64];
            long total = 0;
            for (int read = body.read(buffer, 0, 64); read >= 0; read = body.read(buffer, 0, 64)) {
                total += read;
            }
            assertThat(total).isLessThanOrEqualTo(input.length);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void requireHttpTarget(String location) {
        Optional<URI> target = Urls.resolve(HERE, location);
        target.ifPresent(uri -> assertThat(Urls.display(uri)).doesNotContain("?"));
    }

    /** A socket of which only the incoming bytes are there. */
    private static final class Answering extends Socket {
        private final byte[] bytes;

        Answering(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public synchronized void setSoTimeout(int timeout) {}

        @Override
        public synchronized int getSoTimeout() {
            return 0;
        }
    }
}
