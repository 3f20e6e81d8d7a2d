package io.github.modelcache.environment;

import io.github.modelcache.catalog.LibraryLocations;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.LibraryLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What libraries read besides the paths of the caches: the switches that keep them from the network, and the folders in
 * which they look for models by their own names. The one table of both.
 */
final class LibrarySettings {

    /** The switches, as variables and as system properties of the JVM. */
    private static final List<Switch> SWITCHES = List.of(
            new Switch("HF_HUB_OFFLINE", Kind.VARIABLE, "1", "0"),
            new Switch("TRANSFORMERS_OFFLINE", Kind.VARIABLE, "1", "0"),
            new Switch("DJL_OFFLINE", Kind.VARIABLE, "true", "false"),
            new Switch("ai.djl.offline", Kind.PROPERTY, "true", "false"),
            new Switch("offline", Kind.PROPERTY, "true", "false")); // DJL reads it too

    private final LibraryLocations locations;
    private final Set<LibraryLayout> layouts;

    private enum Kind {
        VARIABLE,
        PROPERTY
    }

    /** A switch with its values when it is on and off. */
    private record Switch(String name, Kind kind, String on, String off) {}

    /** The settings of a project. */
    LibrarySettings(CacheConfig config) {
        this.locations = new LibraryLocations(config);
        this.layouts = config.models().stream()
                .flatMap(model -> model.form().layout().stream())
                .collect(Collectors.toSet());
    }

    /** The variables that are switches. */
    static SortedMap<String, String> variables(boolean offline) {
        return switches(Kind.VARIABLE, offline);
    }

    private static SortedMap<String, String> switches(Kind kind, boolean offline) {
        SortedMap<String, String> switches = new TreeMap<>();
        SWITCHES.stream()
                .filter(each -> each.kind() == kind)
                .forEach(each -> switches.put(each.name(), offline ? each.on() : each.off()));
        return switches;
    }

    /** The variables that name folders of declared layouts. */
    SortedMap<String, Path> folders() {
        SortedMap<String, Path> folders = new TreeMap<>();
        if (layouts.contains(LibraryLayout.SPRING_AI)) {
            folders.put("SPRING_AI_EMBEDDING_TRANSFORMER_CACHE_DIRECTORY", locations.root(LibraryLayout.SPRING_AI));
        }
        return folders;
    }

    /** The system properties, with the switches that are on. */
    SortedMap<String, String> systemProperties(boolean offline) {
        SortedMap<String, String> properties = new TreeMap<>();
        if (offline) {
            properties.putAll(switches(Kind.PROPERTY, true));
        }
        layouts.forEach(layout -> of(layout, offline, properties));
        return properties;
    }

    private void of(LibraryLayout layout, boolean offline, SortedMap<String, String> properties) {
        String root = locations.root(layout).toString();
        switch (layout) {
            case OPENNLP -> {
                properties.put("OPENNLP_DOWNLOAD_HOME", root);
                if (offline) {
                    // It has no switch, but reads the list of its models from there.
                    properties.put(
                            "OPENNLP_DOWNLOAD_BASE_URL",
                            locations.opennlp().toUri().toString());
                    properties.put(
                            "OPENNLP_DOWNLOAD_MODEL_PATH",
                            String.valueOf(locations.index().getFileName()));
                }
            }
            case DL4J -> properties.put("org.deeplearning4j.resources.directory", root);
            case SPRING_AI -> properties.put("spring.ai.embedding.transformer.cache.directory", root);
            case JLAMA -> properties.put("cache.layout.jlama", root); // it has no setting; programs pass the folder
            case DJL -> {
                // DJL_CACHE_DIR is set in any case.
            }
        }
    }
}
