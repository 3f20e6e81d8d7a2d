package io.github.modelcache.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kind of a new project, which decides the first content of its config. */
public enum ProjectProfile {
    /** A program on the JVM with models only. */
    JAVA,
    /** A media pipeline with Python environments and application caches. */
    PIPELINE;

    /** The default environments. */
    public List<String> environments() {
        return this == PIPELINE ? List.of("common", "whisperx", "mlx", "indictrans2", "nllb") : List.of();
    }

    /** Name and path of the application caches. */
    Map<String, String> applicationCaches() {
        Map<String, String> caches = new LinkedHashMap<>();
        if (this == PIPELINE) {
            caches.put("tmdb", "out/tmdb_cache");
            caches.put("musicbrainz", "out/musicbrainz_cache");
            caches.put("glossary", "glossary/cache");
        }
        return caches;
    }
}
