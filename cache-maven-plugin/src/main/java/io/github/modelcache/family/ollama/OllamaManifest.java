package io.github.modelcache.family.ollama;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a model: an OCI image manifest, whose config and layers are blobs.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/manifest.md">OCI image manifest</a>
 */
record OllamaManifest(Collection<Blob> blobs) {

    /** In bytes. */
    static final int LARGEST = 1 << 20;

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    OllamaManifest {
        blobs = List.copyOf(blobs);
    }

    /** A content, by the SHA-256 of its bytes in hexadecimal digits. */
    record Blob(String sha256, long size) {}

    /** Reads a manifest; empty for a text that is none. */
    static Optional<OllamaManifest> parse(String text) {
        try {
            return JsonDocument.parse("manifest", text).root() instanceof JsonObject manifest
                            && manifest.get("layers") instanceof JsonArray layers
                    ? of(manifest.get("config"), layers)
                    : Optional.empty();
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    private static Optional<OllamaManifest> of(@Nullable Json config, JsonArray layers) {
        Map<String, Blob> blobs = new LinkedHashMap<>(); // two layers may be one content
        boolean right = config == null || add(config, blobs);
        for (Json layer : layers.items()) {
            right = right && add(layer, blobs);
        }
        return right && !blobs.isEmpty() ? Optional.of(new OllamaManifest(blobs.values())) : Optional.empty();
    }

    private static boolean add(Json descriptor, Map<String, Blob> blobs) {
        if (!(descriptor instanceof JsonObject object)
                || !(object.get("digest") instanceof JsonString digest)
                || !DIGEST.matcher(digest.value()).matches()
                || !(object.get("size") instanceof JsonNumber size)) {
            return false;
        }
        String sha256 = digest.value().substring("sha256:".length());
        try {
            blobs.put(sha256, new Blob(sha256, size.longValue()));
            return size.longValue() >= 0;
        } catch (ArithmeticException e) {
            return false;
        }
    }
}
