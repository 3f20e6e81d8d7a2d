package io.github.modelcache.inventory;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Walks a cache root and shows each entry once. The root itself may be a link to another disk; no link inside it is
 * followed. Keeps nothing but the folders still to visit, so a million files cost no memory.
 */
public final class CacheWalk {

    /** Who wants to see the entries. */
    public interface Visitor {

        /** Comes before the entries of a folder; the root is the first. */
        default void enter(Path folder) {}

        /** Whether to look into a folder before its neighbours. */
        default boolean first(Path folder) {
            return false;
        }

        /** Whether an entry of the folder is dealt with, and no look at it needed. What fails here is looked at. */
        default boolean shortcut(Path path) throws IOException {
            return false;
        }

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
        visitor.enter(folder);
        List<Path> inside = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (!isDone(child, visitor)) {
                    look(child, inside, visitor);
                }
            }
        } catch (NoSuchFileException e) {
            return; // gone since the folder above was read
        } catch (DirectoryIteratorException e) {
            visitor.unreadable(folder, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            visitor.unreadable(folder, e);
        }
        inside.stream().filter(child -> !visitor.first(child)).forEach(folders::push);
        inside.stream().filter(visitor::first).forEach(folders::push);
    }

    private static boolean isDone(Path path, Visitor visitor) {
        try {
            return visitor.shortcut(path);
        } catch (IOException e) {
            return false;
        }
    }

    private static void look(Path path, List<Path> folders, Visitor visitor) {
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
                folders.add(path);
            }
        } else {
            visitor.entry(entry);
        }
    }
}
