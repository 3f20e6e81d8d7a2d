package io.github.modelcache.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Include and exclude patterns with the meaning of Python's {@code fnmatch}, which the model hub's own client gives
 * them: matched against the whole path, case-sensitive, {@code *} and {@code ?} cross {@code /}, {@code [x]} and
 * {@code [!x]} are sets, a trailing {@code /} means everything below.
 *
 * @see <a href="https://docs.python.org/3/library/fnmatch.html">fnmatch</a>
 */
public final class FilePatterns {

    private final List<Pattern> include;
    private final List<Pattern> exclude;

    /** Patterns of the files to include (empty means all) and to exclude; exclusion wins. */
    public FilePatterns(List<String> include, List<String> exclude) {
        this.include = include.stream().map(FilePatterns::compile).toList();
        this.exclude = exclude.stream().map(FilePatterns::compile).toList();
    }

    /** Whether a path, with {@code /} between segments, is included. */
    public boolean wants(String path) {
        return (include.isEmpty() || matches(include, path)) && !matches(exclude, path);
    }

    /** The patterns that match no path. */
    public static List<String> idle(List<String> patterns, List<String> paths) {
        return patterns.stream()
                .filter(pattern -> paths.stream().noneMatch(compile(pattern).asMatchPredicate()))
                .toList();
    }

    private static boolean matches(List<Pattern> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    /** The regular expression of one {@code fnmatch} pattern. */
    public static Pattern compile(String text) {
        String pattern = text.replace('\\', '/');
        if (pattern.endsWith("/")) {
            pattern += "*";
        }
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? closing(pattern, i) : -1;
            if (c == '*') {
                parts.add(part.toString());
                part.setLength(0);
            } else if (c == '?') {
                part.append('.');
            } else if (close > 0) {
                part.append(set(pattern.substring(i + 1, close)));
                i = close;
            } else {
                part.append(Pattern.quote(String.valueOf(c)));
            }
        }
        parts.add(part.toString());
        return Pattern.compile(joined(parts), Pattern.DOTALL);
    }

    /** Uses atomic groups between stars, as Python does, so that many stars do not cause exponential backtracking. */
    private static String joined(List<String> parts) {
        int last = parts.size() - 1;
        StringBuilder regex = new StringBuilder(parts.get(0));
        for (int i = 1; i < last; i++) {
            if (!parts.get(i).isEmpty()) {
                regex.append("(?>.*?").append(parts.get(i)).append(')');
            }
        }
        return last == 0
                ? regex.toString()
                : regex.append(".*").append(parts.get(last)).toString();
    }

    /** The index of the closing bracket of a set; the first character of a set may be a bracket. */
    private static int closing(String pattern, int open) {
        int first = pattern.startsWith("!", open + 1) ? open + 2 : open + 1;
        return pattern.indexOf(']', first + 1);
    }

    private static String set(String content) {
        boolean negated = content.startsWith("!");
        String characters = negated ? content.substring(1) : content;
        StringBuilder set = new StringBuilder(negated ? "[^" : "[");
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            boolean range = i + 2 < characters.length() && characters.charAt(i + 1) == '-';
            if (range && c > characters.charAt(i + 2)) {
                i += 2; // an empty range matches nothing
            } else if (range) {
                set.append(escaped(c)).append('-').append(escaped(characters.charAt(i + 2)));
                i += 2;
            } else {
                set.append(escaped(c));
            }
        }
        boolean empty = set.length() == (negated ? 2 : 1);
        if (empty) {
            return negated ? "." : "(?!)";
        }
        return set.append(']').toString();
    }

    private static String escaped(char c) {
        return Character.isLetterOrDigit(c) ? String.valueOf(c) : String.format("\\x{%x}", (int) c);
    }
}
