package io.github.modelcache.io;

import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server, without where.
 *
 * @param method GET, HEAD, POST or PUT
 * @param headers sent on every hop; must not hold secrets
 * @param content what is sent along; empty for a GET and a HEAD
 */
record HttpRequest(String method, Map<String, String> headers, Optional<HttpContent> content) {

    /** A GET. */
    static HttpRequest get(Map<String, String> headers) {
        return new HttpRequest("GET", headers, Optional.empty());
    }

    /** Whether its answer has no body, whatever its head says. */
    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Whether a server may send it elsewhere by this status without a change of its method. */
    boolean follows(int status) {
        boolean reads = method.equals("GET") || isHead();
        return reads || status == 307 || status == 308;
    }
}
