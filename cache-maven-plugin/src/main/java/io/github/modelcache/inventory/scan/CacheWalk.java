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
 * followed. Keeps nothing but the folders still to visit and the entries that are looked at ahead, so a million files
 * cost no memory.
 *
 * <p>The visitor is called by one thread. The looks at the entries, which take most of the time, are shared among the
 * cores.
 */
public final class CacheWalk {

    private static final int ENTRIES_A_BATCH = 256;
    private static final int BATCHES_AHEAD = 32;
    /** Fewer are looked at sooner than a helper wakes up. */
    private static final int WORTH_SHARING = 16;

    /** Who wants to see the entries. */
    public interface Visitor {

        /** Comes before the entries of a folder that has any; the root is the first. */
        default void enter(Path folder) {}

        /** Whether to look into a folder before its neighbours. */
        default boolean first(Path folder) {
            return false;
        }

        /** How to look at the entries of a folder. Asked for when everything about the folder above was shown. */
        default Look look(Path folder) {
            return CacheEntry::of;
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

    /** How to look at an entry. Used by several threads at once, and ahead of what the visitor is shown. */
    @FunctionalInterface
    public interface Look {

        /**
         * What is there. A link may be looked through only if no folder lies behind it, which would be walked into.
         *
         * @throws IOException when that can't be told
         */
        CacheEntry at(Path path) throws IOException;

        /**
         * Looks at several entries. A look that sees most of a large cache has a loop of its own: one loop for all
         * kinds of looks is compiled, by a cold JVM, with all of them in it, and again whenever another kind comes.
         */
        default void all(List<Path> paths, Looks looks) {
            for (Path path : paths) {
                try {
                    looks.add(at(path));
                } catch (IOException e) {
                    looks.fail(path, e);
                }
            }
        }
    }

    /** What looks at some entries came to; what has vanished is none of it. */
    public static final class Looks {

        private final List<CacheEntry> entries;
        private final List<Failure> failures = new ArrayList<>(0);

        Looks(int most) {
            entries = new ArrayList<>(most);
        }

        /** Something is there. */
        public void add(CacheEntry entry) {
            entries.add(entry);
        }

        /** A look failed. */
        public void fail(Path path, IOException reason) {
            if (!(reason instanceof NoSuchFileException)) { // else it is gone since the folder was read
                failures.add(new Failure(path, reason));
            }
        }
    }

    private final Visitor visitor;
    private final WorkSharingExecutor crew;
    private final Deque<Path> folders = new ArrayDeque<>();
    private final Deque<Batch> ahead = new ArrayDeque<>();
    private @Nullable Path shown;

    private CacheWalk(Visitor visitor, WorkSharingExecutor crew) {
        this.visitor = visitor;
        this.crew = crew;
    }

    /**
     * Walks a root. A root that does not exist has no entries; what vanishes meanwhile is passed over.
     *
     * @param root a folder, or a link to one
     * @throws UncheckedIOException when the thread was interrupted, so that not all was shown
     */
    public static void walk(Path root, Visitor visitor) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (WorkSharingExecutor crew = new WorkSharingExecutor("model-cache-look")) {
            new CacheWalk(visitor, crew).run(root);
        }
    }

    private record Batch(Path folder, WorkSharingExecutor.Task<Looks> looks) {}

    private record Failure(Path path, IOException reason) {}

    private void run(Path root) {
        folders.push(root);
        while (!folders.isEmpty() || !ahead.isEmpty()) {
            if (folders.isEmpty()) {
                show(ahead.remove());
            } else {
                list(folders.pop());
            }
        }
    }

    private void list(Path folder) {
        Look look = visitor.look(folder);
        List<Path> batch = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                batch.add(child);
                if (batch.size() == ENTRIES_A_BATCH) {
                    lookAhead(folder, batch, look);
                    batch = new ArrayList<>(ENTRIES_A_BATCH);
                }
            }
        } catch (NoSuchFileException e) {
            return; // gone since the folder above was read
        } catch (DirectoryIteratorException e) {
            visitor.unreadable(folder, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            visitor.unreadable(folder, e);
        }
        if (!batch.isEmpty()) {
            lookAhead(folder, batch, look);
        }
    }

    private void lookAhead(Path folder, List<Path> batch, Look look) {
        if (ahead.size() == BATCHES_AHEAD) {
            show(ahead.remove());
        }
        boolean shared = batch.size() >= WORTH_SHARING;
        ahead.add(new Batch(
                folder, shared ? crew.begin(() -> looks(batch, look)) : crew.later(() -> looks(batch, look))));
    }

    private static Looks looks(List<Path> batch, Look look) {
        Looks looks = new Looks(batch.size());
        look.all(batch, looks);
        return looks;
    }

    private void show(Batch batch) {
        if (!batch.folder().equals(shown)) {
            shown = batch.folder();
            visitor.enter(batch.folder());
        }
        try {
            Looks looks = batch.looks().get();
            show(looks.entries);
            looks.failures.forEach(failure -> visitor.unreadable(failure.path(), failure.reason()));
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e); // nobody may take what was not looked at for unreadable, or not there
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
        inside.stream().filter(child -> !visitor.first(child)).forEach(folders::push);
        inside.stream().filter(visitor::first).forEach(folders::push);
    }
}
