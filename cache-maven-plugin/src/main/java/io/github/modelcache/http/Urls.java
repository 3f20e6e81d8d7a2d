package io.github.modelcache.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** URLs in messages and in redirects. */
public final class Urls {
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

    private static final int HIGHEST_PORT = 65535;

    private static final Pattern AUTHORITY_WITH_USER = Pattern.compile("[^/?#]*//[^/?#]*@");

    private Urls() {}

    /**
     * Whether a text, which need not be a URL, has a user name where URLs have theirs: then it must not be shown, because
     * what stands before the @ may be a password, however broken the rest is.
     */
    public static boolean holdsUser(String text) {
        return AUTHORITY_WITH_USER.matcher(text).lookingAt();
    }

    /** Scheme, host, port and path: no user name, no query, no fragment, because those hold signatures and tokens. */
    public static String display(URI uri) {
        if (uri.isOpaque() || uri.getScheme() == null) {
            return uri.getScheme() == null ? "a URL without a scheme" : uri.getScheme() + ":…";
        }
        String host = uri.getHost() == null ? "" : uri.getHost();
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + host + port + path;
    }

    /** Scheme, host and port. */
    static String server(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** The lower-case scheme, empty without one. */
    static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    /** Whether both have the same scheme, host and port, as they are written. */
    static boolean isSameServer(URI one, URI other) {
        return scheme(one).equals(scheme(other))
                && String.valueOf(one.getRawAuthority()).equalsIgnoreCase(String.valueOf(other.getRawAuthority()));
    }

    /** Whether a server can be asked over the network: a host, at a port that there is. */
    static boolean isHttp(URI uri) {
        boolean web = scheme(uri).equals("http") || scheme(uri).equals("https");
        return web && uri.getHost() != null && uri.getPort() <= HIGHEST_PORT;
    }

    /**
     * Where a {@code Location} header leads: a relative one is resolved, its query stays, characters that belong to no
     * URL are escaped as browsers do, the fragment goes.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-5.2">RFC 3986, section 5.2</a>
     */
    static Optional<URI> resolve(URI base, String location) {
        String target = escape(location.strip());
        int fragment = target.indexOf('#');
        if (fragment >= 0) {
            target = target.substring(0, fragment);
        }
        String path = base.getRawPath() == null || base.getRawPath().isEmpty() ? "/" : base.getRawPath();
        try {
            if (target.startsWith("?")) {
                // URI.resolve drops the last segment here, against the RFC.
                target = path + target;
            }
            URI found = new URI(target);
            if (found.isAbsolute()) {
                return Optional.of(found);
            }
            URI folder = new URI(base.getScheme() + "://" + base.getRawAuthority() + path);
            return Optional.of(folder.resolve(found));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /**
     * An address with all that is not ASCII percent-encoded as UTF-8, letter for letter. {@link URI#toASCIIString} would
     * put letters and their marks together first, and so ask for another file than the one that is named.
     */
    public static String ascii(String address) {
        StringBuilder ascii = new StringBuilder(address.length());
        for (byte b : address.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0) {
                ascii.append((char) b);
            } else {
                ascii.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return ascii.toString();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (letterOrDigit || ALLOWED.indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                // Headers are decoded byte by byte (ISO 8859-1), so each character is one byte of what was sent.
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        return escaped.toString();
    }
}
