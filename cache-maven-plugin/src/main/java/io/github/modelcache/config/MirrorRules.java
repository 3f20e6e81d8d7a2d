package io.github.modelcache.config;

import io.github.modelcache.http.Urls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Rules for the URL prefixes of a mirror. */
final class MirrorRules {
    private static final String EXPECTED =
            "a URL prefix such as \"https://artifacts.example.com/pytorch/\" that starts with https://, http:// or"
                    + " file: and has a path";

    private MirrorRules() {}

    /** Checks one mirror; messages name {@code mirrors} instead of a prefix with a secret. */
    static void require(ConfigValue mirrors, String prefix, ConfigValue mirror) throws ConfigException {
        requireNoSecret(mirrors, prefix);
        Optional<String> problem = problem(prefix);
        if (problem.isPresent()) {
            throw mirror.problem(
                    "found the prefix \"" + prefix + "\", which " + problem.get() + "; expected " + EXPECTED);
        }
        String target = mirror.text(EXPECTED);
        requireNoSecret(mirrors, target);
        problem = problem(target);
        if (problem.isPresent()) {
            throw mirror.problem("found " + mirror.found() + ", which " + problem.get() + "; expected " + EXPECTED);
        }
        if (prefix.endsWith("/") != target.endsWith("/")) {
            throw mirror.problem("found " + mirror.found() + " for the prefix \"" + prefix
                    + "\"; expected both to end with '/', or neither");
        }
    }

    /** Text before an @ may be a password, even in an invalid URL. */
    private static void requireNoSecret(ConfigValue mirrors, String prefix) throws ConfigException {
        if (Urls.holdsUser(prefix)) {
            throw mirrors.problem("found an address that contains a user name or password; put those into a server of"
                    + " settings.xml whose id is the host; expected " + EXPECTED);
        }
    }

    private static Optional<String> problem(String prefix) {
        URI uri;
        try {
            uri = new URI(prefix);
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL (" + e.getReason() + ")");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        boolean web = scheme.equals("https") || scheme.equals("http");
        if (!web && !scheme.equals("file")) {
            return Optional.of("has an unsupported scheme");
        }
        if (web && uri.getHost() == null) {
            return Optional.of("names no host");
        }
        // "https://a.example" would also fit "https://a.example.net/".
        return uri.getRawPath() == null || uri.getRawPath().isEmpty()
                ? Optional.of("has no path after the host")
                : Optional.empty();
    }
}
