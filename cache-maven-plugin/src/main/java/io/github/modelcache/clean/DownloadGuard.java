package io.github.modelcache.clean;

import io.github.modelcache.family.ActiveDownloads;
import io.github.modelcache.family.Layout;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Keeps files that a download may use: a build holds a process lock, and another program wrote to a file just now. */
record DownloadGuard(Messages messages, Instant now) {
    static final String FETCHED = "another build is fetching it";
    static final String FETCHED_THERE = "another build is fetching a model there";
    static final String WRITTEN = "a download wrote to it less than " + ActiveDownloads.ACTIVE_TEXT + " ago";

    /** Whether a program may still be writing to a file. */
    boolean isActive(CacheEntry entry) {
        return ActiveDownloads.isActive(entry.modified(), now);
    }

    /** Whether a build is fetching a model of this project. */
    static boolean isFetched(CachedModel model) throws IOException {
        Optional<Path> lock = model.processLock();
        return lock.isPresent() && ProcessLock.isHeld(lock.get());
    }

    /**
     * Whether a build of another project may be fetching an undeclared model. That project's models and folders are
     * unknown, so each of its locks counts for everything around it.
     *
     * @param known the locks of the root's models, which protect only them
     */
    static boolean isFetchedElsewhere(CachedModel model, Set<Path> known) throws IOException {
        if (model.locked().isPresent() || model.declared()) {
            return false;
        }
        for (Path folder = model.unit().place().getParent();
                folder != null && folder.startsWith(model.root());
                folder = folder.getParent()) {
            if (hasHeldLock(folder.resolve(Layout.LOCKS), known)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a build may be fetching a partial file: it holds a lock in a {@code .locks} folder above the file, or below
     * that in the folder with the name of the next folder on the way to the file.
     */
    static boolean isFetched(Path partial, Path root) throws IOException {
        Path inside = partial;
        for (Path folder = partial.getParent();
                folder != null && folder.startsWith(root);
                folder = folder.getParent()) {
            Path locks = folder.resolve(Layout.LOCKS);
            if (hasHeldLock(locks, Set.of()) || hasHeldLock(locks.resolve(inside.getFileName()), Set.of())) {
                return true;
            }
            inside = folder;
        }
        return false;
    }

    /** Whether a build holds a lock in a folder, other than the known ones. */
    static boolean hasHeldLock(Path locks, Set<Path> known) throws IOException {
        if (!Files.isDirectory(locks, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(locks, "*.lock")) {
            for (Path file : files) {
                if (!known.contains(file) && ProcessLock.isHeld(file)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Runs a step while the model's lock keeps other builds out. Skips the step if another build holds the lock. */
    long unlessFetched(CachedModel model, Action.Step step) throws IOException {
        Optional<Path> file = model.processLock();
        if (file.isEmpty()) {
            return step.run();
        }
        Path lock = file.get();
        Path root = model.layout().map(Layout::root).orElse(model.root());
        boolean reachable = !isBehindLink(root, lock);
        boolean created = reachable && Files.notExists(lock, LinkOption.NOFOLLOW_LINKS);
        Optional<ProcessLock> taken = reachable ? ProcessLock.tryShutOut(lock) : ProcessLock.tryAcquire(lock);
        if (taken.isEmpty()) {
            kept(model, FETCHED);
            return 0;
        }
        TreeDeleter deleter = new TreeDeleter();
        try (ProcessLock own = taken.get()) {
            try {
                return step.run();
            } finally {
                if (created && own.exclusive()) {
                    quietly(lock, () -> deleter.deleteFile(root, lock)); // while no other build can hold it
                }
            }
        } finally {
            if (created) {
                quietly(lock, () -> {
                    deleter.deleteEmpty(root, lock.resolveSibling(".").normalize());
                    deleter.deleteEmpty(model.root(), root);
                    return 0;
                });
            }
        }
    }

    /** Whether a link is on the way to a lock; no file is created behind one. */
    private static boolean isBehindLink(Path root, Path lock) {
        for (Path folder = lock.getParent();
                folder != null && !folder.equals(root) && folder.startsWith(root);
                folder = folder.getParent()) {
            if (Files.isSymbolicLink(folder)) {
                return true;
            }
        }
        return false;
    }

    private void quietly(Path lock, Action.Step deletion) {
        try {
            deletion.run();
        } catch (IOException e) {
            messages.debug("The lock " + lock + " was not deleted: " + e.getMessage());
        }
    }

    void unreadable(Path place, IOException reason) {
        messages.warn(TextSanitizer.text("Kept " + place + ": the files that use it can't be read (" + reason
                + "); make them readable and run mvn cache:clean again"));
    }

    void kept(Path place, String why) {
        messages.warn("Kept " + TextSanitizer.text(place.toString()) + ": " + why
                + "; run mvn cache:clean again when it has finished");
    }

    void kept(CachedModel model, String why) {
        messages.warn("Kept "
                + model.model()
                        .map(Object::toString)
                        .orElseGet(() -> model.unit().place().toString())
                + ": " + why + "; run mvn cache:clean again when it has finished");
    }
}
