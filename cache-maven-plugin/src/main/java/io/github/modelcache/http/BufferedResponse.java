package io.github.modelcache.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A small answer, read whole. */
public final class BufferedResponse {
    private final URI uri;
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    BufferedResponse(URI uri, int status, Map<String, String> headers, byte[] body) {
        this.uri = uri;
        this.status = status;
        TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        this.headers = Collections.unmodifiableMap(sorted);
        this.body = body;
    }

    /** Where it came from, after all redirects. May hold a signed query: not for printing. */
    public URI uri() {
        return uri;
    }

    /** 200 to 299, or 304; everything else is thrown. 200 for a {@code file:} URL. */
    public int status() {
        return status;
    }

    /** The headers, found in any letter case; several of one name are joined by {@code ", "}. */
    public Map<String, String> headers() {
        return headers;
    }

    /** One header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The body's bytes; a copy. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** An answer that is refused. */
    TransferException refused(String message) {
        return new TransferException(TransferException.Kind.SERVER_ERROR, message, status, headers, null);
    }
}
