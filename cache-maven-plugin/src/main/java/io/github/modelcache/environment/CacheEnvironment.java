package io.github.modelcache.environment;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The variables that make every library use the project's caches.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables">model hub</a>
 * @see <a href="https://pytorch.org/docs/stable/hub.html">torch.hub</a>
 */
public record CacheEnvironment(CacheConfig config, Path home) {
    /**
     * Older and library-specific names that override ours and would cause a second copy of models. A project that needs
     * one sets it in {@code cache.environment}.
     */
    static final Set<String> MISLEADING = Set.of(
            "HUGGINGFACE_HUB_CACHE",
            "PYTORCH_TRANSFORMERS_CACHE",
            "PYTORCH_PRETRAINED_BERT_CACHE",
            "SENTENCE_TRANSFORMERS_HOME");

    /**
     * The variables, sorted by name. Paths are absolute, no value is empty.
     *
     * @param offline whether libraries must not use the network
     * @param inherited the environment of the build
     */
    public SortedMap<String, String> variables(boolean offline, Map<String, String> inherited) {
        SortedMap<String, String> variables = new TreeMap<>();
        paths().forEach((name, path) -> variables.put(name, path.toString()));
        // Environments of one project pin different hub versions, and the older ones delete the newer ones' payloads.
        variables.put("HF_HUB_DISABLE_SHARED_BLOBS", "1");
        if (offline) {
            variables.putAll(LibrarySettings.variables(true));
        }
        Path tokenFile = tokenFile(inherited);
        if (!inherited.containsKey("HF_TOKEN") && Files.isRegularFile(tokenFile)) {
            variables.put("HF_TOKEN_PATH", tokenFile.toString()); // a moved HF_HOME hides it
        }
        variables.putAll(config.environment());
        variables.values().removeIf(String::isEmpty);
        return variables;
    }

    /** The environment of a child process: the inherited one without misleading variables, and with ours. */
    public Map<String, String> ofProcess(boolean offline, Map<String, String> inherited) {
        Map<String, String> all = new TreeMap<>(inherited);
        all.keySet().removeAll(MISLEADING);
        all.putAll(variables(offline, inherited));
        return all;
    }

    /** The {@link #variables} for references in a POM, where each variable needs a value even if it is off. */
    public SortedMap<String, String> published(boolean offline, Map<String, String> inherited) {
        SortedMap<String, String> published = LibrarySettings.variables(false);
        published.put("HF_TOKEN_PATH", tokenFile(inherited).toString());
        for (String name : List.copyOf(published.keySet())) {
            String given = inherited.getOrDefault(name, "");
            published.computeIfPresent(name, (key, value) -> given.isBlank() ? value : given);
        }
        published.putAll(variables(offline, inherited));
        return published;
    }

    /** What libraries on the JVM read as system properties too, so that a test in an IDE finds it. */
    public SortedMap<String, String> systemProperties(boolean offline) {
        SortedMap<String, String> properties = new LibrarySettings(config).systemProperties(offline);
        properties.put("DJL_CACHE_DIR", config.djlHome().toString());
        properties.put("ENGINE_CACHE_DIR", config.djlHome().toString());
        return properties;
    }

    /** The variables that programs must not inherit, because they override ours. */
    public SortedSet<String> misleading() {
        SortedSet<String> misleading = new TreeSet<>(MISLEADING);
        misleading.removeAll(config.environment().keySet());
        return misleading;
    }

    private Path tokenFile(Map<String, String> inherited) {
        String named = inherited.getOrDefault("HF_TOKEN_PATH", "");
        return named.isBlank() ? home.resolve(".cache/huggingface/token") : home.resolve(named);
    }

    private Map<String, Path> paths() {
        Map<String, Path> paths = new LinkedHashMap<>();
        Path hub = config.hfHome().resolve("hub");
        paths.put("TORCH_HOME", config.torchHome());
        paths.put("HF_HOME", config.hfHome());
        paths.put("HF_HUB_CACHE", hub);
        paths.put("PYANNOTE_CACHE", hub);
        // Not hf_home: transformers 4 would keep a second copy of every model beside the hub cache.
        paths.put("TRANSFORMERS_CACHE", config.transformersCache().orElse(hub));
        paths.put("MLX_CACHE_DIR", config.mlxHome());
        paths.put("MODELS_HOME", config.modelsHome());
        paths.put("DJL_CACHE_DIR", config.djlHome());
        paths.put("ENGINE_CACHE_DIR", config.djlHome());
        paths.putAll(new LibrarySettings(config).folders());
        Layouts layouts = new Layouts(config);
        config.models()
                .forEach(
                        model -> layouts.find(model.reference()).ifPresent(layout -> paths.putAll(layout.variables())));
        config.xdgCacheHome().ifPresent(path -> paths.put("XDG_CACHE_HOME", path));
        for (ApplicationCache cache : config.applicationCaches()) {
            paths.put(variable(cache.name()), cache.path());
        }
        return paths;
    }

    /** The variable of an application cache: {@code tmdb} becomes {@code TMDB_CACHE_DIR}. */
    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_CACHE_DIR";
    }
}
