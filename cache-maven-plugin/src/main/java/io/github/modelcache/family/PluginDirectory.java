package io.github.modelcache.family;

import io.github.modelcache.config.CacheConfig;
import java.nio.file.Path;

/** What the plugin itself keeps beside the models: {@code .modelcache/} in the base folder, and the cache tag. */
public final class PluginDirectory {

    private final Path base;

    /** The plugin's own files of a project. */
    public PluginDirectory(CacheConfig config) {
        base = config.baseDir();
    }

    /** The tag that marks the base folder as a cache. */
    public CacheDirTag tag() {
        return new CacheDirTag(base);
    }

    /** The plugin's own folder, which no model lives in. */
    public Path folder() {
        return base.resolve(".modelcache");
    }

    /** What files hashed to. */
    public Path stampIndex() {
        return folder().resolve("stamps.bin");
    }

    /** The digests of layers of images that were pushed. */
    public Path layerDigests() {
        return folder().resolve("layers.txt");
    }

    /** This machine, as the last run of init found it. */
    public Path hardware() {
        return folder().resolve("hardware.json");
    }

    /** The sizes of the caches over time. */
    public Path sizes() {
        return folder().resolve("sizes.jsonl");
    }

    /** What is in files, as they were last scanned. */
    public Path scans() {
        return folder().resolve("scans.txt");
    }

    /** What the last verification found, and what it saw. */
    public Path lastVerification() {
        return folder().resolve("verified.json");
    }

    /** Archives while models are unpacked from them; each can be fetched again. */
    public Path downloads() {
        return folder().resolve("downloads");
    }

    /** Locks that builds hold while they fetch or read such an archive. */
    public Path downloadLocks() {
        return folder().resolve("locks");
    }

    /** The folder for reports where there is no {@code target}. */
    public Path reports() {
        return base.resolve("reports");
    }
}
