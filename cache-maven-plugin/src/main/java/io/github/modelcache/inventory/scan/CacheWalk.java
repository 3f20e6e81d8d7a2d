package io.github.modelcache.inventory.scan;

import io.github.modelcache.concurrent.WorkSharingExecutor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a cache root and shows each entry once. The root itself may be a link to another disk; no link inside it is
 * followed. Only the folders still to visit are kept in memory.
 *
 * <p>The visitor is called by one thread. Reading the attributes, which takes most of the time, is shared among the cores.
 */
public final class CacheWalk {

    private static final int ENTRIES_A_BATCH = 256;
    private static final int BATCHES_AHEAD = 32;
    /** Fewer are read sooner than another thread wakes up. */
    private static final int WORTH_SHARING = 16;

    /** Is shown the entries. */
    public interface Visitor {

        /** Called before the entries of a folder; the root is the first. A folder without entries is left out. */
        default void enter(Path folder) {}

        /** An entry that is not a folder. */
        void entry(CacheEntry entry);

        /** A folder below the root. */
        default void directory(CacheEntry directory) {}

        /** Whether to walk into a folder that was just shown. */
        default boolean wants(CacheEntry directory) {
            return true;
        }

        /** An entry whose attributes or content can't be read. */
        void unreadable(Path path, IOException reason);
    }

    /** The attributes of some entries; entries that have vanished are left out. */
    private record Attributes(List<CacheEntry> entries, List<Failure> failures) {

        static Attributes read(List<Path> paths, AttributeReader reader) {
            Attributes attributes = new Attributes(new ArrayList<>(paths.size()), new ArrayList<>(0));
            for (Path path : paths) {
                try {
                    attributes.entries.add(reader.read(path));
                } catch (IOException e) {
                    if (!(e instanceof NoSuchFileException)) { // else it was deleted since the folder was read
                        attributes.failures.add(new Failure(path, e));
                    }
                }
            }
            return attributes;
        }
    }

    /** Reads the attributes of an entry; tests use it to fail. */
    @FunctionalInterface
    interface AttributeReader {
        CacheEntry read(Path path) throws IOException;
    }

    private final Visitor visitor;
    private final AttributeReader reader;
    private final WorkSharingExecutor executor;
    private final Deque<Path> folders = new ArrayDeque<>();
    private final Deque<Batch> pending = new ArrayDeque<>();
    private @Nullable Path shown;

    private CacheWalk(Visitor visitor, AttributeReader reader, WorkSharingExecutor executor) {
        this.visitor = visitor;
        this.reader = reader;
        this.executor = executor;
    }

    /**
     * Walks a root. A root that does not exist has no entries; entries that vanish meanwhile are left out.
     *
     * @param root a folder, or a link to one
     * @throws UncheckedIOException when the thread is interrupted before everything was shown
     */
    public static void walk(Path root, Visitor visitor) {
        walk(root, visitor, CacheEntry::of);
    }

    static void walk(Path root, Visitor visitor, AttributeReader reader) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (WorkSharingExecutor executor = new WorkSharingExecutor("model-cache-look")) {
            new CacheWalk(visitor, reader, executor).run(root);
        }
    }

    private record Batch(Path folder, WorkSharingExecutor.Task<Attributes> attributes) {}

    private record Failure(Path path, IOException reason) {}

    private void run(Path root) {
        folders.push(root);
        while (!folders.isEmpty() || !pending.isEmpty()) {
            if (folders.isEmpty()) {
                show(pending.remove());
            } else {
                list(folders.pop());
            }
        }
    }

    private void list(Path folder) {
        List<Path> batch = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                batch.add(child);
                if (batch.size() == ENTRIES_A_BATCH) {
                    readAhead(folder, batch);
                    batch = new ArrayList<>(ENTRIES_A_BATCH);
                }
            }
        } catch (NoSuchFileException e) {
            return; // deleted since the folder above was read
        } catch (DirectoryIteratorException e) {
            visitor.unreadable(folder, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            visitor.unreadable(folder, e);
        }
        if (!batch.isEmpty()) {
            readAhead(folder, batch);
        }
    }

    private void readAhead(Path folder, List<Path> batch) {
        if (pending.size() == BATCHES_AHEAD) {
            show(pending.remove());
        }
        boolean shared = batch.size() >= WORTH_SHARING;
        pending.add(new Batch(
                folder,
                shared
                        ? executor.begin(() -> Attributes.read(batch, reader))
                        : executor.later(() -> Attributes.read(batch, reader))));
    }

    private void show(Batch batch) {
        if (!batch.folder().equals(shown)) {
            shown = batch.folder();
            visitor.enter(batch.folder());
        }
        try {
            Attributes attributes = batch.attributes().get();
            show(attributes.entries);
            attributes.failures.forEach(failure -> visitor.unreadable(failure.path(), failure.reason()));
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e); // the rest is neither missing nor unreadable
        } catch (IOException e) {
            visitor.unreadable(batch.folder(), e);
        }
    }

    private void show(List<CacheEntry> entries) {
        List<Path> inside = new ArrayList<>(0);
        for (CacheEntry entry : entries) {
            if (entry.kind() != CacheEntry.Kind.DIRECTORY) {
                visitor.entry(entry);
            } else {
                visitor.directory(entry);
                if (visitor.wants(entry)) {
                    inside.add(entry.path());
                }
            }
        }
        inside.forEach(folders::push);
    }
}
