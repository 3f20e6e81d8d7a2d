package io.github.modelcache.inventory;

import java.util.SortedMap;
import java.util.stream.Collectors;

/** The text of a properties file: sorted, without a date, so that the same values give the same bytes. */
public final class ModelProperties {

    private ModelProperties() {}

    /** The text; its characters are all of ASCII. */
    public static String text(String comment, SortedMap<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> escaped(entry.getKey(), true) + "=" + escaped(entry.getValue(), false) + "\n")
                .collect(Collectors.joining("", "# " + comment + "\n", ""));
    }

    private static String escaped(String text, boolean key) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || (key && "=:#! ".indexOf(c) >= 0) || (i == 0 && c == ' ')) {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
