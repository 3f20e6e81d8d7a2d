package io.github.modelcache.clean;

import io.github.modelcache.family.Layout;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps off what a download is at: one of ours holds a lock, one of another program's has just written. */
final class ActiveDownloads {

    /** Whoever did not write for this long is gone, or so slow that nobody waits for it. */
    private static final Duration RECENT = Duration.ofMinutes(10);

    static final String RECENT_TEXT = RECENT.toMinutes() + " minutes";

    private final Messages messages;
    private final Instant now;

    ActiveDownloads(Messages messages, Instant now) {
        this.messages = messages;
        this.now = now;
    }

    /** Whether somebody may still be writing to a file. */
    boolean isRecent(CacheEntry entry) {
        return !entry.modified().isBefore(now.minus(RECENT));
    }

    /** Whether a build is fetching a model. */
    boolean isFetched(CachedModel held) throws IOException {
        Optional<Path> lock = held.processLock();
        return lock.isPresent() && isHeld(lock.get());
    }

    /** Whether somebody holds a lock. */
    static boolean isHeld(Path lock) throws IOException {
        Optional<ProcessLock> taken = ProcessLock.tryAcquire(lock);
        if (taken.isPresent()) {
            taken.get().close();
        }
        return taken.isEmpty();
    }

    /** Does a step while no build can fetch the model; or else does nothing and says so. */
    long unlessFetched(CachedModel held, Action.Step step) throws IOException {
        Optional<Path> lock = held.processLock();
        if (lock.isEmpty()) {
            return step.run();
        }
        boolean inside = liesInside(held, lock.get());
        boolean missing = inside && Files.notExists(lock.get(), LinkOption.NOFOLLOW_LINKS);
        Optional<ProcessLock> taken = inside ? ProcessLock.tryShutOut(lock.get()) : ProcessLock.tryAcquire(lock.get());
        if (taken.isEmpty()) {
            skipped(held, "another build is fetching it");
            return 0;
        }
        try (ProcessLock lockHeld = taken.get()) {
            messages.debug("Holding " + lock.get() + (lockHeld.exclusive() ? "" : ", by name only"));
            try {
                return step.run();
            } finally {
                if (missing && lockHeld.exclusive()) {
                    drop(held, lock.get()); // while it is held: else another build could have it by then
                }
            }
        } finally {
            if (missing) {
                dropFolders(held, lock.get());
            }
        }
    }

    /** Whether no link leads from the cache to where its lock lies; behind one nothing is made. */
    private static boolean liesInside(CachedModel held, Path lock) {
        Path root = locksRoot(held);
        for (Path folder = lock.getParent();
                folder != null && !folder.equals(root) && folder.startsWith(root);
                folder = folder.getParent()) {
            if (Files.isSymbolicLink(folder)) {
                return false;
            }
        }
        return true;
    }

    private void drop(CachedModel held, Path lock) {
        try {
            new TreeDeleter().deleteFile(locksRoot(held), lock);
        } catch (IOException e) {
            messages.debug(lock + " stays: " + e.getMessage());
        }
    }

    /** The folders that a lock file was made in, and those above that the deletion has emptied. */
    private void dropFolders(CachedModel held, Path lock) {
        try {
            TreeDeleter deleter = new TreeDeleter();
            deleter.deleteEmpty(locksRoot(held), lock.resolveSibling(".").normalize());
            deleter.deleteEmpty(held.root(), locksRoot(held));
        } catch (IOException e) {
            messages.debug("The folder of " + lock + " stays: " + e.getMessage());
        }
    }

    private static Path locksRoot(CachedModel held) {
        return held.layout().map(Layout::root).orElse(held.root());
    }

    /** Says that something stays because nobody can tell whether it is used. */
    void unreadable(Path place, IOException reason) {
        messages.warn(TextSanitizer.text("Left " + place + ": what uses it can't be read (" + reason
                + "); make it readable, then run mvn cache:clean again"));
    }

    /** Says that something stays. */
    void skipped(Path place, String why) {
        messages.warn("Left " + TextSanitizer.text(place.toString()) + ": " + why
                + "; run mvn cache:clean again when that is done");
    }

    /** Says that a model stays. */
    void skipped(CachedModel held, String why) {
        String name = held.model()
                .map(Object::toString)
                .orElseGet(() -> held.holding().place().toString());
        messages.warn("Left " + name + ": " + why + "; run mvn cache:clean again when that is done");
    }
}
