package io.github.modelcache.serve;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.units.TextSanitizer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of the server. {@code Content-Length} is that of the body.
 *
 * @param headers by name
 */
record Answer(int status, Map<String, String> headers, Body body) {

    /** What follows the headers. */
    sealed interface Body {}

    /** A body in memory. */
    record Bytes(ByteBuffer bytes) implements Body {}

    /** A part of an open file, which the connection closes. */
    record FilePart(FileChannel file, long start, long length) implements Body {}

    private static final Body EMPTY = new Bytes(ByteBuffer.allocate(0));

    static Answer empty(int status) {
        return new Answer(status, Map.of(), EMPTY);
    }

    static Answer text(String text) {
        return of(200, "text/plain; charset=utf-8", text);
    }

    static Answer json(Json value) {
        return of(200, "application/json", JsonWriter.compact(value));
    }

    /** An error with a message for people, in the header and in the body, where clients look for it. */
    static Answer error(int status, String message) {
        JsonObject body = JsonObject.builder().put("error", message).build();
        return of(status, "application/json", JsonWriter.compact(body)).with("X-Error-Message", message);
    }

    private static Answer of(int status, String type, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return new Answer(status, Map.of("Content-Type", type), new Bytes(bytes));
    }

    /** The same answer with another header. */
    Answer with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, ascii(value));
        return new Answer(status, more, body);
    }

    /** Names in headers come from requests and from the lock file. */
    private static String ascii(String value) {
        return TextSanitizer.text(value).replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** The bytes of the body. */
    long length() {
        return body instanceof FilePart part
                ? part.length()
                : ((Bytes) body).bytes().remaining();
    }
}
