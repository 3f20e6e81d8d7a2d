package io.github.modelcache.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** Builds the tree of one text from Jackson's tokens. */
final class JsonTreeReader {
    private static final int MAX_NUMBER_LENGTH = 1000;

    private final String name;
    private final String text;
    private final int origin;
    private final JsonParser parser;
    private final Map<String, String> names = new HashMap<>();

    JsonTreeReader(String name, String text) {
        this.name = name;
        this.text = text;
        this.origin = text.startsWith(String.valueOf(TextPosition.BYTE_ORDER_MARK)) ? 1 : 0;
        // The parser reads one array, so that its offsets are offsets in the text.
        char[] characters = new char[text.length() - origin];
        text.getChars(origin, text.length(), characters, 0);
        this.parser = factory().createParser(ObjectReadContext.empty(), characters, 0, characters.length);
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                // Names are shared below.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(JsonDocument.MAX_DEPTH + 1)
                        .maxDocumentLength(JsonDocument.MAX_LENGTH)
                        .maxStringLength(JsonDocument.MAX_LENGTH)
                        .maxNameLength(JsonDocument.MAX_LENGTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .build();
    }

    Json read() throws JsonException {
        try (parser) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw error(text.length(), "found nothing; expected a JSON value such as {}");
            }
            Json root = value(first, 1);
            if (parser.nextToken() != null) {
                throw error(offset(), "found text after the end of the JSON value; expected the end of the file");
            }
            return root;
        } catch (JacksonException e) {
            throw translated(e);
        }
    }

    private Json value(@Nullable JsonToken token, int depth) throws JsonException {
        if (token == null) {
            throw error(text.length(), "found the end of the text; expected a value");
        }
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> new JsonBoolean(true, span("true".length()));
            case VALUE_FALSE -> new JsonBoolean(false, span("false".length()));
            case VALUE_NULL -> new JsonNull(span("null".length()));
            default -> throw error(offset(), "expected a value");
        };
    }

    private JsonObject object(int depth) throws JsonException {
        int start = offset();
        requireDepth(depth, start);
        List<JsonMember> members = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int nameStart = offset();
            String member = names.computeIfAbsent(parser.currentName(), Function.identity());
            Integer before = seen.putIfAbsent(member, nameStart);
            if (before != null) {
                throw error(nameStart, twice(member, before));
            }
            Span nameSpan = new Span(nameStart, endOfString(nameStart));
            members.add(new JsonMember(member, nameSpan, value(parser.nextToken(), depth + 1)));
        }
        return new JsonObject(members, new Span(start, offset() + 1));
    }

    private JsonArray array(int depth) throws JsonException {
        int start = offset();
        requireDepth(depth, start);
        List<Json> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(token, depth + 1));
        }
        return new JsonArray(items, new Span(start, offset() + 1));
    }

    private JsonString string() {
        int start = offset();
        String value = parser.getString();
        return new JsonString(value, new Span(start, endOfString(start)));
    }

    private JsonNumber number() {
        String literal = parser.getString();
        return new JsonNumber(literal, span(literal.length()));
    }

    private Span span(int length) {
        int start = offset();
        return new Span(start, start + length);
    }

    private int offset() {
        return origin + Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    }

    private int endOfString(int start) {
        int i = start + 1;
        while (text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private void requireDepth(int depth, int start) throws JsonException {
        if (depth > JsonDocument.MAX_DEPTH) {
            throw error(
                    start,
                    "objects and arrays are nested deeper than " + JsonDocument.MAX_DEPTH
                            + " levels; expected a flatter document");
        }
    }

    private String twice(String member, int before) {
        return "found the member \"" + member + "\" a second time (the first is on line "
                + TextPosition.line(text, before) + "); expected each name once";
    }

    private JsonException translated(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        long offset = location == null ? parser.currentTokenLocation().getCharOffset() : location.getCharOffset();
        if (e instanceof UnexpectedEndOfInputException) {
            return error(text.length(), ParserMessages.problem(e));
        }
        String problem = e instanceof StreamConstraintsException
                ? "found a number of more than " + MAX_NUMBER_LENGTH + " digits; expected a shorter one"
                : ParserMessages.problem(e);
        return error((int) Math.max(0, Math.min(text.length(), origin + offset)), problem);
    }

    private JsonException error(int offset, String problem) {
        return new JsonException(name, text, offset, problem);
    }
}
