package io.github.modelcache.json;

/** Writes values as new documents; {@link JsonEditor} changes existing ones. */
public final class JsonWriter {
    private JsonWriter() {}

    /** For files: two spaces of indentation, short arrays of scalars on one line, LF, a final newline. */
    public static String write(Json value) {
        return JsonRenderer.render(value, JsonStyle.DEFAULT, true, "") + "\n";
    }

    /** On one line, with a space after each comma and colon. */
    public static String line(Json value) {
        return JsonRenderer.render(value, JsonStyle.DEFAULT, false, "");
    }

    /** For programs: without white space. */
    public static String compact(Json value) {
        return JsonRenderer.render(value, JsonStyle.COMPACT, false, "");
    }
}
