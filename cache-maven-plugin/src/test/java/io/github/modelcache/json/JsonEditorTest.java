package io.github.modelcache.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEditorTest {
    /** {@code \n} stands for a line end, {@code \t} for a step of indentation, {@code ": "} for the colon. */
    private static final List<String> SHAPES = List.of(
            "{\n\t\"version\": \"1\",\n\t\"hardware\": { \"platform\": \"linux\", \"cuda\": false },\n"
                    + "\t\"list\": [1, 2],\n\t\"deep\": {\n\t\t\"a\": {\n\t\t\t\"b\": 1\n\t\t},\n\t\t\"c\": null\n\t}\n}",
            "{\"version\": 1, \"hardware\": {\"platform\": \"x\"}, \"list\": [], \"deep\": {\"a\": {\"b\": {}}}}",
            "{\"version\":1,\"hardware\":{},\"list\":[\"x\",{\"y\":1}],\"deep\":{\"a\":{\"b\":[]},\"c\":-1.50e3}}",
            "{\n\"version\": \"\\u00e9\",\n\n\"hardware\": {},\n\"deep\": {\n\n\"a\": {},\n\"c\": \"x\"}}",
            "{\n\t  \"version\": 1\n\t, \"hardware\": { \"platform\": \"😀\" }\n\t, \"deep\": {\n\t\t  \"c\": 2\n\t\t, \"a\": {}\n\t}\n}",
            "\n\n  {\n\t\"a/~b\" : [ ],\t\"version\": {\n\t},   \"deep\": {\"a\":{\"b\": 1}}\n\t}  ",
            "{}",
            "{\n}",
            "{ }");

    private static final List<List<String>> PATHS = List.of(
            List.of("version"),
            List.of("new"),
            List.of("hardware", "platform"),
            List.of("hardware", "gpu"),
            List.of("deep", "a"),
            List.of("deep", "a", "b"),
            List.of("deep", "a", "z"),
            List.of("deep", "c"),
            List.of("x", "y", "z"),
            List.of("é\"\\"));

    private static final List<Json> VALUES = List.of(
            JsonString.of("é😀\u0007\"\\"),
            JsonNumber.of(-17),
            JsonBoolean.of(true),
            JsonNull.of(),
            JsonObject.builder().build(),
            JsonObject.builder()
                    .put("b", 2)
                    .put("l", JsonArray.ofStrings(List.of("p", "q")))
                    .build(),
            JsonArray.of(
                    List.of(JsonNumber.of(1), JsonObject.builder().put("k", "v").build())));

    static Stream<String> formattings() {
        List<String> texts = new ArrayList<>();
        for (String shape : SHAPES) {
            for (String unit : List.of("  ", "    ", "\t", "")) {
                for (String lineEnd : List.of("\n", "\r\n", "\r")) {
                    for (String colon : List.of(": ", ":", " : ")) {
                        String text = shape.replace("\t", unit).replace(": ", colon);
                        texts.add(text.replace("\n", lineEnd));
                        texts.add("\uFEFF" + (text + "\n").replace("\n", lineEnd));
                    }
                }
            }
        }
        return texts.stream().distinct();
    }

    @Test
    void settingChangesOneMemberInAnyFormatting() throws JsonException {
        int turn = 0;
        for (String text : formattings().toList()) {
            for (List<String> path : PATHS) {
                for (Json value : VALUES) {
                    // Every third of the 45,000 combinations; 3 divides none of the counts, so all pairs come up.
                    if (turn++ % 3 == 0) {
                        requireCleanSet(text, path, value);
                    }
                }
            }
        }
    }

    private static void requireCleanSet(String text, List<String> path, Json value) throws JsonException {
        JsonDocument before = JsonDocument.parse("x", text);
        if (!reachable(before.root(), path)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JsonEditor.of(before).set(path, value));
            return;
        }
        JsonEditor editor = JsonEditor.of(before).set(path, value);
        JsonDocument after = JsonDocument.parse("x", editor.text());
        assertThat(Objects.requireNonNull(find(after.root(), path)).sameValue(value))
                .isTrue();
        assertThat(after.root().sameValue(with(before.root(), path, value))).isTrue();
        requireOutsideUntouched(before, editor.text(), path);
        assertThat(JsonEditor.of(after).set(path, value).changed()).isFalse();
        requireRemovalUndoes(before, after, path);
    }

    /** What lies before and behind the member's place has to be the same bytes. */
    private static void requireOutsideUntouched(JsonDocument before, String after, List<String> path) {
        Json target = find(before.root(), path);
        Span place;
        if (target != null) {
            place = target.span();
        } else {
            JsonObject nearest = nearest(before.root(), path);
            int count = nearest.members().size();
            int last = count == 0
                    ? 0
                    : nearest.members().get(count - 1).value().span().end();
            // An empty object is opened: what is between its braces may go.
            place = count == 0
                    ? new Span(nearest.span().start() + 1, nearest.span().end() - 1)
                    : new Span(last, last);
        }
        String text = before.text();
        assertThat(after).startsWith(text.substring(0, place.start())).endsWith(text.substring(place.end()));
        if (!after.equals(text) && !text.contains("\r")) {
            assertThat(after).doesNotContain("\r");
        }
        if (text.contains("\r\n")) {
            assertThat(after.replace("\r\n", "")).doesNotContain("\n", "\r");
        }
    }

    /** Adding a member to an object that has some and removing it again gives the very text back. */
    private static void requireRemovalUndoes(JsonDocument before, JsonDocument after, List<String> path) {
        if (find(before.root(), path) == null) {
            JsonObject nearest = nearest(before.root(), path);
            if (!nearest.members().isEmpty()) {
                List<String> added = path.subList(0, depth(before.root(), path) + 1);
                assertThat(JsonEditor.of(after).remove(added).text()).isEqualTo(before.text());
            }
        }
    }

    @Test
    void removesOneMemberInEveryFormatting() throws JsonException {
        for (String text : formattings().toList()) {
            for (List<String> path : PATHS) {
                JsonDocument before = JsonDocument.parse("x", text);
                JsonEditor editor = JsonEditor.of(before).remove(path);
                Json after = JsonDocument.parse("x", editor.text()).root();
                boolean there = find(before.root(), path) != null;
                assertThat(editor.changed()).isEqualTo(there);
                assertThat(find(after, path)).isNull();
                assertThat(after.sameValue(without(before.root(), path))).isTrue();
                requireNothingButOneStretchIsGone(text, editor.text());
            }
        }
    }

    private static void requireNothingButOneStretchIsGone(String before, String after) {
        int prefix = 0;
        while (prefix < after.length() && before.charAt(prefix) == after.charAt(prefix)) {
            prefix++;
        }
        assertThat(before).endsWith(after.substring(prefix));
    }

    private static boolean reachable(Json root, List<String> path) {
        int depth = depth(root, path);
        return depth >= path.size() - 1 || find(root, path.subList(0, depth + 1)) == null;
    }

    /** How many names of the path lead through objects that are there. */
    private static int depth(Json root, List<String> path) {
        int depth = 0;
        while (depth < path.size() - 1 && find(root, path.subList(0, depth + 1)) instanceof JsonObject) {
            depth++;
        }
        return depth;
    }

    private static JsonObject nearest(Json root, List<String> path) {
        int depth = depth(root, path);
        return (JsonObject) Objects.requireNonNull(depth == 0 ? root : find(root, path.subList(0, depth)));
    }

    private static @Nullable Json find(Json root, List<String> path) {
        Json value = root;
        for (String name : path) {
            value = value instanceof JsonObject object ? object.get(name) : null;
        }
        return value;
    }

    private static Json with(@Nullable Json value, List<String> path, Json replacement) {
        if (path.isEmpty()) {
            return replacement;
        }
        JsonObject.Builder builder = copy(value);
        Json child = value instanceof JsonObject object ? object.get(path.get(0)) : null;
        return builder.put(path.get(0), with(child, path.subList(1, path.size()), replacement))
                .build();
    }

    private static Json without(Json value, List<String> path) {
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        JsonObject.Builder builder = JsonObject.builder();
        for (JsonMember member : object.members()) {
            if (!member.name().equals(path.get(0))) {
                builder.put(member.name(), member.value());
            } else if (path.size() > 1) {
                builder.put(member.name(), without(member.value(), path.subList(1, path.size())));
            }
        }
        return builder.build();
    }

    private static JsonObject.Builder copy(@Nullable Json value) {
        JsonObject.Builder builder = JsonObject.builder();
        if (value instanceof JsonObject object) {
            object.members().forEach(member -> builder.put(member.name(), member.value()));
        }
        return builder;
    }

    private static String set(String text, Json value, String... path) throws JsonException {
        return JsonEditor.of(JsonDocument.parse("x", text))
                .set(List.of(path), value)
                .text();
    }

    private static final Json ONE = JsonNumber.of(1);

    @Test
    void keepsTabsWhenAMemberIsAdded() throws JsonException {
        assertThat(set("{\n\t\"a\": {\n\t\t\"b\": 2\n\t}\n}", ONE, "a", "c"))
                .isEqualTo("{\n\t\"a\": {\n\t\t\"b\": 2,\n\t\t\"c\": 1\n\t}\n}");
    }

    @Test
    void opensAnEmptyObjectInTheFilesStyle() throws JsonException {
        assertThat(set("{\r\n\t\"a\" : {}\r\n}", ONE, "a", "c"))
                .isEqualTo("{\r\n\t\"a\" : {\r\n\t\t\"c\": 1\r\n\t}\r\n}");
        assertThat(set("{\"a\":{}}", ONE, "a", "c")).isEqualTo("{\"a\":{\"c\":1}}");
        assertThat(set("{ \"a\": {} }", ONE, "a", "c")).isEqualTo("{ \"a\": { \"c\": 1 } }");
        assertThat(set("{}", ONE, "a")).isEqualTo("{\n  \"a\": 1\n}");
    }

    @Test
    void inlineObjectsStayInline() throws JsonException {
        assertThat(set("{\n  \"h\": { \"a\": 1, \"b\": 2 }\n}", ONE, "h", "c"))
                .isEqualTo("{\n  \"h\": { \"a\": 1, \"b\": 2, \"c\": 1 }\n}");
        assertThat(set(
                        "{\n  \"e\": {\n    \"x\": { \"p\": 1 }\n  }\n}",
                        JsonObject.builder().put("p", 2).build(),
                        "e",
                        "y"))
                .isEqualTo("{\n  \"e\": {\n    \"x\": { \"p\": 1 },\n    \"y\": { \"p\": 2 }\n  }\n}");
    }

    @Test
    void shortArraysAreOnOneLine() throws JsonException {
        JsonArray three = JsonArray.ofStrings(List.of("a", "b", "c"));
        assertThat(set("{\n  \"l\": [\"x\"]\n}", three, "l")).isEqualTo("{\n  \"l\": [\"a\", \"b\", \"c\"]\n}");
    }

    @Test
    void writesEscapesIfTheFileDoes() throws JsonException {
        assertThat(set("{\"a\": \"\\u00e9\"}", JsonString.of("ü😀"), "b"))
                .isEqualTo("{\"a\": \"\\u00e9\", \"b\": \"\\u00fc\\ud83d\\ude00\"}");
        assertThat(set("{\"a\": \"é\"}", JsonString.of("ü"), "b")).isEqualTo("{\"a\": \"é\", \"b\": \"ü\"}");
    }

    @Test
    void keepsTheTextOfAnEqualValue() throws JsonException {
        String text = "{\"a\":\"\\u00e9\" , \"n\":1.0}";
        assertThat(set(text, JsonString.of("é"), "a")).isEqualTo(text);
        assertThat(set(text, ONE, "n")).isEqualTo(text);
    }

    @Test
    void rejectsAPathThroughAValueThatIsNotAnObject() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> set("{\"a\": [1]}", ONE, "a", "b"))
                .withMessage("x: a is an array; expected an object");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> set("[]", ONE, "a"))
                .withMessage("x: the outermost value is an array; expected an object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\":1}"})
    void rejectsAnEmptyPath(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> set(text, ONE));
    }

    @Test
    void severalEditsFollowEachOther() throws JsonException {
        JsonEditor editor = JsonEditor.of(JsonDocument.parse("x", "{\n    \"a\": 1\n}\n"))
                .set(List.of("b", "c"), JsonString.of("x"))
                .remove(List.of("a"))
                .set(List.of("b", "d"), JsonBoolean.of(false));
        assertThat(editor.text()).isEqualTo("{\n    \"b\": {\n        \"c\": \"x\",\n        \"d\": false\n    }\n}\n");
    }

    @ParameterizedTest
    @MethodSource("formattings")
    void settingAndSettingBackGivesTheSameText(String text) throws JsonException {
        JsonDocument document = JsonDocument.parse("x", text);
        for (JsonMember member : ((JsonObject) document.root()).members()) {
            boolean empty = member.value() instanceof JsonObject || member.value() instanceof JsonArray;
            if (!empty && !text.contains("\\u") && !text.contains("e3")) {
                JsonEditor editor = JsonEditor.of(document).set(List.of(member.name()), JsonNull.of());
                assertThat(editor.set(List.of(member.name()), member.value()).text())
                        .isEqualTo(text);
            }
        }
    }
}
