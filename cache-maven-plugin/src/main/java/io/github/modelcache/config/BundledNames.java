package io.github.modelcache.config;

import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import java.util.List;
import java.util.Optional;

/** The short names of models that come with the plugin. */
public final class BundledNames {

    private BundledNames() {}

    /** The model that a short name such as {@code faster-whisper:base} stands for; empty if it is unknown or several. */
    public static Optional<ModelReference> model(String shortName) {
        JsonObject cache = JsonObject.builder()
                .put("models", JsonArray.of(List.of(JsonString.of(shortName))))
                .build();
        try {
            JsonDocument document = JsonDocument.parse("a short name", JsonWriter.compact(cache));
            List<ModelDeclaration> models =
                    ModelEntries.read(ConfigValue.root(document)).declarations();
            return models.size() == 1 ? Optional.of(models.get(0).reference()) : Optional.empty();
        } catch (ConfigException | JsonException e) {
            return Optional.empty();
        }
    }
}
