package io.github.modelcache.json;

/** Writes values as new documents; {@link JsonEditor} changes existing ones. */
public final class JsonWriter {
    private JsonWriter() {}

    /** For files: two spaces of indentation, short arrays of scalars on one line, LF, a final newline. */
    public static String write(Json value) {
        return JsonRenderer.render(value, JsonStyle.DEFAULT, JsonRenderer.Lines.SPREAD, "") + "\n";
    }

    /** For programs: no white space at all. */
    public static String compact(Json value) {
        return JsonRenderer.render(value, JsonStyle.COMPACT, JsonRenderer.Lines.INLINE, "");
    }
}
