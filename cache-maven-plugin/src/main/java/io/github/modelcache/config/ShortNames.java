package io.github.modelcache.config;

import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.NearestName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Short names of models such as {@code faster-whisper:large-v3}, from the plugin's {@code models.json} and from
 * {@code cache.short_names}, which overrides it. A name stands for one or more entries of {@code cache.models}.
 */
final class ShortNames {

    private static final String TABLE = "/io/github/modelcache/models.json";
    private static final String MEMBER = "short_names";
    private static final String OBJECT =
            "an object of names and models such as {\"asr\": \"hf:Systran/faster-whisper-base\"}";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)?");

    private final Map<String, ConfigValue> own;
    private Optional<Map<String, ConfigValue>> all = Optional.empty();

    private ShortNames(Map<String, ConfigValue> own) {
        this.own = own;
    }

    static ShortNames read(ConfigValue cache) throws ConfigException {
        Map<String, ConfigValue> own =
                new LinkedHashMap<>(cache.findObject(MEMBER, OBJECT).members(OBJECT));
        for (Map.Entry<String, ConfigValue> entry : own.entrySet()) {
            requireName(entry.getKey(), entry.getValue());
        }
        return new ShortNames(own);
    }

    private static void requireName(String name, ConfigValue value) throws ConfigException {
        if (!NAME.matcher(name).matches()) {
            throw value.problem("found the name \"" + name
                    + "\"; expected letters, digits, '.', '_' and '-', with one ':' in between at most");
        }
        if (ModelReference.SCHEMES.contains(family(name))) {
            throw value.problem("found the name \"" + name + "\"; expected another one, because \"" + family(name)
                    + ":\" says where a model comes from");
        }
    }

    /** The entries of a short name; empty if it is unknown. */
    Optional<List<ConfigValue>> find(String name) throws ConfigException {
        if (ModelReference.SCHEMES.contains(family(name)) && name.contains(":")) {
            return Optional.empty();
        }
        ConfigValue meaning = all().get(name);
        if (meaning == null) {
            return Optional.empty();
        }
        return Optional.of(
                meaning.json() instanceof JsonArray ? meaning.items("an array of models") : List.of(meaning));
    }

    /** Whether a text is probably a mistyped short name: a plain word, or one of a known family. */
    boolean meant(String name) throws ConfigException {
        if (!name.contains(":")) {
            return NAME.matcher(name).matches();
        }
        Set<String> families = new TreeSet<>();
        all().keySet().forEach(known -> families.add(family(known)));
        return !ModelReference.SCHEMES.contains(family(name)) && families.contains(family(name));
    }

    /** The nearest known name. */
    Optional<String> nearest(String name) throws ConfigException {
        return NearestName.of(name, all().keySet());
    }

    /** The plugin's table is read only when a config needs it. */
    private Map<String, ConfigValue> all() throws ConfigException {
        if (all.isEmpty()) {
            Map<String, ConfigValue> names = new TreeMap<>(bundled());
            names.putAll(own);
            all = Optional.of(names);
        }
        return all.get();
    }

    private static Map<String, ConfigValue> bundled() throws ConfigException {
        ConfigValue root = ConfigValue.root(JsonDocument.resource(TABLE));
        return root.findObject(MEMBER, OBJECT).members(OBJECT);
    }

    private static String family(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }
}
