package io.github.modelcache.mojo;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The newer versions that the last run of {@code cache:outdated} found. */
final class NewerVersions {

    private final Map<String, String> newest = new HashMap<>();

    private NewerVersions() {}

    /** Reads {@code outdated.json}; a file that is missing or damaged has none. */
    static NewerVersions read(Path file) {
        NewerVersions versions = new NewerVersions();
        try {
            if (JsonDocument.read(file).root() instanceof JsonObject root
                    && root.get("models") instanceof JsonArray models) {
                models.items().forEach(versions::add);
            }
        } catch (IOException | JsonException e) {
            return new NewerVersions();
        }
        return versions;
    }

    private void add(Json item) {
        if (item instanceof JsonObject model && text(model, "state").equals(Optional.of("outdated"))) {
            Optional<String> current = text(model, "currentDigest").or(() -> text(model, "currentValue"));
            Optional<String> latest = text(model, "newDigest").or(() -> text(model, "newValue"));
            if (current.isPresent() && latest.isPresent()) {
                newest.put(text(model, "model").orElse("") + " " + current.get(), latest.get());
            }
        }
    }

    private static Optional<String> text(JsonObject model, String name) {
        return model.get(name) instanceof JsonString text ? Optional.of(text.value()) : Optional.empty();
    }

    /** The newest version of a model, if it is not the locked revision. */
    Optional<String> of(String reference, Optional<String> locked) {
        return locked.flatMap(revision -> Optional.ofNullable(newest.get(reference + " " + revision)));
    }
}
