package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models of openai-whisper, from the plugin's table {@code models.json}. Immutable.
 *
 * @see <a href="https://github.com/openai/whisper/blob/main/whisper/__init__.py">openai-whisper's own table</a>
 */
public final class WhisperModels {

    private static final String RESOURCE = "/io/github/modelcache/models.json";

    private final Map<String, Entry> byName = new TreeMap<>();
    private final Map<String, String> nameByFile = new TreeMap<>();

    private WhisperModels() {}

    /**
     * One model.
     *
     * @param file its name in the cache
     */
    public record Entry(String file, Digest digest) {}

    /** The table that came with the plugin. */
    public static WhisperModels read() {
        WhisperModels models = new WhisperModels();
        JsonObject root = (JsonObject) JsonDocument.resource(RESOURCE).root();
        if (root.get("whisper") instanceof JsonObject table) {
            table.members().forEach(models::add);
        }
        return models;
    }

    private void add(JsonMember member) {
        JsonObject value = (JsonObject) member.value();
        Entry entry = new Entry(Json.text(value.get("file")), Digest.sha256(Json.text(value.get("sha256"))));
        byName.put(member.name(), entry);
        nameByFile.put(entry.file(), member.name());
        if (value.get("aliases") instanceof JsonArray aliases) {
            aliases.items().forEach(alias -> byName.put(Json.text(alias), entry));
        }
    }

    /** The model of this name or alias. */
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All names, sorted. */
    public Iterable<String> names() {
        return byName.keySet();
    }

    /** The SHA-256 of a file of this name, 64 hexadecimal digits. */
    public Optional<String> sha256(String file) {
        return Optional.ofNullable(nameByFile.get(file))
                .flatMap(this::find)
                .map(entry -> entry.digest().hex());
    }

    /** The model of a file with this name. */
    public Optional<ModelReference> reference(String file) {
        return Optional.ofNullable(nameByFile.get(file)).map(name -> new ModelReference("whisper", name));
    }
}
