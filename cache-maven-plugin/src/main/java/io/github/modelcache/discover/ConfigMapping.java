package io.github.modelcache.discover;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A section or an object of a config. Its settings, and those of the mappings around it, show whether a service runs
 * its models: {@code provider: groq}, an API key, or an address on another machine.
 *
 * <p>{@code llm_provider} applies to the settings that begin with {@code llm}.
 */
final class ConfigMapping {

    private static final List<String> PROVIDERS = List.of(
            "engine",
            "provider",
            "backend",
            "platform",
            "vendor",
            "service",
            "type",
            "framework",
            "client",
            "class",
            "host",
            "target",
            "target_",
            "kind");

    private static final List<String> ACCESS = List.of("api_key", "api_base", "base_url", "api_url");

    /** LangChain4j's name for a key of the inference API. Programs that download models use a token instead. */
    private static final Set<String> HUB_KEYS = Set.of("hugging_face_api_key", "huggingface_api_key");

    private static final Pattern LOCAL_ADDRESS =
            Pattern.compile("https?://(localhost|127[.]|0[.]0[.]0[.]0|10[.]|192[.]168[.]|\\[|[\\w-]+(:|/|$)"
                    + "|[\\w.-]+[.](svc|local|internal|docker)\\b).*");

    private static final Pattern LOCAL_ENGINE =
            Pattern.compile("(?i).*(vllm|ollama|local|tgi|sglang|lm_?studio|llama_?cpp).*");

    private static final Pattern NO_KEY = Pattern.compile("(?i)|empty|none|null|n/?a|dummy|not[-_]needed");

    private final @Nullable ConfigMapping parent;
    private final String name;
    private final List<String> served = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private boolean local;
    private boolean ofNim;

    /** Creates the mapping of a whole file. */
    ConfigMapping() {
        this(null, "");
    }

    private ConfigMapping(@Nullable ConfigMapping parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    /** Creates a mapping inside this one. */
    ConfigMapping inner(String innerName) {
        return new ConfigMapping(this, innerName);
    }

    /** Adds a setting. */
    void add(String setting, String value) {
        String words = SettingNames.words(setting);
        boolean address = value.startsWith("http");
        local |= address && LOCAL_ADDRESS.matcher(value).matches();
        if (HUB_KEYS.contains(words)) {
            served.add("");
        } else if (value.indexOf(' ') < 0 && value.indexOf('/') < 0) {
            prefix(words, PROVIDERS).ifPresent(prefix -> addProvider(prefix, value));
        }
        if (address || (words.endsWith("key") && !NO_KEY.matcher(value).matches())) {
            prefix(words, ACCESS).ifPresent(asked::add);
        }
    }

    private void addProvider(String prefix, String value) {
        local |= LOCAL_ENGINE.matcher(value).matches();
        ofNim |= value.contains("nim") || value.contains("nvidia");
        if (Services.isProvider(value)) {
            served.add(prefix);
        }
    }

    private static Optional<String> prefix(String words, List<String> ends) {
        return ends.stream()
                .filter(words::endsWith)
                .map(end -> words.substring(0, words.length() - end.length()))
                .findFirst();
    }

    /** Whether a service runs the models that a setting of this mapping names. */
    boolean isHosted(String setting) {
        String words = SettingNames.words(setting) + "_";
        boolean here = starts(served, words) || asked.stream().anyMatch(prefix -> governs(prefix, words));
        return (here && (!local || ofNim)) || (parent != null && parent.serves(name));
    }

    /** Whether this mapping, or a mapping around it, says that a service runs the models of the inner mapping. */
    private boolean serves(String inner) {
        boolean here = starts(served, SettingNames.words(inner) + "_") && parent != null;
        return (here && (!local || ofNim)) || (parent != null && parent.serves(name));
    }

    /** At the top level of a file, an API key without a prefix can belong to anything, so it decides nothing. */
    private boolean governs(String prefix, String words) {
        return words.startsWith(prefix) && (parent != null || !prefix.isEmpty());
    }

    private static boolean starts(List<String> prefixes, String words) {
        return prefixes.stream().anyMatch(words::startsWith);
    }
}
