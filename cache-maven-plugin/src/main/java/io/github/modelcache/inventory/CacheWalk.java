package io.github.modelcache.inventory;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Walks a cache root and shows each entry once. The root itself may be a link to another disk; no link inside it is
 * followed. Keeps nothing but the folders still to visit, so a million files cost no memory.
 */
public final class CacheWalk {

    /** Who wants to see the entries. */
    public interface Visitor {

        /** An entry that is not a folder. */
        void entry(CacheEntry entry);

        /** A folder below the root. */
        default void directory(CacheEntry directory) {}

        /** Whether to look into a folder that was just shown. */
        default boolean wants(CacheEntry directory) {
            return true;
        }

        /** An entry that can't be looked into. */
        void unreadable(Path path, IOException reason);
    }

    private CacheWalk() {}

    /**
     * Walks a root. A root that does not exist has no entries; what vanishes meanwhile is passed over.
     *
     * @param root a folder, or a link to one
     */
    public static void walk(Path root, Visitor visitor) {
        if (!Files.isDirectory(root)) {
            return;
        }
        Deque<Path> folders = new ArrayDeque<>();
        folders.push(root);
        while (!folders.isEmpty()) {
            visit(folders.pop(), folders, visitor);
        }
    }

    private static void visit(Path folder, Deque<Path> folders, Visitor visitor) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                look(child, folders, visitor);
            }
        } catch (NoSuchFileException e) {
            return; // gone since its parent was read
        } catch (DirectoryIteratorException e) {
            visitor.unreadable(folder, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            visitor.unreadable(folder, e);
        }
    }

    private static void look(Path path, Deque<Path> folders, Visitor visitor) {
        CacheEntry entry;
        try {
            entry = CacheEntry.of(path);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            visitor.unreadable(path, e);
            return;
        }
        if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
            visitor.directory(entry);
            if (visitor.wants(entry)) {
                folders.push(path);
            }
        } else {
            visitor.entry(entry);
        }
    }
}
