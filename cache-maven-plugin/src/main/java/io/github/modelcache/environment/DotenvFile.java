package io.github.modelcache.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An existing {@code .env} file. Changes variables in place and keeps everything else. */
public final class DotenvFile {

    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)", Pattern.DOTALL);

    private final String text;

    /** A file of this text. */
    public DotenvFile(String text) {
        this.text = text;
    }

    /** The text with these variables, changed in place or added at the end. */
    public String with(Map<String, String> variables) {
        StringBuilder changed = new StringBuilder();
        SortedMap<String, String> missing = new TreeMap<>(variables);
        for (String entry : entries()) {
            Optional<String> name = name(entry).filter(variables::containsKey);
            if (name.isEmpty()) {
                changed.append(entry);
                continue;
            }
            String value = variables.getOrDefault(name.get(), "");
            String end = entry.substring(entry.stripTrailing().length()).replaceAll("[^\r\n]", "");
            changed.append(value(entry).equals(Optional.of(value)) ? entry : line(entry, name.get(), value) + end);
            missing.remove(name.get());
        }
        boolean open = !changed.isEmpty() && changed.charAt(changed.length() - 1) != '\n';
        String end = text.contains("\r\n") ? "\r\n" : "\n";
        changed.append(open && !missing.isEmpty() ? end : "");
        missing.forEach((name, value) ->
                changed.append(EnvironmentFormat.DOTENV.line(name, value)).append(end));
        return changed.toString();
    }

    /** The variables that the file sets. */
    public SortedMap<String, String> variables() {
        SortedMap<String, String> variables = new TreeMap<>();
        for (String entry : entries()) {
            name(entry).ifPresent(name -> variables.put(name, value(entry).orElse("")));
        }
        return variables;
    }

    private static String line(String entry, String name, String value) {
        boolean export = entry.stripLeading().startsWith("export");
        return (export ? "export " : "") + EnvironmentFormat.DOTENV.line(name, value);
    }

    private static Optional<String> name(String entry) {
        Matcher matcher = ASSIGNMENT.matcher(entry);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> value(String entry) {
        Matcher matcher = ASSIGNMENT.matcher(entry);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String written = matcher.group(2).strip();
        char quote = written.isEmpty() ? ' ' : written.charAt(0);
        int end = quote == '"' || quote == '\'' ? closing(written, quote) : -1;
        if (end < 0) {
            return Optional.of(written.replaceFirst("\\s+#.*", ""));
        }
        String inner = written.substring(1, end);
        return Optional.of(inner.replaceAll(quote == '"' ? "\\\\(.)" : "\\\\([\\\\'])", "$1"));
    }

    /** The lines with their ends; a quoted value over several lines is one entry. */
    private List<String> entries() {
        List<String> entries = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = lineEnd(start);
            Matcher assignment = ASSIGNMENT.matcher(text.substring(start, end));
            if (assignment.matches()) {
                int value = start + assignment.start(2);
                char first = value < text.length() ? text.charAt(value) : ' ';
                int closing = first == '"' || first == '\'' ? closing(text.substring(value), first) : -1;
                end = closing < 0 ? end : lineEnd(value + closing);
            }
            entries.add(text.substring(start, end));
            start = end;
        }
        return entries;
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end + 1;
    }

    /** The index of the closing quote; -1 if it is missing. */
    private static int closing(String text, char quote) {
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && (quote == '"' || escapesSingle(text, i + 1))) {
                i++;
            } else if (text.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    /** A backslash before the last single quote of a line is more likely the end of a Windows folder. */
    private static boolean escapesSingle(String text, int next) {
        if (!text.startsWith("'", next)) {
            return text.startsWith("\\", next);
        }
        int end = text.indexOf('\n', next);
        int another = text.indexOf('\'', next + 1);
        return another >= 0 && (end < 0 || another < end);
    }
}
