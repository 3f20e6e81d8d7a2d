package io.github.modelcache.json;

import java.util.List;

/** Writes values in a style. */
final class JsonRenderer {
    /** Arrays of scalars up to this many characters stay on one line. */
    private static final int SHORT_ARRAY = 80;

    /** How a value uses lines. */
    enum Lines {
        /** All on one line. */
        INLINE,
        /** Objects over several lines, short arrays of scalars on one. */
        SPREAD,
        /** As {@link #SPREAD}, but the outermost array has one item a line, however short. */
        ONE_ITEM_A_LINE
    }

    private final JsonStyle style;
    private final StringBuilder out = new StringBuilder();

    private JsonRenderer(JsonStyle style) {
        this.style = style;
    }

    /**
     * The text of a value.
     *
     * @param indent of the line that the value starts on
     */
    static String render(Json value, JsonStyle style, Lines lines, String indent) {
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

    private void value(Json value, Lines lines, String indent) {
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

    private void object(List<JsonMember> members, Lines lines, String indent) {
        if (members.isEmpty()) {
            out.append("{}");
            return;
        }
        boolean inline = lines == Lines.INLINE;
        String inner = indent + style.unit();
        String separator = inline ? style.comma() : "," + style.lineEnd() + inner;
        out.append('{').append(inline ? style.padding() : style.lineEnd() + inner);
        for (int i = 0; i < members.size(); i++) {
            out.append(i == 0 ? "" : separator);
            string(members.get(i).name());
            out.append(style.colon());
            value(members.get(i).value(), inline ? lines : Lines.SPREAD, inner);
        }
        out.append(inline ? style.padding() : style.lineEnd() + indent).append('}');
    }

    private void array(JsonArray array, Lines lines, String indent) {
        List<Json> items = array.items();
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        boolean inline = lines == Lines.INLINE || (lines == Lines.SPREAD && isShort(array));
        String inner = indent + style.unit();
        String separator = inline ? style.comma() : "," + style.lineEnd() + inner;
        out.append('[').append(inline ? "" : style.lineEnd() + inner);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : separator);
            value(items.get(i), inline ? Lines.INLINE : Lines.SPREAD, inner);
        }
        out.append(inline ? "" : style.lineEnd() + indent).append(']');
    }

    private boolean isShort(JsonArray array) {
        for (Json item : array.items()) {
            if (item instanceof JsonObject || item instanceof JsonArray) {
                return false;
            }
        }
        return render(array, style, Lines.INLINE, "").length() <= SHORT_ARRAY;
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
