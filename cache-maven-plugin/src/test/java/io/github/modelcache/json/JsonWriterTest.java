package io.github.modelcache.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static final JsonObject VALUE = JsonObject.builder()
            .put("a", "x\"\\\n\u0001é😀\ud800")
            .put("n", 12)
            .put("b", true)
            .put("none", JsonNull.of())
            .putIfPresent("gone", Optional.empty())
            .putIfPresent("there", Optional.of("y"))
            .put("list", JsonArray.ofStrings(List.of("p", "q")))
            .put(
                    "objects",
                    JsonArray.of(List.of(JsonObject.builder().put("k", 1).build())))
            .put("empty", JsonObject.builder().build())
            .put("emptyList", JsonArray.of(List.of()))
            .build();

    @Test
    void writesFilesWithTwoSpacesAndShortArraysOnOneLine() throws JsonException {
        String text = JsonWriter.write(VALUE);
        assertThat(text).isEqualTo("""
                {
                  "a": "x\\"\\\\\\n\\u0001é😀\\ud800",
                  "n": 12,
                  "b": true,
                  "none": null,
                  "there": "y",
                  "list": ["p", "q"],
                  "objects": [
                    {
                      "k": 1
                    }
                  ],
                  "empty": {},
                  "emptyList": []
                }
                """);
        assertThat(JsonDocument.parse("x", text).root().sameValue(VALUE)).isTrue();
    }

    @Test
    void writesForProgramsWithoutWhiteSpace() throws JsonException {
        String text = JsonWriter.compact(VALUE);
        assertThat(text)
                .isEqualTo(
                        "{\"a\":\"x\\\"\\\\\\n\\u0001é😀\\ud800\",\"n\":12,\"b\":true,\"none\":null,"
                                + "\"there\":\"y\",\"list\":[\"p\",\"q\"],\"objects\":[{\"k\":1}],\"empty\":{},\"emptyList\":[]}");
        assertThat(JsonDocument.parse("x", text).root().sameValue(VALUE)).isTrue();
    }

    @Test
    void breaksLongArraysOverLines() {
        JsonArray array = JsonArray.ofStrings(Collections.nCopies(3, "x".repeat(40)));
        assertThat(JsonWriter.write(array)).hasLineCount(5);
    }

    @Test
    void puttingANameAgainReplacesItsValue() {
        assertThat(JsonWriter.compact(
                        JsonObject.builder().put("a", 1).put("b", 2).put("a", 3).build()))
                .isEqualTo("{\"a\":3,\"b\":2}");
    }
}
