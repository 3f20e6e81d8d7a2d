package io.github.modelcache.json;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes members of a JSON text and keeps every other byte. New text gets the line ends and the indentation of the
 * document. Each call changes this editor and returns it. Not thread-safe.
 */
public final class JsonEditor {
    /** A longer object is spread over lines even if its neighbours are not. */
    private static final int LONG_LINE = 120;

    private final String original;
    private final JsonStyle style;
    private JsonDocument document;

    private JsonEditor(JsonDocument document) {
        this.original = document.text();
        this.document = document;
        this.style = style();
    }

    /** An editor of a document whose root is an object. */
    public static JsonEditor of(JsonDocument document) {
        return new JsonEditor(document);
    }

    private JsonStyle style() {
        String lineEnd = original.contains("\r\n") ? "\r\n" : "\n";
        boolean old = !original.contains("\n") && original.contains("\r");
        String unit = JsonStyle.DEFAULT.unit();
        if (document.root() instanceof JsonObject root && !root.members().isEmpty()) {
            int first = root.members().get(0).nameSpan().start();
            unit = startsLine(first) ? indentAt(first) : unit;
        }
        return new JsonStyle(
                old ? "\r" : lineEnd,
                unit,
                original.contains("\":") && !original.contains("\": ") ? ":" : ": ",
                ", ",
                original.contains("{ ") ? " " : "",
                // Python's json module escapes all other characters by default.
                original.contains("\\u")
                        && original.chars().allMatch(c -> c < 128 || c == TextPosition.BYTE_ORDER_MARK));
    }

    /**
     * Sets a member, and creates missing objects on its path. A member that has an equal value keeps its text.
     *
     * @param path names from the root to the member, not empty
     * @throws IllegalArgumentException if a parent is not an object, or the value is nested too deeply
     */
    public JsonEditor set(List<String> path, Json value) {
        requireMember(path);
        JsonObject object = asObject(document.root(), List.of());
        boolean ownLine = true;
        for (int i = 0; i < path.size(); i++) {
            JsonMember member = object.member(path.get(i));
            if (member == null) {
                insert(object, ownLine, path.get(i), wrapped(path.subList(i + 1, path.size()), value));
                return this;
            }
            ownLine = startsLine(member.nameSpan().start());
            if (i < path.size() - 1) {
                object = asObject(member.value(), path.subList(0, i + 1));
            } else if (!member.value().sameValue(value)) {
                Span span = member.value().span();
                splice(span.start(), span.end(), rendered(object, ownLine, value, indentAt(span.start())));
            }
        }
        return this;
    }

    /**
     * Adds values at the end of an array, and creates a missing one. The items before keep their text.
     *
     * @param path names from the root to the array, not empty
     * @throws IllegalArgumentException if it or a parent has another type
     */
    public JsonEditor append(List<String> path, List<? extends Json> values) {
        for (Json value : values) {
            if (find(path) instanceof JsonArray array && !array.items().isEmpty()) {
                int count = array.items().size();
                Span last = array.items().get(count - 1).span();
                int before = count > 1
                        ? array.items().get(count - 2).span().end()
                        : array.span().start() + 1;
                String separator = separator(before, last.start(), count > 1);
                splice(last.end(), last.end(), separator + JsonRenderer.render(value, style, false, ""));
            } else {
                set(path, JsonArray.of(List.of(value)));
            }
        }
        return this;
    }

    /** Removes a member with its comma, if it exists; the path is not empty. */
    public JsonEditor remove(List<String> path) {
        requireMember(path);
        if (find(path.subList(0, path.size() - 1)) instanceof JsonObject object) {
            int index = object.indexOf(path.get(path.size() - 1));
            if (index >= 0) {
                remove(object, index);
            }
        }
        return this;
    }

    public String text() {
        return document.text();
    }

    /** Whether the text differs from the original. */
    public boolean changed() {
        return !document.text().equals(original);
    }

    private @Nullable Json find(List<String> path) {
        Json found = document.root();
        for (String name : path) {
            found = found instanceof JsonObject object ? object.get(name) : null;
        }
        return found;
    }

