package io.github.modelcache.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of a client.
 *
 * @param target the path and the query as they were sent; starts with {@code /}
 * @param headers by lower-case name
 */
record Request(String method, String target, Map<String, String> headers, String body) {

    /** A header. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Whether only the head of the answer is wanted. */
    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Whether it reads a resource. */
    boolean isRead() {
        return isHead() || method.equals("GET");
    }

    /** The path as it was sent. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * The segments of the path, each decoded: a name of a branch may contain an encoded slash.
     * Clients append paths to an {@code HF_ENDPOINT} that ends with a slash.
     *
     * @throws IllegalArgumentException if the encoding is invalid
     */
    List<String> segments() {
        return Arrays.stream(path().replaceFirst("^/+", "").split("/", -1))
                .map(segment -> decoded(segment.replace("+", "%2B")))
                .toList();
    }

    /**
     * A parameter of the query.
     *
     * @throws IllegalArgumentException if the encoding is invalid
     */
    Optional<String> parameter(String name) {
        int query = target.indexOf('?');
        return query < 0
                ? Optional.empty()
                : values(target.substring(query + 1), name).stream().findFirst();
    }

    /**
     * The values of a parameter of a form or a query.
     *
     * @throws IllegalArgumentException if the encoding is invalid
     */
    static List<String> values(String form, String name) {
        return Arrays.stream(form.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> decoded(pair.substring(name.length() + 1)))
                .toList();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
