package io.github.modelcache.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the requests of a connection. A body needs a {@code Content-Length}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112: HTTP/1.1</a>
 */
final class RequestReader {

    /** The longest head in bytes. */
    static final int MOST_HEAD = 16 << 10;

    /** The longest body in bytes. */
    static final int MOST_BODY = 1 << 20;

    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]{1,20}) (\\S+) HTTP/1\\.([01])");
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[^/?#]*");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
    private static final String HEAD_END = "\r\n\r\n";

    private final ByteChannel client;
    private final ByteBuffer received = ByteBuffer.allocate(MOST_HEAD);

    RequestReader(ByteChannel client) {
        this.client = client;
    }

    /**
     * The next request; empty when the client has closed the connection.
     *
     * @throws BadRequestException if it is not HTTP, or too long
     */
    Optional<Request> next() throws IOException {
        Optional<String> head = head();
        if (head.isEmpty()) {
            return Optional.empty();
        }
        String[] lines = head.get().split("\r\n", -1);
        Matcher line = REQUEST_LINE.matcher(lines[0]);
        if (!line.matches()) {
            throw new BadRequestException(400, "the request is not HTTP/1.1");
        }
        String target = ORIGIN.matcher(line.group(2)).replaceFirst("");
        if (!target.startsWith("/")) {
            throw new BadRequestException(400, "the request has no path");
        }
        Map<String, String> headers = headers(lines);
        if (line.group(3).equals("0")) {
            headers.putIfAbsent("connection", "close");
        }
        return Optional.of(new Request(line.group(1), target, headers, body(headers)));
    }

    private Optional<String> head() throws IOException {
        int end = headEnd();
        while (end < 0) {
            if (!received.hasRemaining()) {
                throw new BadRequestException(431, "the head of the request is longer than 16 KiB");
            }
            if (client.read(received) < 0) {
                return Optional.empty();
            }
            end = headEnd();
        }
        String head = new String(received.array(), 0, end, StandardCharsets.ISO_8859_1);
        received.flip().position(end + HEAD_END.length());
        received.compact();
        return Optional.of(head);
    }

    private int headEnd() {
        return new String(received.array(), 0, received.position(), StandardCharsets.ISO_8859_1).indexOf(HEAD_END);
    }

    private static Map<String, String> headers(String[] lines) throws BadRequestException {
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher header = HEADER.matcher(lines[i]);
            boolean valid = header.matches();
            String name = valid ? header.group(1).toLowerCase(Locale.ROOT) : "";
            String before = valid ? headers.put(name, header.group(2)) : null;
            if (!valid || (before != null && name.equals("content-length"))) {
                throw new BadRequestException(400, "the request has an invalid header");
            }
        }
        return headers;
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new BadRequestException(411, "the body of the request has no Content-Length");
        }
        String given = headers.getOrDefault("content-length", "0");
        if (!given.matches("\\d{1,18}")) {
            throw new BadRequestException(400, "the Content-Length of the request is no number");
        }
        if (Long.parseLong(given) > MOST_BODY) {
            throw new BadRequestException(413, "the body of the request is longer than 1 MiB");
        }
        ByteBuffer body = ByteBuffer.allocate(Integer.parseInt(given));
        if (body.hasRemaining() && headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            client.write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        }
        received.flip();
        while (body.hasRemaining() && received.hasRemaining()) {
            body.put(received.get());
        }
        received.compact();
        while (body.hasRemaining()) {
            if (client.read(body) < 0) {
                throw new BadRequestException(400, "the body of the request ended too early");
            }
        }
        return new String(body.array(), StandardCharsets.UTF_8);
    }
}
