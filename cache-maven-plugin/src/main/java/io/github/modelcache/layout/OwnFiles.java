package io.github.modelcache.layout;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.io.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** What the plugin itself keeps beside the models: {@code .modelcache/} in the base folder, and the cache tag. */
public final class OwnFiles {

    private final Path base;

    /** The plugin's own files of a project. */
    public OwnFiles(CacheConfig config) {
        base = config.baseDir();
    }

    /** The tag that marks the base folder as a cache. */
    public OwnTag tag() {
        return new OwnTag(base);
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
