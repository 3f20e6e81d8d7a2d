package io.github.modelcache.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads and bodies as they come in, in pieces of any size. */
class HttpMessageTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1000})
    void readsAHeadHoweverItIsCut(int piece) throws Exception {
        HttpHead head = head(piece, OK + "ETag:\"a\"\r\nLink:  <a> \r\nlink: <b>\r\nEmpty:\r\n\r\nbody");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.get("etag")).isEqualTo("\"a\"");
        assertThat(head.get("LINK")).isEqualTo("<a>, <b>");
        assertThat(head.get("Empty")).isEmpty();
        assertThat(head.get("None")).isNull();
        assertThat(head.toMap()).containsOnlyKeys("ETag", "Link", "Empty").containsEntry("link", "<a>, <b>");
    }

    @Test
    void takesABareLineFeedAndJoinsFoldedLines() throws Exception {
        HttpHead head = head(3, "HTTP/1.1 404\nA: one\n  two\nno header\n: nameless\n\n");
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.toMap()).hasSize(1).containsEntry("A", "one two");
    }

    @Test
    void passesOverInterimAnswers() throws Exception {
        HttpHead head =
                head(4, "HTTP/1.1 100 Continue\r\nA: 1\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n" + OK + "B: 2\r\n\r\n");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.toMap()).containsOnlyKeys("B");
        assertThatThrownBy(() -> head(1000, "HTTP/1.1 101 Switch\r\n\r\n")).hasMessageContaining("another protocol");
        assertThatThrownBy(() -> head(1000, "HTTP/1.1 100 Go on\r\n\r\n".repeat(30)))
                .hasMessageContaining("interim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/2 200", "HTTP/1.1 20", "HTTP/1.1 2x0 OK", "HTTP/1.1 2000", "HTTP/1.1-200", "<html>"})
    void refusesWhatIsNotHttp(String line) {
        assertThatThrownBy(() -> head(1000, line + "\r\n\r\n")).hasMessage("the answer is not HTTP");
    }

    @Test
    void limitsHeads() throws Exception {
        assertThat(head(1000, OK + "A: b\r\n".repeat(200) + "\r\n").status()).isEqualTo(200);
        assertThat(head(1000, OK + ("A: " + "b".repeat(10_000) + "\r\n").repeat(6) + "\r\n")
                        .status())
                .isEqualTo(200);
        assertThatThrownBy(() -> head(1000, OK + "A: b\r\n".repeat(201) + "\r\n"))
                .hasMessageContaining("more than 200 headers");
        assertThatThrownBy(() -> head(1000, OK + ("A: " + "b".repeat(10_000) + "\r\n").repeat(7) + "\r\n"))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> head(1000, OK + "A: " + "b".repeat(20_000) + "\r\n\r\n"))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> head(1000, OK + " b".repeat(8_000) + ("\r\n " + "b".repeat(9_000)).repeat(7)))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> head(1000, OK + "A: b\r\n")).isInstanceOf(EOFException.class);
    }

    @Test
    void knowsWhetherTheConnectionStays() throws Exception {
        assertThat(head(9, OK + "\r\n").keepsAlive()).isTrue();
        assertThat(head(9, OK + "Connection: Close\r\n\r\n").keepsAlive()).isFalse();
        assertThat(head(9, OK + "Connection: x, close\r\n\r\n").keepsAlive()).isFalse();
        assertThat(head(9, "HTTP/1.0 200 OK\r\n\r\n").keepsAlive()).isFalse();
        assertThat(head(9, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n").keepsAlive())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void readsABodyOfALength(int piece) throws Exception {
        assertThat(body(piece, OK + "Content-Length: 4\r\n\r\nbodyHTTP")).isEqualTo("body");
        assertThat(body(piece, OK + "Content-Length: 4, 4\r\n\r\nbody")).isEqualTo("body");
        assertThat(body(piece, OK + "Content-Length: 0\r\n\r\nbody")).isEmpty();
        assertThat(body(piece, OK + "Content-Length: 2\r\nConnection: close\r\n\r\nbody"))
                .isEqualTo("body");
        assertThatThrownBy(() -> body(piece, OK + "Content-Length: 5\r\n\r\nbody"))
                .hasMessage("the answer ended after 4 of 5 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1e3", "4, 5", "4,", "9999999999999999999", "0x4"})
    void refusesALengthThatIsNone(String length) {
        assertThatThrownBy(() -> body(1000, OK + "Content-Length: " + length + "\r\n\r\nbody"))
                .hasMessageContaining("'" + length + "'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 1000})
    void readsChunksHoweverTheyAreCut(int piece) throws Exception {
        String head = OK + "Transfer-Encoding: Chunked\r\nContent-Length: 99\r\n\r\n";
        assertThat(body(piece, head + "3\r\nabc\r\n0a;name=\"v\"\r\n0123456789\r\n00\r\nTrailer: t\r\n\r\nHTTP"))
                .isEqualTo("abc0123456789");
        assertThat(body(piece, head + "3 \nabc\nA\n0123456789\n0\n\n")).isEqualTo("abc0123456789");
        assertThat(body(piece, head + "0\r\n\r\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3\r\nabcd\r\n0\r\n\r\n",
                "3\r\nab",
                "3\r\nabc",
                "3\r\nabc\r\n",
                "3\r\nabc\r\n0\r\n",
                "3\r\nabc\r\n0\r\nA: b\r\n",
                "\r\nabc",
                "-3\r\nabc",
                "xyz\r\nabc",
                "1000000000000000\r\nabc",
                ";name=v\r\nabc"
            })
    void refusesBrokenChunks(String body) {
        assertThatThrownBy(() -> body(2, OK + "Transfer-Encoding: chunked\r\n\r\n" + body))
                .isInstanceOf(IOException.class);
    }

    @Test
    void takesAsManyTrailersAsHeaders() throws Exception {
        String head = OK + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(body(1000, head + "000000000000003\r\nabc\r\n0\r\n" + "A: b\r\n".repeat(200) + "\r\n"))
                .isEqualTo("abc");
        assertThatThrownBy(() -> body(1000, head + "0\r\n" + "A: b\r\n".repeat(201) + "\r\n"))
                .hasMessageContaining("more than 200 trailers");
        String long10 = ("A: " + "b".repeat(9_997) + "\r\n").repeat(6);
        assertThat(body(1000, head + "0\r\n" + long10 + "A: b\r\n\r\n")).isEmpty();
        assertThatThrownBy(() -> body(1000, head + "0\r\n" + long10 + long10 + "\r\n"))
                .hasMessageContaining("too long");
    }

    @Test
    void limitsChunkLinesAndTrailers() {
        String head = OK + "Transfer-Encoding: chunked\r\n\r\n";
        assertThatThrownBy(() -> body(1000, head + "3;" + "x".repeat(5000) + "\r\nabc\r\n0\r\n\r\n"))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> body(1000, head + "0\r\n" + "A: b\r\n".repeat(300) + "\r\n"))
                .hasMessageContaining("trailers");
    }

    @Test
    void readsABodyWithoutALengthToTheEnd() throws Exception {
        assertThat(body(3, OK + "\r\nall there is")).isEqualTo("all there is");
        assertThat(body(3, OK + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nall there is"))
                .isEqualTo("all there is");
        assertThatThrownBy(() -> body(3, OK + "Transfer-Encoding: gzip, chunked\r\n\r\n"))
                .hasMessageContaining("gzip");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void expectsNoBodyWhereThereIsNone(int status) throws Exception {
        assertThat(body(1000, "HTTP/1.1 " + status + " None\r\nContent-Length: 4\r\n\r\nbody"))
                .isEmpty();
    }

    private static HttpHead head(int piece, String text) throws IOException {
        return HttpHead.read(connection(piece, text));
    }

    private static String body(int piece, String text) throws IOException {
        HttpConnection connection = connection(piece, text);
        return new String(
                HttpBody.of(HttpHead.read(connection), connection, true).readAllBytes(), ISO_8859_1);
    }

    private static HttpConnection connection(int piece, String text) throws IOException {
        return new HttpConnection(new Pieces(piece, text));
    }

    /** Brings a text, so many bytes at a time. */
    private static final class Pieces extends Socket {
        private final int piece;
        private final InputStream text;

        Pieces(int piece, String text) {
            this.piece = piece;
            this.text = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() {
                    throw new IllegalStateException("a byte at a time is too slow");
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return text.read(target, offset, Math.min(piece, length));
                }
            };
        }

        @Override
        public synchronized void setSoTimeout(int millis) {
            assertThat(millis).isPositive();
        }
    }
}