    private void remove(JsonObject object, int index) {
        List<JsonMember> members = object.members();
        int start = members.get(index).nameSpan().start();
        int end = members.get(index).value().span().end();
        if (members.size() == 1) {
            splice(object.span().start() + 1, object.span().end() - 1, "");
        } else if (index < members.size() - 1) {
            splice(start, members.get(index + 1).nameSpan().start(), "");
        } else {
            splice(members.get(index - 1).value().span().end(), end, "");
        }
    }

    /** Adds a member at the end; {@code ownLine} tells whether an empty object is spread over lines. */
    private void insert(JsonObject object, boolean ownLine, String name, Json value) {
        List<JsonMember> members = object.members();
        String member = JsonRenderer.quoted(name, style) + style.colon();
        if (members.isEmpty()) {
            boolean lines = ownLine || isSpread(object);
            String outer = indentAt(object.span().start());
            String inner = outer + style.unit();
            String before = lines ? style.lineEnd() + inner : style.padding();
            String after = lines ? style.lineEnd() + outer : style.padding();
            String text = member + rendered(object, lines, value, inner);
            splice(object.span().start() + 1, object.span().end() - 1, before + text + after);
            return;
        }
        JsonMember last = members.get(members.size() - 1);
        int before = members.size() > 1
                ? members.get(members.size() - 2).value().span().end()
                : object.span().start() + 1;
        String separator = separator(before, last.nameSpan().start(), members.size() > 1);
        String indent = indentAt(last.nameSpan().start());
        int at = last.value().span().end();
        splice(at, at, separator + member + rendered(object, hasLineEnd(separator), value, indent));
    }

    /** The text between the last item and a new one, given the text before the last one. */
    private String separator(int from, int to, boolean hasComma) {
        String gap = text().substring(from, to);
        if (hasLineEnd(gap)) {
            return "," + style.lineEnd() + indentAt(to);
        }
        return hasComma ? gap : style.comma();
    }

    /** A value over several lines, unless its member has no line of its own or its last neighbour is on one line. */
    private String rendered(JsonObject parent, boolean ownLine, Json value, String indent) {
        String line = JsonRenderer.render(value, style, false, indent);
        Optional<Json> neighbour = parent.members().stream()
                .map(JsonMember::value)
                .filter(other -> other.getClass() == value.getClass())
                .filter(other -> other.span().end() - other.span().start() > 2) // neither {} nor []
                .reduce((first, second) -> second);
        boolean onOneLine = neighbour.isPresent() && !isSpread(neighbour.get()) && line.length() <= LONG_LINE;
        return !ownLine || onOneLine ? line : JsonRenderer.render(value, style, true, indent);
    }

    private boolean isSpread(Json value) {
        return hasLineEnd(text().substring(value.span().start(), value.span().end()));
    }

    private static boolean hasLineEnd(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    private boolean startsLine(int offset) {
        return lineBefore(offset).isBlank();
    }

    /** The white space that the line of this offset starts with. */
    private String indentAt(int offset) {
        String line = lineBefore(offset);
        return line.substring(0, line.length() - line.stripLeading().length());
    }

    private String lineBefore(int offset) {
        String before = text().substring(0, offset);
        String line = before.substring(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
        return line.startsWith(String.valueOf(TextPosition.BYTE_ORDER_MARK)) ? line.substring(1) : line;
    }

    private void splice(int start, int end, String replacement) {
        String text = document.text();
        try {
            document =
                    JsonDocument.parse(document.name(), text.substring(0, start) + replacement + text.substring(end));
        } catch (JsonException e) {
            throw new IllegalArgumentException("the edited document is not valid: " + e.getMessage(), e);
        }
    }

    private JsonObject asObject(Json value, List<String> path) {
        if (value instanceof JsonObject object) {
            return object;
        }
        String where = path.isEmpty() ? "the outermost value" : String.join(".", path);
        throw new IllegalArgumentException(
                document.name() + ": " + where + " is " + value.typeName() + "; expected an object");
    }

    private static void requireMember(List<String> path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a path needs at least one name");
        }
    }

    private static Json wrapped(List<String> path, Json value) {
        Json result = value;
        for (int i = path.size() - 1; i >= 0; i--) {
            result = JsonObject.builder().put(path.get(i), result).build();
        }
        return result;
    }
}
