package io.github.modelcache.json;

import io.github.modelcache.json.JsonRenderer.Lines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes members of a JSON text and keeps every other byte. New members get the formatting of their neighbours. Each
 * call changes this editor and returns it. Not thread-safe.
 */
public final class JsonEditor {
    /** A longer object is spread over lines even if its neighbours are not. */
    private static final int LONG_LINE = 120;

    private final JsonDocument original;
    private JsonDocument document;
    private @Nullable JsonStyle style;

    private JsonEditor(JsonDocument document) {
        this.original = document;
        this.document = document;
    }

    /** An editor of a document whose root is an object. */
    public static JsonEditor of(JsonDocument document) {
        return new JsonEditor(document);
    }

    /**
     * Sets a member, and creates missing objects on its path. A member that has an equal value keeps its text; an object
     * is merged into an existing one.
     *
     * @param path names from the root to the member, not empty
     * @throws IllegalArgumentException if a parent is not an object, or the value is nested too deeply
     */
    public JsonEditor set(List<String> path, Json value) {
        requireMember(path);
        JsonObject object = asObject(document.root(), List.of());
        boolean lines = true;
        for (int i = 0; i < path.size(); i++) {
            JsonMember member = object.member(path.get(i));
            if (member == null) {
                insert(object, lines, path.get(i), wrapped(path.subList(i + 1, path.size()), value));
                return this;
            }
            lines = startsLine(object, member);
            if (i < path.size() - 1) {
                object = asObject(member.value(), path.subList(0, i + 1));
            } else {
                replace(path, object, member.value(), lines, value);
            }
        }
        return this;
    }

    /**
     * Adds values at the end of an array, and creates a missing one. The items before keep their text; the new ones have
     * one line each.
     *
     * @param path names from the root to the array, not empty
     * @throws IllegalArgumentException if it or a parent has another type
     */
    public JsonEditor append(List<String> path, List<? extends Json> values) {
        for (Json value : values) {
            Json found = document.root();
            for (String name : path) {
                found = found instanceof JsonObject object ? object.get(name) : null;
            }
            if (found instanceof JsonArray array && !array.items().isEmpty()) {
                addItem(array, value);
            } else {
                set(path, JsonArray.of(List.of(value)));
            }
        }
        return this;
    }

    private void addItem(JsonArray array, Json value) {
        List<Json> items = array.items();
        Span last = items.get(items.size() - 1).span();
        JsonFormattingStyle house = house();
        String separator = items.size() > 1
                ? document.text().substring(items.get(items.size() - 2).span().end(), last.start())
                : separatorAfterOnly(array, last);
        splice(last.end(), last.end(), separator + rendered(house, value, Lines.INLINE, ""));
    }

    private String separatorAfterOnly(JsonArray array, Span only) {
        String gap = document.text().substring(array.span().start() + 1, only.start());
        return JsonFormattingStyle.hasLineEnd(gap)
                ? "," + JsonFormattingStyle.lastLine(gap)
                : house().ofDocument().comma();
    }

