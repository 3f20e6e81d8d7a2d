package io.github.modelcache.config;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonBoolean;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets the schema validator read this project's JSON trees. */
record TestJsonNode(Json json, String pointer) implements JsonNode {
    static final class Factory implements JsonNodeFactory {
        @Override
        public JsonNode wrap(Object value) {
            return value instanceof JsonNode node ? node : new TestJsonNode((Json) value, "");
        }

        @Override
        public JsonNode create(String text) {
            try {
                return new TestJsonNode(JsonDocument.parse("schema test", text).root(), "");
            } catch (JsonException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    @Override
    public String getJsonPointer() {
        return pointer;
    }

    @Override
    public SimpleType getNodeType() {
        if (json instanceof JsonObject) {
            return SimpleType.OBJECT;
        }
        if (json instanceof JsonArray) {
            return SimpleType.ARRAY;
        }
        if (json instanceof JsonString) {
            return SimpleType.STRING;
        }
        if (json instanceof JsonBoolean) {
            return SimpleType.BOOLEAN;
        }
        if (json instanceof JsonNumber number) {
            boolean integer =
                    new BigDecimal(number.literal()).stripTrailingZeros().scale() <= 0;
            return integer ? SimpleType.INTEGER : SimpleType.NUMBER;
        }
        return SimpleType.NULL;
    }

    @Override
    public boolean asBoolean() {
        return ((JsonBoolean) json).value();
    }

    @Override
    public String asString() {
        return ((JsonString) json).value();
    }

    @Override
    public BigInteger asInteger() {
        return asNumber().toBigIntegerExact();
    }

    @Override
    public BigDecimal asNumber() {
        return new BigDecimal(((JsonNumber) json).literal());
    }

    @Override
    public List<JsonNode> asArray() {
        List<JsonNode> items = new ArrayList<>();
        for (Json item : ((JsonArray) json).items()) {
            items.add(new TestJsonNode(item, pointer + "/" + items.size()));
        }
        return items;
    }

    @Override
    public Map<String, JsonNode> asObject() {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        for (JsonMember member : ((JsonObject) json).members()) {
            members.put(
                    member.name(),
                    new TestJsonNode(member.value(), pointer + "/" + JsonNode.encodeJsonPointer(member.name())));
        }
        return members;
    }
}
