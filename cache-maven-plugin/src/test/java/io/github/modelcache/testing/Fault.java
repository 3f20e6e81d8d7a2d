package io.github.modelcache.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A wrong answer of a hub, in place of the honest one.
 *
 * <pre>{@code
 * hub.fault(Place.STORE, "model.safetensors", Fault.cutAfter(1000));
 * hub.fault(Place.FILE, "config.json", Fault.status(503), Fault.HONEST);
 * }</pre>
 */
@FunctionalInterface
public interface Fault {

    /** Where a hub is asked. */
    enum Place {
        /** For the commit of a revision. */
        REVISION,
        /** For the files of a commit. */
        TREE,
        /** For a file: {@code resolve}, which sends small ones and redirects for large ones. */
        FILE,
        /** The second host for a large file. */
        STORE
    }

    /** A request, and what its honest answer would be. */
    final class Asked {

        private final HttpExchange exchange;
        private final byte[] content;
        private final CountDownLatch closed;

        Asked(HttpExchange exchange, byte[] content, CountDownLatch closed) {
            this.exchange = exchange;
            this.content = content;
            this.closed = closed;
        }

        /** Where to write. */
        public HttpExchange exchange() {
            return exchange;
        }

        /** The program that asks. */
        public String agent() {
            return String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
        }

        /** The bytes of the file, or the JSON text of a revision or a page. */
        public byte[] content() {
            return content.clone();
        }

        /** Counts down when the hub stops. */
        CountDownLatch closed() {
            return closed;
        }

        /** The first byte that is asked for; 0 without a range. */
        public int from() {
            String range = exchange.getRequestHeaders().getFirst("Range");
            Matcher bytes = Pattern.compile("bytes=(\\d+)-").matcher(range == null ? "" : range);
            return bytes.matches() ? Integer.parseInt(bytes.group(1)) : 0;
        }

        void header(String header) {
            int colon = header.indexOf(':');
            exchange.getResponseHeaders()
                    .add(header.substring(0, colon), header.substring(colon + 1).strip());
        }

        void send(int status, byte[] body) throws IOException {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Answers, or returns false: then the honest answer follows, with the headers that were set. */
    boolean answer(Asked asked) throws IOException;

    /** No fault, for a place that is honest again after some faults. */
    Fault HONEST = asked -> false;

    /** An answer like a proxy's page for signing in, with status 200. */
    Fault PAGE = asked -> {
        asked.header("Content-Type: text/html; charset=utf-8");
        asked.send(200, "<!DOCTYPE html><html>Sign in</html>".getBytes(StandardCharsets.UTF_8));
        return true;
    };

    /** The same page without a length. */
    Fault PAGE_IN_CHUNKS = asked -> {
        asked.header("Content-Type: text/html; charset=utf-8");
        asked.exchange().sendResponseHeaders(200, 0);
        asked.exchange().getResponseBody().write("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8));
        return true;
    };

    /** The right bytes, compressed. */
    Fault COMPRESSED = asked -> {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(asked.content());
        }
        asked.header("Content-Encoding: gzip");
        asked.send(200, compressed.toByteArray());
        return true;
    };

    /** A redirect to itself. */
    Fault CIRCLE = asked -> {
        asked.header("Location: " + asked.exchange().getRequestURI());
        asked.send(302, new byte[0]);
        return true;
    };

    /** Every range is out of range. */
    Fault NO_RANGES = asked -> asked.from() > 0 && status(416).answer(asked);

    /** Accepts the request and never answers. */
    Fault SILENCE = asked -> {
        await(asked.closed());
        return true;
    };

    /** Any status with a short text; headers as {@code "Name: value"}. */
    static Fault status(int status, String... headers) {
        return asked -> {
            Arrays.asList(headers).forEach(asked::header);
            asked.send(status, ("status " + status).getBytes(StandardCharsets.UTF_8));
            return true;
        };
    }

    /** Other content with an honest length, from the byte that is asked for; headers as {@code "Name: value"}. */
    static Fault content(UnaryOperator<byte[]> change, String... headers) {
        return asked -> {
            Arrays.asList(headers).forEach(asked::header);
            byte[] content = change.apply(asked.content());
            int from = asked.from();
            if (from > 0) {
                asked.header("Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            asked.send(from > 0 ? 206 : 200, Arrays.copyOfRange(content, from, content.length));
            return true;
        };
    }

    /** The right bytes under headers that lie. */
    static Fault headers(String... headers) {
        return content(UnaryOperator.identity(), headers);
    }

    /** The JSON of a revision or a page with a text replaced. */
    static Fault instead(String honest, String lie) {
        return content(json -> {
            String text = new String(json, StandardCharsets.UTF_8);
            if (!text.contains(honest)) {
                throw new IllegalArgumentException(honest + " is not in " + text);
            }
            return text.replace(honest, lie).getBytes(StandardCharsets.UTF_8);
        });
    }

    /** So many bytes from the one that is asked for; then the connection is closed. */
    static Fault cutAfter(int bytes) {
        return asked -> {
            begin(asked, bytes);
            return true;
        };
    }

    /** So many bytes from the one that is asked for; then nothing more, while the connection stays open. */
    static Fault stallAfter(int bytes) {
        return asked -> {
            begin(asked, bytes);
            await(asked.closed());
            return true;
        };
    }

    /** A redirect to another server. */
    static Fault elsewhere(URI address) {
        return asked -> {
            asked.header("Location: " + address);
            asked.send(302, new byte[0]);
            return true;
        };
    }

    /** Does something, and then answers honestly. */
    static Fault meanwhile(Runnable action) {
        return asked -> {
            action.run();
            return false;
        };
    }

    /** Does not answer, honestly or not, before the latch is at zero. */
    static Fault after(CountDownLatch latch) {
        return meanwhile(() -> await(latch));
    }

    /** A tree of this many pages with 1000 made-up small files each. */
    static Fault pages(int pages) {
        return asked -> {
            String query = String.valueOf(asked.exchange().getRequestURI().getQuery());
            int page = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=(\\d+).*", "$1")) : 0;
            StringBuilder json = new StringBuilder("[");
            for (int i = 0; i < 1000; i++) {
                json.append(i == 0 ? "" : ",")
                        .append("{\"type\":\"file\",\"size\":1,\"oid\":\"%040x\",".formatted(page))
                        .append("\"path\":\"data/%04d/%04d.bin\"}".formatted(page, i));
            }
            if (page + 1 < pages) {
                String next = asked.exchange().getRequestURI().getPath() + "?recursive=true&cursor=" + (page + 1);
                asked.header("Link: <" + next + ">; rel=\"next\"");
            }
            asked.send(200, json.append("]").toString().getBytes(StandardCharsets.UTF_8));
            return true;
        };
    }

    private static void begin(Asked asked, int bytes) throws IOException {
        byte[] content = asked.content();
        int from = asked.from();
        if (from > 0) {
            asked.header("Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        asked.exchange().sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        asked.exchange().getResponseBody().write(content, from, Math.min(bytes, content.length - from));
        asked.exchange().getResponseBody().flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("the hub stops", e));
        }
    }
}
