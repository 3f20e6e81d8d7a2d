package io.github.modelcache.config;

import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonEditor;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.units.ByteSize;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates the text of a new config, and completes an existing one. Writes no file. */
public final class ConfigCompletion {
    /** The URL of the JSON Schema. */
    public static final String SCHEMA_URL =
            "https://raw.githubusercontent.com/modelcache/cache-maven-plugin/main/docs/hardware_cache.schema.json";

    /** Members of {@code hardware} that some machines do not have. */
    private static final List<String> PASSING = List.of("gpu_name", "gpu_memory_gib");

    private final Hardware hardware;
    private final HardwareMode mode;
    private final ProjectProfile profile;
    private final List<String> environmentNames;
    private final KnownEnvironments environments;
    private final Instant now;

    private ConfigCompletion(
            Hardware hardware, HardwareMode mode, ProjectProfile profile, List<String> environmentNames, Instant now) {
        this.hardware = hardware;
        this.mode = mode;
        this.profile = profile;
        this.environmentNames = environmentNames;
        this.environments = new KnownEnvironments(environmentNames, hardware);
        this.now = now;
    }

    /**
     * The completed text of the config. Adds missing members at the top level and in {@code cache}, and updates known
     * members of {@code hardware}; all other bytes are kept.
     *
     * @param file absolute, or relative to the project root
     * @param environmentNames environments that need an entry
     * @param now for {@code created_at}
     * @return the new text; empty if the file is complete
     * @throws ConfigException if the existing file is invalid, or a name is
     */
    public static Optional<String> completed(
            Path projectRoot,
            Path file,
            Hardware hardware,
            HardwareMode mode,
            ProjectProfile profile,
            List<String> environmentNames,
            Instant now)
            throws ConfigException {
        requireNames(environmentNames);
        Path folder = projectRoot.toAbsolutePath().normalize();
        Path target = folder.resolve(file).normalize();
        ConfigCompletion completion = new ConfigCompletion(hardware, mode, profile, environmentNames, now);
        Optional<JsonDocument> document = ConfigFile.read(folder, target);
        if (document.isEmpty()) {
            return Optional.of(completion.created());
        }
        CacheConfig config = ConfigReader.read(folder, target, document.get());
        return completion.completed(document.get(), config);
    }

    private static void requireNames(List<String> names) throws ConfigException {
        for (String name : names) {
            if (!ConfigNames.valid(name)) {
                throw new ConfigException("found the environment name \"" + name
                        + "\"; expected the name of an environment to have " + ConfigNames.RULE);
            }
        }
    }

    private String created() {
        JsonObject.Builder config = JsonObject.builder()
                .put("$schema", SCHEMA_URL)
                .put("version", ConfigDefaults.VERSION)
                .put("created_at", createdAt());
        if (mode != HardwareMode.KEEP) {
            config.put("hardware", hardware.toJson());
        }
        return JsonWriter.write(config.put("environments", environments.entries())
                .put("workflow_to_environments_mapping", environments.workflows())
                .put("stage_to_environment_mapping", environments.stages())
                .put("cache", cache(JsonObject.builder().build()))
                .build());
    }

    private Optional<String> completed(JsonDocument document, CacheConfig config) {
        JsonObject root = (JsonObject) document.root();
        JsonEditor editor = JsonEditor.of(document);
        addIfMissing(editor, root, "version", JsonString.of(ConfigDefaults.VERSION));
        addIfMissing(editor, root, "created_at", JsonString.of(createdAt()));
        completeHardware(editor, root);
        addIfMissing(editor, root, "environments", JsonObject.builder().build());
        for (String name : environmentNames) {
            if (!config.environments().containsKey(name)) {
                editor.set(List.of("environments", name), environments.entry(name));
            }
        }
        addIfMissing(editor, root, "workflow_to_environments_mapping", environments.workflows());
        addIfMissing(editor, root, "stage_to_environment_mapping", environments.stages());
        completeCache(editor, root);
        return editor.changed() ? Optional.of(editor.text()) : Optional.empty();
    }

    private String createdAt() {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void addIfMissing(JsonEditor editor, JsonObject object, String name, Json value) {
        if (object.get(name) == null) {
            editor.set(List.of(name), value);
        }
    }

    private void completeHardware(JsonEditor editor, JsonObject root) {
        if (!(root.get("hardware") instanceof JsonObject before)) {
            if (mode != HardwareMode.KEEP) {
                editor.set(List.of("hardware"), hardware.toJson());
            }
        } else if (mode == HardwareMode.WRITE) {
            refreshHardware(editor, before);
        }
    }

    private void refreshHardware(JsonEditor editor, JsonObject before) {
        JsonObject actual = hardware.toJson();
        for (JsonMember member : actual.members()) {
            editor.set(List.of("hardware", member.name()), member.value());
        }
        for (String name : PASSING) {
            boolean gone = before.get(name) instanceof JsonString || before.get(name) instanceof JsonNumber;
            if (gone && actual.get(name) == null) {
                editor.remove(List.of("hardware", name));
            }
        }
    }

    private void completeCache(JsonEditor editor, JsonObject root) {
        if (!(root.get("cache") instanceof JsonObject cache)) {
            editor.set(List.of("cache"), cache(JsonObject.builder().build()));
            return;
        }
        for (JsonMember member : cache(cache).members()) {
            if (cache.get(member.name()) == null) {
                editor.set(List.of("cache", member.name()), member.value());
            }
        }
    }

    /** The defaults of {@code cache}, which depend on the existing members. */
    private JsonObject cache(JsonObject existing) {
        String base = existing.get("base_dir") instanceof JsonString given ? given.value() : ConfigDefaults.BASE_DIR;
        JsonObject.Builder cache = JsonObject.builder()
                .put("base_dir", base)
                .put("torch_home", below(base, ConfigDefaults.TORCH))
                .put("hf_home", below(base, ConfigDefaults.HUGGINGFACE))
                .put("mlx_home", below(base, ConfigDefaults.MLX));
        putApplicationCaches(cache, existing);
        return cache.put("warn_size", warnSize(existing))
                .put("max_size", ConfigDefaults.MAX_SIZE)
                .put("models", JsonArray.of(List.of()))
                .build();
    }

    private void putApplicationCaches(JsonObject.Builder cache, JsonObject existing) {
        Map<String, String> wanted = profile.applicationCaches();
        if (!wanted.isEmpty()) {
            JsonObject.Builder applications = JsonObject.builder();
            wanted.forEach(applications::put);
            cache.put("application_caches", applications.build());
        }
        if (!wanted.isEmpty() || existing.get("application_caches") != null) {
            cache.put("application_cache_expiry_days", ConfigDefaults.EXPIRY_DAYS);
        }
    }

    private static String below(String base, String folder) {
        return base.endsWith("/") ? base + folder : base + "/" + folder;
    }

    /** The default {@code warn_size}, at most {@code max_size}. */
    private static Json warnSize(JsonObject existing) {
        Json max = existing.get("max_size");
        long standard = ByteSize.parse(ConfigDefaults.WARN_SIZE);
        boolean smaller = (max instanceof JsonString text && ByteSize.parse(text.value()) < standard)
                || (max instanceof JsonNumber number && number.longValue() < standard);
        return smaller && max != null ? max : JsonString.of(ConfigDefaults.WARN_SIZE);
    }
}