    /** Removes a member with its comma, if it exists; the path is not empty. */
    public JsonEditor remove(List<String> path) {
        requireMember(path);
        Json parent = document.root();
        for (String name : path.subList(0, path.size() - 1)) {
            parent = parent instanceof JsonObject object ? object.get(name) : null;
        }
        if (parent instanceof JsonObject object) {
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
        return !document.text().equals(original.text());
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

    private void replace(List<String> path, JsonObject parent, Json before, boolean lines, Json value) {
        if (before.sameValue(value)) {
            return;
        }
        if (before instanceof JsonObject from
                && value instanceof JsonObject to
                && !from.members().isEmpty()) {
            merge(path, from, to);
            return;
        }
        JsonFormattingStyle house = house();
        Lines how = before instanceof JsonArray array && !array.items().isEmpty() && value instanceof JsonArray
                ? arrayLines(house, array)
                : linesFor(house, parent, lines, value);
        int start = before.span().start();
        splice(start, before.span().end(), rendered(house, value, how, house.indentAt(start)));
    }

    private void merge(List<String> path, JsonObject from, JsonObject to) {
        for (JsonMember member : to.members()) {
            set(child(path, member.name()), member.value());
        }
        for (JsonMember member : from.members()) {
            if (to.get(member.name()) == null) {
                remove(child(path, member.name()));
            }
        }
    }

    /** Adds a member at the end; {@code lines} tells whether an empty object is spread over lines. */
    private void insert(JsonObject object, boolean lines, String name, Json value) {
        JsonFormattingStyle house = house();
        if (object.members().isEmpty()) {
            open(house, object, lines || house.spread(object), name, value);
            return;
        }
        String separator = separatorFor(house, object);
        boolean ownLine = JsonFormattingStyle.hasLineEnd(separator);
        int at =
                object.members().get(object.members().size() - 1).value().span().end();
        String indent = ownLine ? JsonFormattingStyle.lastIndent(separator) : house.indentAt(at);
        Lines how = linesFor(house, object, ownLine, value);
        splice(at, at, separator + member(house, object, name, rendered(house, value, how, indent)));
    }

    private void open(JsonFormattingStyle house, JsonObject object, boolean lines, String name, Json value) {
        JsonStyle style = house.ofDocument();
        String outer = house.indentAt(object.span().start());
        String inner = outer + style.unit();
        String text = member(house, object, name, rendered(house, value, lines ? Lines.SPREAD : Lines.INLINE, inner));
        splice(
                object.span().start() + 1,
                object.span().end() - 1,
                lines
                        ? style.lineEnd() + inner + text + style.lineEnd() + outer
                        : style.padding() + text + style.padding());
    }

    private String member(JsonFormattingStyle house, JsonObject object, String name, String value) {
        JsonStyle style = house.ofDocument();
        return JsonRenderer.quoted(name, style) + house.colon(object, style.colon()) + value;
    }

    private static String rendered(JsonFormattingStyle house, Json value, Lines how, String indent) {
        return JsonRenderer.render(value, house.ofDocument(), how, indent);
    }

    private static String separatorFor(JsonFormattingStyle house, JsonObject object) {
        String separator = house.separator(object);
        if (separator != null) {
            return separator;
        }
        String first = house.gapBefore(object, 0);
        return JsonFormattingStyle.hasLineEnd(first)
                ? "," + JsonFormattingStyle.lastLine(first)
                : house.ofDocument().comma();
    }

    /** As in the nearest neighbour of the same type; without one, as in the parent. */
    private static Lines linesFor(JsonFormattingStyle house, JsonObject parent, boolean parentLines, Json value) {
        if (!parentLines) {
            return Lines.INLINE;
        }
        Json neighbour = neighbour(parent, value);
        if (neighbour instanceof JsonArray array) {
            return arrayLines(house, array);
        }
        boolean inline = neighbour != null
                && !house.spread(neighbour)
                && JsonRenderer.render(value, house.ofDocument(), Lines.INLINE, "")
                                .length()
                        <= LONG_LINE;
        return inline ? Lines.INLINE : Lines.SPREAD;
    }

    private static Lines arrayLines(JsonFormattingStyle house, JsonArray array) {
        return house.spread(array) ? Lines.ONE_ITEM_A_LINE : Lines.INLINE;
    }

    private static @Nullable Json neighbour(JsonObject parent, Json value) {
        Json last = null;
        for (JsonMember member : parent.members()) {
            boolean alike = value instanceof JsonObject
                    ? member.value() instanceof JsonObject object
                            && !object.members().isEmpty()
                    : value instanceof JsonArray
                            && member.value() instanceof JsonArray array
                            && !array.items().isEmpty();
            last = alike ? member.value() : last;
        }
        return last;
    }

    private boolean startsLine(JsonObject object, JsonMember member) {
        return JsonFormattingStyle.hasLineEnd(
                JsonFormattingStyle.gapBefore(document.text(), object, object.indexOf(member.name())));
    }

    private JsonFormattingStyle house() {
        if (style == null) {
            style = JsonFormattingStyle.survey(original);
        }
        return new JsonFormattingStyle(document.text(), style);
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

    private static List<String> child(List<String> path, String name) {
        List<String> child = new ArrayList<>(path);
        child.add(name);
        return child;
    }
}
