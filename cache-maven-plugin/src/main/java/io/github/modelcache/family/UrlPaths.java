package io.github.modelcache.family;

import io.github.modelcache.http.Urls;
import java.net.URI;
import java.net.URISyntaxException;

/** Percent-encoding of paths in addresses. */
public final class UrlPaths {

    private UrlPaths() {}

    /** A path of several segments; {@code /} is not encoded. */
    public static String encode(String path) {
        try {
            String encoded =
                    Urls.ascii(new URI(null, null, "/" + path, null).toString()).substring(1);
            return encoded.replace("+", "%2B").replace(";", "%3B");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + path + "' can't be put into an address", e);
        }
    }

    /** One segment: {@code /} is encoded too. */
    public static String encodeSegment(String segment) {
        return encode(segment).replace("/", "%2F").replace(":", "%3A");
    }
}
