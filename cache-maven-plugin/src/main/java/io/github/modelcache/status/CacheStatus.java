package io.github.modelcache.status;

import io.github.modelcache.config.CacheRoot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is in a project's cache.
 *
 * @param projectRoot the project
 * @param configured whether it has a config; else everything is a default
 * @param roots the cache roots, in the order of the config
 * @param models the models known by name, heaviest first
 * @param bytes all roots together; each content once
 * @param files distinct contents
 * @param warnBytes the size that is worth a warning
 * @param maxBytes the size that fails {@code verify}
 */
public record CacheStatus(
        Path projectRoot,
        boolean configured,
        List<Root> roots,
        List<Model> models,
        long bytes,
        long files,
        long warnBytes,
        long maxBytes) {

    /** Copies the lists. */
    public CacheStatus {
        roots = List.copyOf(roots);
        models = List.copyOf(models);
    }

    /**
     * One cache root.
     *
     * @param exists whether there is such a folder
     * @param bytes of its contents; each once
     * @param files its distinct contents
     */
    public record Root(String name, CacheRoot.Kind kind, Path path, boolean exists, long bytes, long files) {}

    /**
     * One model.
     *
     * @param model its reference
     * @param kind the scheme of the reference
     * @param path its folder, or its file
     * @param revision the one that is there
     * @param bytes of the files that are there
     * @param files how many are there
     * @param expectedFiles how many there should be
     * @param lastUsed when one was last read or written, as far as the file system keeps it
     * @param declared whether the config names it
     * @param locked whether the lock pins it
     */
    public record Model(
            String model,
            String kind,
            Path path,
            Optional<String> revision,
            long bytes,
            int files,
            int expectedFiles,
            Optional<Instant> lastUsed,
            boolean declared,
            boolean locked) {}
}
