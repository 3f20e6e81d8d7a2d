package io.github.modelcache.inventory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Looks at the entries of a folder as {@link Fingerprints} and {@link FreeableBytes} need them: only of files the number
 * of names, which costs more than all else.
 */
public final class QuickLook implements CacheWalk.Look {

    /** What most entries of the folder are. Only a guess that saves a look, so threads need not agree on it. */
    private volatile boolean files;

    @Override
    public CacheEntry at(Path path) throws IOException {
        boolean guess = files; // others may change it between two looks
        CacheEntry entry = guess ? CacheEntry.of(path) : CacheEntry.basic(path);
        boolean file = entry.kind() == CacheEntry.Kind.FILE;
        if (file == guess) {
            return entry;
        }
        files = file;
        return file ? CacheEntry.of(path) : entry;
    }
}
