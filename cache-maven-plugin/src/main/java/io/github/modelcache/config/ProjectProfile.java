package io.github.modelcache.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a new project is for, which decides what its config has from the start. */
public enum ProjectProfile {
    /** A program on the JVM: models, and nothing else. */
    JAVA,
    /** A media pipeline with Python stages: environments, and caches of web services. */
    PIPELINE;

    /** The environments that such a project has unless others are asked for. */
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
