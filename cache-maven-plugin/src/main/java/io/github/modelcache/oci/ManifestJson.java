package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.units.TextSanitizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads members of manifests and indexes that somebody else may have written. {@code where} is the manifest as people name
 * it, for messages.
 */
public final class ManifestJson {

    /** Of a single model; more is no model, but somebody who wants to keep us busy. */
    private static final int MOST_PARTS = 100;

    private ManifestJson() {}

    /**
     * A manifest or an index.
     *
     * @throws ModelException if the bytes are none
     */
    public static JsonObject parse(String where, byte[] bytes) throws ModelException {
        try {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.stripLeading().startsWith("<")) {
                throw new ModelException(
                        where + " is an HTML page, as proxies send that want a sign-in; expected a manifest");
            }
            if (JsonDocument.parse("manifest", text).root() instanceof JsonObject root) {
                return root;
            }
        } catch (JsonException e) {
            throw new ModelException(where + " is not a manifest: " + e.getMessage(), e);
        }
        throw new ModelException(where + " is not a manifest, which is an object");
    }

    /**
     * The digests of the manifests that an index names.
     *
     * @throws ModelException if it names none, more than 100, or one without a SHA-256
     */
    public static List<Digest> named(String where, JsonObject index) throws ModelException {
        if (!(index.get("manifests") instanceof JsonArray manifests)) {
            throw new ModelException(where + " names no manifests, so it is not a model that cache:push put there");
        }
        if (manifests.items().size() > MOST_PARTS) {
            throw new ModelException(where + " names " + manifests.items().size() + " manifests; at most " + MOST_PARTS
                    + " are read for a model");
        }
        List<Digest> named = new ArrayList<>();
        for (Json item : manifests.items()) {
            if (item instanceof JsonObject descriptor) {
                named.add(digest(where, "manifest", text(descriptor.get("digest"))));
            }
        }
        return named;
    }

    /**
     * A SHA-256.
     *
     * @param what has it, such as {@code layer}
     * @throws ModelException if the text is none
     */
    public static Digest digest(String where, String what, String text) throws ModelException {
        try {
            if (text.startsWith(DigestAlgorithm.SHA256.id())) {
                return Digest.parse(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ModelException(where + " has a " + what + " whose digest is wrong: " + e.getMessage(), e);
        }
        throw new ModelException(
                where + " has a " + what + " with the digest '" + TextSanitizer.text(text) + "', expected sha256:…");
    }

    /**
     * The size of a layer in bytes.
     *
     * @throws ModelException if it is no whole number, or negative
     */
    public static long size(String where, @Nullable Json json) throws ModelException {
        try {
            if (json instanceof JsonNumber number && number.longValue() >= 0) {
                return number.longValue();
            }
        } catch (ArithmeticException e) {
            throw new ModelException(where + " has a layer whose size is no whole number", e);
        }
        throw new ModelException(where + " has a layer without a size");
    }

    /** A string; empty for anything else. */
    public static String text(@Nullable Json json) {
        return json instanceof JsonString string ? string.value() : "";
    }
}
