package io.github.modelcache.config;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonEditor;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Adds models to {@code cache.models} of a config. Writes no file. */
public final class ModelAdditions {

    private static final List<String> MODELS = List.of("cache", "models");

    private ModelAdditions() {}

    /** The entry of {@code cache.models} for a model. */
    public static Json entry(ModelReference model, Optional<String> revision, List<String> include) {
        if (revision.isEmpty() && include.isEmpty()) {
            return JsonString.of(model.toString());
        }
        JsonObject.Builder entry = JsonObject.builder().put("model", model.toString());
        revision.ifPresent(name -> entry.put("revision", name));
        if (!include.isEmpty()) {
            entry.put("include", JsonArray.ofStrings(include));
        }
        return entry.build();
    }

    /**
     * The text of the config with more models; everything else stays as it is. A missing config is created.
     *
     * @param file absolute, or relative to the project root
     * @param entries entries of {@code cache.models}
     * @throws ConfigException if the existing file is invalid
     */
    public static String added(Path projectRoot, Path file, List<Json> entries) throws ConfigException {
        Path folder = projectRoot.toAbsolutePath().normalize();
        Path target = folder.resolve(file).normalize();
        Optional<JsonDocument> document = ConfigFile.read(folder, target);
        if (document.isEmpty()) {
            return created(entries);
        }
        ConfigReader.read(folder, target, document.get());
        return JsonEditor.of(document.get()).append(MODELS, entries).text();
    }

    private static String created(List<Json> entries) {
        return JsonWriter.write(JsonObject.builder()
                .put("$schema", ConfigCompletion.SCHEMA_URL)
                .put("version", ConfigDefaults.VERSION)
                .put(
                        "cache",
                        JsonObject.builder()
                                .put("models", JsonArray.of(entries))
                                .build())
                .build());
    }
}
