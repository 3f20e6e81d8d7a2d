package io.github.modelcache.status;

import io.github.modelcache.config.Budget;
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
 * @param sharedBytes of contents that have hard links outside of the roots, so that cleaning does not free them
 * @param duplicateBytes what the hub cache holds more than once
 * @param warnBytes the size that is worth a warning
 * @param maxBytes the size that fails {@code verify}
 * @param missingBytes what the lock names and is not there
 * @param freeDiskBytes what the disk of the cache has left; empty where it does not tell
 * @param freeable what cleaning would free, in the order of its scopes
 * @param before what the last recorded build left
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
        Optional<Before> before) {

    /** Copies the lists. */
    public CacheStatus {
        roots = List.copyOf(roots);
        models = List.copyOf(models);
        freeable = List.copyOf(freeable);
    }

    /**
     * One cache root.
     *
     * @param exists whether there is such a folder
     * @param bytes of its contents; each once
     * @param files its distinct contents
     * @param budget what it may hold, where the config says so
     */
    public record Root(
            String name,
            CacheRoot.Kind kind,
            Path path,
            boolean exists,
            long bytes,
            long files,
            Optional<Budget> budget) {}

    /**
     * One model, or one revision of it.
     *
     * @param model its reference
     * @param kind the scheme of the reference
     * @param path its folder, or its file
     * @param revision the one that is there
     * @param bytes of the contents that are there
     * @param files how many are there
     * @param expectedFiles how many there should be
     * @param lastUsed when one was last read or written, as far as the file system keeps it
     * @param declared whether the config names it
     * @param locked whether the lock pins it
     * @param state what a person would call it
     * @param elsewhere where this machine has it outside of the roots, if it is missing here
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

    /** How a model stands. */
    public enum State {
        /** All its locked files are there. */
        COMPLETE,
        /** Some of its files are there, or a download of it is not finished. */
        PARTIAL,
        /** The lock pins it, and nothing of it is there. */
        MISSING,
        /** The config names it, the lock does not. */
        UNLOCKED,
        /** Neither the lock nor the config wants it. */
        UNUSED
    }

    /**
     * What cleaning would free.
     *
     * @param scope as users type it
     * @param bytes to the last notes beside the models; empty where nothing tells what is unused
     */
    public record Freeable(String scope, Optional<Long> bytes) {}

    /**
     * What the cache held before.
     *
     * @param at when that was
     * @param bytes what it held
     */
    public record Before(Instant at, long bytes) {}
}
