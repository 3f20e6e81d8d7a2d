package io.github.modelcache.signature;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a signature's JSON; what is not as the specification says makes the signature invalid. */
record JsonPart(String name, @Nullable Json json) {

    JsonPart get(String member) throws InvalidSignatureException {
        return new JsonPart(member, object().get(member));
    }

    boolean has(String member) throws InvalidSignatureException {
        return object().get(member) != null;
    }

    String text() throws InvalidSignatureException {
        if (json instanceof JsonString text) {
            return text.value();
        }
        throw wrong("a text");
    }

    byte[] base64() throws InvalidSignatureException {
        try {
            return Base64.getDecoder().decode(text());
        } catch (IllegalArgumentException e) {
            throw wrong("a text in base64");
        }
    }

    /** The items of an array that is not empty. */
    List<JsonPart> items() throws InvalidSignatureException {
        if (json instanceof JsonArray array && !array.items().isEmpty()) {
            return array.items().stream().map(item -> new JsonPart(name, item)).toList();
        }
        throw wrong("an array that is not empty");
    }

    private JsonObject object() throws InvalidSignatureException {
        if (json instanceof JsonObject object) {
            return object;
        }
        throw wrong("an object");
    }

    private InvalidSignatureException wrong(String expected) {
        return new InvalidSignatureException("its \"" + name + "\" is not " + expected);
    }
}
