package io.github.modelcache.status;

import io.github.modelcache.config.Budget;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.usage.SizeRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The content of a project's caches.
 *
 * @param configured whether the project has a config; otherwise everything is a default
 * @param roots the cache roots, in the order of the config
 * @param models the known models, largest first
 * @param bytes all roots together; each content once
 * @param files number of distinct contents
 * @param sharedBytes bytes of contents with hard links outside of the caches, which cleaning does not free
 * @param duplicateBytes bytes that the hub cache holds more than once
 * @param missingBytes bytes of locked files that are missing
 * @param freeDiskBytes free space on the disk of the cache, if known
 * @param freeable bytes that cleaning would free, in the order of its scopes
 * @param before the size at the last recorded build
 */
public record CacheStatus(
        Path projectRoot,
        boolean configured,
        List<Root> roots,
        List<Model> models,
        long bytes,
        long files,
        long sharedBytes,
        long duplicateBytes,
        long warnBytes,
        long maxBytes,
        long missingBytes,
        Optional<Long> freeDiskBytes,
        List<Freeable> freeable,
        Optional<SizeRecord> before) {

    /** Copies the lists. */
    public CacheStatus {
        roots = List.copyOf(roots);
        models = List.copyOf(models);
        freeable = List.copyOf(freeable);
    }

    /**
     * One cache root.
     *
     * @param exists whether the folder exists
     * @param bytes of its contents; each once
     * @param files number of its distinct contents
     * @param budget its own budget, if the config has one
     */
    public record Root(CacheRoot root, boolean exists, long bytes, long files, Optional<Budget> budget) {

        String name() {
            return root.name();
        }

        CacheRoot.Kind kind() {
            return root.kind();
        }

        Path path() {
            return root.path();
        }
    }

    /**
     * One model, or one revision of it.
     *
     * @param model its reference
     * @param kind the scheme of the reference
     * @param path its folder, or its file
     * @param expectedFiles the number of locked files
     * @param lastUsed when a file was last read or written, as far as the file system keeps it
     * @param elsewhere its place in an external cache, if it is missing here
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
            boolean locked,
            State state,
            Optional<Path> elsewhere) {}

    /** The state of a model. */
    public enum State {
        /** All its locked files are in the cache. */
        COMPLETE,
        /** Some of its files are missing, or it has a partial download. */
        PARTIAL,
        /** It is locked, and no file of it is in the cache. */
        MISSING,
        /** It is declared, but not locked. */
        UNLOCKED,
        /** It is neither declared nor locked. */
        UNUSED
    }

    /**
     * The space that cleaning would free.
     *
     * @param scope of {@code cache:clean}
     * @param bytes empty for unused models without a lock file
     */
    public record Freeable(String scope, Optional<Long> bytes) {}
}
