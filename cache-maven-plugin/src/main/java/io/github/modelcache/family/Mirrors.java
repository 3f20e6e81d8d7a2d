package io.github.modelcache.family;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The {@code cache.mirrors} of the config, which requests use. The lock file has the original addresses. */
public final class Mirrors {

    private final List<Map.Entry<String, String>> longestFirst;

    /**
     * Mirrors by URL prefix.
     *
     * @param byPrefix the original prefix to the mirror's; the longest prefix that fits wins
     */
    public Mirrors(Map<String, String> byPrefix) {
        longestFirst = byPrefix.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, String> entry) ->
                                entry.getKey().length())
                        .reversed())
                .toList();
    }

    /** The address with its mirror applied. */
    public URI apply(URI original) {
        String text = original.toString();
        for (Map.Entry<String, String> mirror : longestFirst) {
            if (text.startsWith(mirror.getKey())) {
                return URI.create(
                        mirror.getValue() + text.substring(mirror.getKey().length()));
            }
        }
        return original;
    }
}
