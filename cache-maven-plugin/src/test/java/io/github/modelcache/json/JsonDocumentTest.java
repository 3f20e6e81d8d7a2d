package io.github.modelcache.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "  [ ]\n",
                "\uFEFF{\"a\": 1}",
                "\uFEFF\r\n{\r\n\t\"a\" : \"x\\\"y\\\\\", \"\\u0062\":[1,-2.5e+3,true , false,null]}\r\n",
                "{\"😀\":\"😀\", \"b😀\": [\"\\ud83d\\ude00\", {\"é\": \"\"}]}",
                "\"just a string\"",
                "17",
                "-0.0 ",
                "true",
                "null",
                "{\"a\":{\"b\":{\"c\":[[[{}]]]}},\"\":\"\"}",
                "[\n1\n,\n2\n]"
            })
    void spansHoldExactlyTheTextOfEachValue(String text) throws JsonException {
        JsonDocument document = JsonDocument.parse("x.json", text);
        assertThat(document.text()).isEqualTo(text);
        requireSpans(document, document.root());
    }

    private static void requireSpans(JsonDocument document, Json value) throws JsonException {
        String own = cut(document, value.span());
        assertThat(own).isEqualTo(own.strip());
        assertThat(JsonDocument.parse("part", own).root().sameValue(value)).isTrue();
        if (value instanceof JsonObject object) {
            for (JsonMember member : object.members()) {
                Json name = JsonDocument.parse("name", cut(document, member.nameSpan()))
                        .root();
                assertThat(name.sameValue(JsonString.of(member.name()))).isTrue();
                requireSpans(document, member.value());
            }
        } else if (value instanceof JsonArray array) {
            for (Json item : array.items()) {
                requireSpans(document, item);
            }
        }
    }

    private static String cut(JsonDocument document, Span span) {
        return document.text().substring(span.start(), span.end());
    }

    @Test
    void countsLinesAndColumnsAsAnEditorDoes() throws JsonException {
        JsonDocument document = JsonDocument.parse("x", "\uFEFF{\"😀\": 1,\r\n \"b\": 2,\r\"c\": 3,\n\"d\":4}");
        JsonObject root = (JsonObject) document.root();
        assertThat(root.members().stream()
                        .map(member -> at(document, member.value().span().start())))
                .containsExactly("1:7", "2:7", "3:6", "4:5");
        assertThat(at(document, root.span().start())).isEqualTo("1:1");
    }

    private static String at(JsonDocument document, int offset) {
        return document.line(offset) + ":" + document.column(offset);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1,}|1:9",
                "{\"a\": tru}|1:7",
                "{\"a\" 1}|1:6",
                "{'a': 1}|1:2",
                "{\"a\": 01}|1:8",
                "{\"a\": 1} x|1:10",
                "{\"a\": 1} {}|1:10",
                "[1 2]|1:4",
                "[1,|1:4",
                "{\"a\": \"open|1:12",
                "{|1:2",
                "// no|1:1",
                "NaN|1:4",
                "{\"a\": \"\\x\"}|1:9",
                "{\"😀\": x}|1:7",
                "``|1:1"
            })
    void saysWhereTheTextStopsBeingJson(String text, String position) {
        JsonException exception = failure(text);
        assertThat(exception.line() + ":" + exception.column()).isEqualTo(position);
        assertThat(exception).hasMessageStartingWith("x.json:" + position + ": ");
        assertThat(exception.getMessage()).doesNotContain("Source:", "REDACTED", "StreamRead", "JsonParser");
    }

    private static JsonException failure(String text) {
        return Objects.requireNonNull(org.assertj.core.api.Assertions.catchThrowableOfType(
                JsonException.class, () -> JsonDocument.parse("x.json", text)));
    }

    @Test
    void rejectsANameThatComesTwice() {
        assertThat(failure("{\n  \"a\": 1,\n  \"b\": {\"a\": 1},\n  \"\\u0061\": 2\n}"))
                .hasMessage("x.json:4:3: found the member \"a\" a second time (the first is on line 2);"
                        + " expected each name once");
    }

    @Test
    void readsTheDeepestAllowedNestingAndRefusesMore() throws JsonException {
        assertThat(JsonDocument.parse("x", "[".repeat(200) + "]".repeat(200)).root())
                .isInstanceOf(JsonArray.class);
        assertThat(failure("[".repeat(201) + "]".repeat(201)))
                .hasMessage("x.json:1:201: objects and arrays are nested deeper than 200 levels;"
                        + " expected a flatter document");
        assertThat(failure("{\"a\":".repeat(100_000))).hasMessageContaining("deeper than 200 levels");
        assertThat(failure("[".repeat(100_000))).hasMessageContaining("deeper than 200 levels");
    }

    @Test
    void readsTenMegabytes() throws JsonException {
        StringBuilder text = new StringBuilder("{\"items\": [0");
        while (text.length() < 10_000_000) {
            text.append(",\n{\"path\": \"some/file\", \"size\": 123456}");
        }
        JsonObject root = (JsonObject)
                JsonDocument.parse("x", text.append("]}").toString()).root();
        assertThat(((JsonArray) Objects.requireNonNull(root.get("items"))).items())
                .hasSizeGreaterThan(200_000);
    }

    @Test
    void rejectsMoreThanSixteenMebibytes() {
        assertThat(failure("\"" + "x".repeat(16 << 20) + "\""))
                .hasMessageContaining("the document is longer than 16 MiB");
    }

    @Test
    void rejectsAnAbsurdlyLongNumber() {
        assertThat(failure("{\"a\": " + "1".repeat(5000) + "}")).hasMessageContaining("more than 1000 digits");
    }

    @Test
    void readsFilesWithAndWithoutByteOrderMark() throws Exception {
        Path file = folder.resolve("x.json");
        Files.writeString(file, "\uFEFF{\"é\": 1}");
        assertThat(JsonDocument.read(file).text()).isEqualTo("\uFEFF{\"é\": 1}");
        assertThat(JsonDocument.read(file).name()).isEqualTo(file.toString());
    }

    @Test
    void saysWhichByteIsNotUtf8() throws IOException {
        Path file = folder.resolve("x.json");
        Files.write(file, "{\n \"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> JsonDocument.read("x.json", file))
                .hasMessage("x.json:2:8: found the byte 0xE9, which is not UTF-8 here; save the file as UTF-8");
        Files.write(file, "{}".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> JsonDocument.read("x.json", file))
                .hasMessageStartingWith("x.json:1:1: found the byte");
        Files.write(file, new byte[] {'"', (byte) 0xC3});
        assertThatThrownBy(() -> JsonDocument.read("x.json", file)).hasMessageContaining("0xC3");
    }

    @Test
    void aMissingFileIsAnIoError() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> JsonDocument.read(folder.resolve("none")));
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "9e1, 90", "90.0, 90", "-1, -1", "9223372036854775807, 9223372036854775807"})
    void integersMayBeWrittenInAnyWay(String literal, long value) {
        assertThat(new JsonNumber(literal, Span.NONE).longValue()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e40", "1e999999999", "1e99999999999", "9223372036854775808"})
    void otherNumbersAreNoIntegers(String literal) {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> new JsonNumber(literal, Span.NONE).longValue());
    }

    @Test
    void comparesByValue() throws JsonException {
        Json a = JsonDocument.parse("a", "{\"x\": [1.0, \"\\u00e9\", null, true], \"y\": {}}")
                .root();
        Json b = JsonDocument.parse("b", "{\"y\":{},\"x\":[1,\"é\",null,true]}").root();
        assertThat(a.sameValue(b)).isTrue();
        assertThat(JsonBoolean.of(true).sameValue(JsonBoolean.of(false))).isFalse();
        assertThat(JsonNull.of().sameValue(JsonString.of(""))).isFalse();
        assertThat(JsonNumber.of(1).sameValue(JsonString.of("1"))).isFalse();
        assertThat(new JsonNumber("1e99999999999", Span.NONE).sameValue(new JsonNumber("10e99999999998", Span.NONE)))
                .isFalse();
    }

    @Test
    void aQuotedTextMovesNoCursor() {
        assertThatThrownBy(() -> JsonDocument.parse("x", "d\u001b[2J"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("'d?")
                .hasMessageNotContaining("\u001b");
    }
}
