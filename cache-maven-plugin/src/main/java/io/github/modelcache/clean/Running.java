package io.github.modelcache.clean;

import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.Held;
import io.github.modelcache.io.Printable;
import io.github.modelcache.io.ProcessLock;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps off what a download is at: one of ours holds a lock, one of another program's has just written. */
final class Running {

    /** Whoever did not write for this long is gone, or so slow that nobody waits for it. */
    private static final Duration RECENT = Duration.ofMinutes(10);

    static final String RECENT_TEXT = RECENT.toMinutes() + " minutes";

    private final Messages messages;
    private final Instant now;

    Running(Messages messages, Instant now) {
        this.messages = messages;
        this.now = now;
    }

    /** Whether somebody may still be writing to a file. */
    boolean isRecent(CacheEntry entry) {
        return !entry.modified().isBefore(now.minus(RECENT));
    }

    /** Whether a build is fetching a model. */
    boolean isFetched(Held held) throws IOException {
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
    long unlessFetched(Held held, Action.Step step) throws IOException {
        Optional<Path> lock = held.processLock();
        if (lock.isEmpty()) {
            return step.run();
        }
        Optional<ProcessLock> taken = ProcessLock.tryAcquire(lock.get());
        if (taken.isEmpty()) {
            skipped(held, "another build is fetching it");
            return 0;
        }
        try (ProcessLock lockHeld = taken.get()) {
            messages.debug("Holding " + lock.get() + (lockHeld.exclusive() ? "" : ", by name only"));
            return step.run();
        }
    }

    /** Says that something stays because nobody can tell whether it is used. */
    void unreadable(Path place, IOException reason) {
        messages.warn(Printable.text("Left " + place + ": what uses it can't be read (" + reason
                + "); make it readable, then run mvn cache:clean again"));
    }

    /** Says that something stays. */
    void skipped(Held held, String why) {
        String name = held.model()
                .map(Object::toString)
                .orElseGet(() -> held.holding().place().toString());
        messages.warn("Left " + name + ": " + why + "; run mvn cache:clean again when that is done");
    }
}
