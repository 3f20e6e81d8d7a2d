package io.github.modelcache.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** Input: a path of names separated by slashes, a line end, a value or nothing, a line end, the document. */
@Timeout(120)
class JsonEditorFuzzTest {

    @FuzzTest
    void changesOneMemberAndNoOtherByte(byte[] input) {
        String[] parts = new String(input, StandardCharsets.UTF_8).split("\n", 3);
        if (parts.length < 3) {
            return;
        }
        List<String> path = List.of(parts[0].split("/", 8));
        try {
            JsonDocument before = JsonDocument.parse("before", parts[2]);
            if (parts[1].isEmpty()) {
                requireRemoved(before, path);
            } else {
                requireSet(before, path, JsonDocument.parse("value", parts[1]).root());
            }
        } catch (JsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (IllegalArgumentException e) {
            // Something on the way is no object, or the value would lie too deep.
            assertThat(e.getMessage()).containsAnyOf("expected an object", "can be read");
        }
    }

    private static void requireSet(JsonDocument before, List<String> path, Json value) throws JsonException {
        JsonEditor editor = JsonEditor.of(before).set(path, value);
        JsonDocument after = JsonDocument.parse("after", editor.text());
        Json found = find(after.root(), path);
        assertThat(found != null && found.sameValue(value)).isTrue();
        assertThat(JsonEditor.of(after).set(path, value).changed()).isFalse();
        requireOthersUntouched(before, after, path);
    }

    private static void requireRemoved(JsonDocument before, List<String> path) throws JsonException {
        boolean there = find(before.root(), path) != null;
        JsonEditor editor = JsonEditor.of(before).remove(path);
        JsonDocument after = JsonDocument.parse("after", editor.text());
        assertThat(editor.changed()).isEqualTo(there);
        assertThat(find(after.root(), path)).isNull();
        requireOthersUntouched(before, after, path);
    }

    /** Every member but those on the path has the very text it had, in the same order. */
    private static void requireOthersUntouched(JsonDocument before, JsonDocument after, List<String> path) {
        List<String> old = new ArrayList<>();
        List<String> now = new ArrayList<>();
        collect(before, before.root(), path, old);
        collect(after, after.root(), path, now);
        assertThat(now.subList(0, Math.min(old.size(), now.size()))).isEqualTo(old);
        String head = before.text().substring(0, before.root().span().start());
        String tail = before.text().substring(before.root().span().end());
        assertThat(after.text()).startsWith(head).endsWith(tail);
    }

    private static void collect(JsonDocument document, Json value, List<String> path, List<String> texts) {
        if (!(value instanceof JsonObject object)) {
            return;
        }
        for (JsonMember member : object.members()) {
            if (!path.isEmpty() && member.name().equals(path.get(0))) {
                // A new member stands behind the others, so that of two lists the shorter one is a beginning.
                if (path.size() > 1) {
                    collect(document, member.value(), path.subList(1, path.size()), texts);
                }
            } else {
                texts.add(document.text()
                        .substring(
                                member.nameSpan().start(), member.value().span().end()));
            }
        }
    }

    private static @Nullable Json find(Json root, List<String> path) {
        Json value = root;
        for (String name : path) {
            value = value instanceof JsonObject object ? object.get(name) : null;
        }
        return value;
    }
}
