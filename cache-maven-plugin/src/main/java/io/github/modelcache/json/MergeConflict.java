package io.github.modelcache.json;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a version control system leaves in a file whose two versions it could not merge: lines of seven or more equal
 * signs, bars or angle brackets. No JSON has such lines, because strings end with their line.
 *
 * @param line the line of the first marker, from 1
 * @param marker the first marker, without the name that follows it
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

    /** What was found, as people read it. */
    public String problem() {
        return "found a merge conflict marker (" + marker + ")";
    }
}
