package io.github.modelcache.json;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A merge conflict marker of a version control system: a line of seven or more equal signs, bars or angle brackets.
 *
 * @param line its line, from 1
 */
public record MergeConflict(int line, String marker) {

    private static final Pattern MARKER = Pattern.compile("\uFEFF?(<{7,}|\\|{7,}|={7,}|>{7,})(?:\\s.*)?");

    /** The first marker in the lines of a text. */
    public static Optional<MergeConflict> find(Stream<String> lines) {
        int[] number = {0};
        return lines.peek(line -> number[0]++)
                .map(MARKER::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> new MergeConflict(number[0], matcher.group(1)))
                .findFirst();
    }

    /** For messages. */
    public String problem() {
        return "found a merge conflict marker (" + marker + ")";
    }
}
