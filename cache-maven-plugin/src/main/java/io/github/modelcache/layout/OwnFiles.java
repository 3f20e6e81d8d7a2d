package io.github.modelcache.layout;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.io.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** What the plugin itself keeps beside the models: {@code .modelcache/} in the base folder, and the cache tag. */
public final class OwnFiles {

    /** The content of {@code CACHEDIR.TAG}; backup programs skip a folder that holds it. */
    public static final String TAG_TEXT = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This folder holds caches of machine-learning models, kept by cache-maven-plugin.
            # Everything in it can be fetched again. See https://bford.info/cachedir/
            """;

    private final Path base;

    /** The plugin's own files of a project. */
    public OwnFiles(CacheConfig config) {
        base = config.baseDir();
    }

    /** The tag that marks the base folder as a cache. */
    public Path tag() {
        return base.resolve("CACHEDIR.TAG");
    }

    /** The plugin's own folder, which no model lives in. */
    public Path folder() {
        return base.resolve(".modelcache");
    }

    /** What files hashed to. */
    public Path stampIndex() {
        return folder().resolve("stamps.bin");
    }

    /** The lock file that keeps two builds from fetching one model twice. */
    public Path processLock(String model) {
        byte[] hash = DigestAlgorithm.SHA256.start(0).digest(model.getBytes(StandardCharsets.UTF_8));
        return folder().resolve("locks").resolve(HexFormat.of().formatHex(hash, 0, 8) + ".lock");
    }

    /** The folder for reports where there is no {@code target}. */
    public Path reports() {
        return base.resolve("reports");
    }
}
