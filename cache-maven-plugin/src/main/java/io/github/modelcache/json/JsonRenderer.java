package io.github.modelcache.json;

import java.util.List;

/** Writes values in a style. */
final class JsonRenderer {
    /** Arrays of scalars up to this many characters stay on one line. */
    private static final int SHORT_ARRAY = 80;

    private final JsonStyle style;
    private final StringBuilder out = new StringBuilder();

    private JsonRenderer(JsonStyle style) {
        this.style = style;
    }

    /**
     * The text of a value.
     *
     * @param lines whether objects are spread over lines, and arrays that are long or not of scalars
     * @param indent of the line that the value starts on
     */
    static String render(Json value, JsonStyle style, boolean lines, String indent) {
        JsonRenderer renderer = new JsonRenderer(style);
        renderer.value(value, lines, indent);
        return renderer.out.toString();
    }

    /** The text of a string with its quotes. */
    static String quoted(String text, JsonStyle style) {
        JsonRenderer renderer = new JsonRenderer(style);
        renderer.string(text);
        return renderer.out.toString();
    }

    private void value(Json value, boolean lines, String indent) {
        if (value instanceof JsonObject object) {
            object(object.members(), lines, indent);
        } else if (value instanceof JsonArray array) {
            array(array, lines, indent);
        } else if (value instanceof JsonString string) {
            string(string.value());
        } else if (value instanceof JsonNumber number) {
            out.append(number.literal());
        } else if (value instanceof JsonBoolean bool) {
            out.append(bool.value());
        } else {
            out.append("null");
        }
    }

    private void object(List<JsonMember> members, boolean lines, String indent) {
        if (members.isEmpty()) {
            out.append("{}");
            return;
        }
        String inner = indent + style.unit();
        String separator = lines ? "," + style.lineEnd() + inner : style.comma();
        out.append('{').append(lines ? style.lineEnd() + inner : style.padding());
        for (int i = 0; i < members.size(); i++) {
            out.append(i == 0 ? "" : separator);
            string(members.get(i).name());
            out.append(style.colon());
            value(members.get(i).value(), lines, inner);
        }
        out.append(lines ? style.lineEnd() + indent : style.padding()).append('}');
    }

    private void array(JsonArray array, boolean lines, String indent) {
        List<Json> items = array.items();
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        boolean spread = lines && !isShort(array);
        String inner = indent + style.unit();
        String separator = spread ? "," + style.lineEnd() + inner : style.comma();
        out.append('[').append(spread ? style.lineEnd() + inner : "");
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : separator);
            value(items.get(i), spread, inner);
        }
        out.append(spread ? style.lineEnd() + indent : "").append(']');
    }

    private boolean isShort(JsonArray array) {
        for (Json item : array.items()) {
            if (item instanceof JsonObject || item instanceof JsonArray) {
                return false;
            }
        }
        return render(array, style, false, "").length() <= SHORT_ARRAY;
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text, i);
        }
        out.append('"');
    }

    private void character(String text, int index) {
        char c = text.charAt(index);
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ' || (style.ascii() && c > '~') || isLoneSurrogate(text, index)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }

    /** Such a character cannot be written as UTF-8. */
    private static boolean isLoneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }
}
