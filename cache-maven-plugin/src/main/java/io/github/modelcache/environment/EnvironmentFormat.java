package io.github.modelcache.environment;

import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Output formats of variables, with the quoting of each shell or program. */
public enum EnvironmentFormat {

    /** POSIX shells: {@code eval "$(mvn -q cache:env)"}. */
    SH,

    /**
     * The fish shell.
     *
     * @see <a href="https://fishshell.com/docs/current/language.html#quotes">fish, quotes</a>
     */
    FISH,

    /**
     * PowerShell, which accepts typographic quotes.
     *
     * @see <a href="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules">
     *     PowerShell, quoting rules</a>
     */
    POWERSHELL,

    /** A batch file of Windows, to be run with {@code call}. */
    CMD,

    /**
     * A {@code .env} file.
     *
     * @see <a href="https://github.com/theskumar/python-dotenv#file-format">python-dotenv, file format</a>
     * @see <a href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/">Docker Compose,
     *     interpolation</a>
     */
    DOTENV,

    /**
     * The file that {@code $GITHUB_ENV} names.
     *
     * @see <a href="https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands">GitHub Actions,
     *     setting an environment variable</a>
     */
    GITHUB,

    /** One JSON object. */
    JSON;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,-]+");

    /** Values that need no quotes in a {@code .env} file. */
    private static final Pattern UNQUOTED = Pattern.compile("[^\\s#'\"`$]([^#'\"`$]*[^\\s#'\"`$])?");

    /** Characters that a reader may expand in double quotes. */
    private static final Pattern EXPANDED = Pattern.compile("[\"\\\\$`]");

    /**
     * The format of this name, as users type it.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static EnvironmentFormat named(String name) {
        for (EnvironmentFormat format : values()) {
            if (format.toString().equals(name)) {
                return format;
            }
        }
        String known = Arrays.stream(values()).map(Object::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("cache.format is '" + name + "', expected one of " + known);
    }

    /**
     * All variables, a line each.
     *
     * @throws IllegalArgumentException if this format can't express a value, such as one with a line break
     */
    public String text(SortedMap<String, String> variables) {
        variables.forEach(EnvironmentFormat::requireOneLine);
        if (this == JSON) {
            JsonObject.Builder object = JsonObject.builder();
            variables.forEach(object::put);
            return JsonWriter.write(object.build());
        }
        String end = this == CMD || this == POWERSHELL ? "\r\n" : "\n";
        return variables.entrySet().stream()
                .map(variable -> line(variable.getKey(), variable.getValue()) + end)
                .collect(Collectors.joining());
    }

    /** One variable, without a line end. */
    String line(String name, String value) {
        requireOneLine(name, value);
        return switch (this) {
            case SH -> "export " + name + "='" + value.replace("'", "'\\''") + "'";
            case FISH -> "set -gx " + name + " '" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
            case POWERSHELL ->
                "$env:" + name + " = '" + value.replaceAll("(['\u2018\u2019\u201a\u201b])", "$1$1") + "'";
            case CMD -> "set \"" + name + "=" + withoutQuotes(name, value).replace("%", "%%") + "\"";
            case DOTENV -> name + "=" + dotenv(value);
            case GITHUB -> name + "=" + value;
            case JSON ->
                JsonWriter.compact(JsonObject.builder().put(name, value).build());
        };
    }

    private static String withoutQuotes(String name, String value) {
        if (value.indexOf('"') >= 0) {
            throw new IllegalArgumentException(
                    "The value of " + name
                            + " contains a double quote, which cmd can't express; change it in cache.environment of the config");
        }
        return value;
    }

    private static void requireOneLine(String name, String value) {
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException("The value of " + name
                    + " contains a line break; remove it from the path or from cache.environment in the config");
        }
    }

    /** Quoting that python-dotenv, Docker Compose and most other readers understand; {@code "$"} would be expanded. */
    private static String dotenv(String value) {
        boolean apostrophe = value.indexOf('\'') >= 0;
        boolean folding = value.contains("\\\\") || value.endsWith("\\");
        if (PLAIN.matcher(value).matches()
                || (folding && UNQUOTED.matcher(value).matches())) {
            return value;
        }
        if (apostrophe && !EXPANDED.matcher(value).find()) {
            return "\"" + value + "\"";
        }
        if (apostrophe || folding) {
            return "'" + value.replaceAll("\\\\(?=[\\\\']|$)", "\\\\\\\\").replace("'", "\\'") + "'";
        }
        return "'" + value + "'";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
