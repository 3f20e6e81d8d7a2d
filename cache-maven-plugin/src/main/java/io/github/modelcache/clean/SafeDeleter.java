package io.github.modelcache.clean;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.FreeableBytes;
import io.github.modelcache.inventory.usage.MountedFolders;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Deletes what was seen when the plan was made, and only what still looks as it did. Whatever is new or was written to
 * since then stays, and is named. What can't be deleted is named too, and the rest goes all the same.
 */
final class SafeDeleter {

    private static final String SINCE = " is new, or was changed, since the plan was made";

    private final Path projectRoot;
    private final Messages messages;
    private final Runnable beforeEach;
    private final MountedFolders mounts;
    private final Set<Path> namedMounts = new HashSet<>();
    private final TreeDeleter deleter = new TreeDeleter();
    private final Fingerprints seen = new Fingerprints();
    private final FreeableBytes freeable = new FreeableBytes();
    private long failures;

    SafeDeleter(Path projectRoot, Messages messages, Runnable beforeEach, MountedFolders mounts) {
        this.projectRoot = projectRoot;
        this.messages = messages;
        this.beforeEach = beforeEach;
        this.mounts = mounts;
    }

    /** Whether an entry stays because it is, or lies on, another mount than its root; names each mount once. */
    boolean isMounted(Path entry) {
        Optional<Path> mount = mounts.holding(entry);
        mount.ifPresent(this::nameMount);
        return mount.isPresent();
    }

    /** Whether a model stays because it lies on another mount than its root, or a part of it does; names the mount. */
    boolean isPartlyMounted(Path place) {
        Optional<Path> mount = mounts.touching(place);
        mount.ifPresent(this::nameMount);
        return mount.isPresent();
    }

    private synchronized void nameMount(Path mount) {
        if (namedMounts.add(mount)) {
            messages.warn("Left " + name(mount) + ": " + TreeDeleter.MOUNTED);
        }
    }

    /** How many entries could not be deleted. */
    long failures() {
        return failures;
    }

    /**
     * Looks at what is to go; no link is followed.
     *
     * @param also is shown everything that is seen
     * @return the bytes that its deletion frees, after all that was looked at before
     */
    long see(Path part, Predicate<CacheEntry> goes, Consumer<CacheEntry> also) {
        Seeing seeing = new Seeing(goes, also);
        if (isMounted(part)) {
            return 0;
        }
        try {
            CacheEntry entry = CacheEntry.of(part);
            if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
                seeing.directory(entry);
                CacheWalk.walk(part, seeing);
            } else {
                seeing.entry(entry);
            }
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            seeing.unreadable(part, e);
        }
        return seeing.bytes;
    }

    /** Remembers one entry that is to go. */
    long see(CacheEntry entry) {
        seen.add(entry);
        return freeable.add(entry);
    }

    private final class Seeing implements CacheWalk.Visitor {

        private final Predicate<CacheEntry> goes;
        private final Consumer<CacheEntry> also;
        private long bytes;

        Seeing(Predicate<CacheEntry> goes, Consumer<CacheEntry> also) {
            this.goes = goes;
            this.also = also;
        }

        @Override
        public void entry(CacheEntry entry) {
            also.accept(entry);
            if (goes.test(entry) && !isMounted(entry.path())) {
                bytes += see(entry);
            }
        }

        @Override
        public void directory(CacheEntry directory) {
            also.accept(directory);
        }

        @Override
        public boolean wants(CacheEntry directory) {
            return !isMounted(directory.path());
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // It is met again when it is to be deleted, and named then.
        }
    }

    /** Deletes what was seen of an entry. */
    long delete(Path root, Path entry) {
        return delete(root, entry, path -> false);
    }

    /**
     * Deletes what was seen of an entry, but for some of it.
     *
     * @param needed what turned out to be needed since then
     */
    long delete(Path root, Path entry, Predicate<Path> needed) {
        return delete(root, entry, new Judgement(needed, true, UnaryOperator.identity()));
    }

    /**
     * Deletes what was seen of an entry that libraries take for whole because it is there. A folder of which all goes
     * gets another name first, so that whatever stops in between leaves nothing that looks whole and is not. For the same
     * reason a folder stays as it is where something in it is new, was changed or can't be looked at.
     *
     * @param needed what stays whatever happens to the rest: then the folder is no whole, and all else goes
     */
    long deleteWhole(Path root, Path place, Predicate<Path> needed) {
        if (PartialFiles.isPartialFolder(place) || !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return delete(root, place, needed);
        }
        Wholeness wholeness = new Wholeness(needed);
        CacheWalk.walk(place, wholeness);
        if (wholeness.divided) {
            return delete(root, place, needed);
        }
        if (wholeness.obstacle.isPresent()) {
            failures += wholeness.unreadable ? 1 : 0;
            messages.warn("Left " + name(place) + ": " + wholeness.obstacle.get());
            return 0;
        }
        Optional<Path> aside = setAside(root, place);
        if (aside.isEmpty()) {
            return delete(root, place, needed);
        }
        Path leaving = aside.get();
        Judgement judgement = new Judgement(needed, true, path -> place.resolve(leaving.relativize(path)));
        long freed = delete(root, leaving, judgement);
        if (judgement.left()) {
            putBack(root, leaving, place);
        }
        return freed;
    }

    /** Sees whether all of a folder goes, and if not, why. */
    private final class Wholeness implements CacheWalk.Visitor {

        private final Predicate<Path> needed;
        private boolean divided;
        private boolean unreadable;
        private Optional<String> obstacle = Optional.empty();

        Wholeness(Predicate<Path> needed) {
            this.needed = needed;
        }

        @Override
        public void entry(CacheEntry entry) {
            if (needed.test(entry.path())) {
                divided = true;
            } else if (obstacle.isEmpty() && !seen.contains(entry)) {
                obstacle = Optional.of(name(entry.path()) + SINCE);
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            if (obstacle.isEmpty()) {
                unreadable = true;
                obstacle =
                        Optional.of(name(path) + " can't be looked at (" + TextSanitizer.text(reason.toString()) + ")");
            }
        }
    }

    private Optional<Path> setAside(Path root, Path place) {
        Path usual = PartialFiles.leaving(place);
        try {
            // The usual name is taken if a deletion was killed before.
            for (Path aside : List.of(usual, PartialFiles.unshared(usual))) {
                if (deleter.rename(root, place, aside)) {
                    return Optional.of(aside);
                }
            }
        } catch (IOException e) {
            messages.debug(String.valueOf(e.getMessage())); // it is met again by the deletion, and named then
        }
        return Optional.empty();
    }

    /** Something was written to it just now; whoever did that looks for it where it was. */
    private void putBack(Path root, Path leaving, Path place) {
        try {
            if (!deleter.rename(root, leaving, place)) {
                messages.warn("What stays of " + name(place) + " lies in " + name(leaving) + " now");
            }
        } catch (IOException e) {
            messages.warn(TextSanitizer.text(String.valueOf(e.getMessage())));
        }
    }

    /** Deletes what was seen in a folder in which much stays. */
    long deleteOnlySeen(Path root, Path folder, Predicate<Path> needed) {
        return delete(root, folder, new Judgement(needed, false, UnaryOperator.identity()));
    }

    private long delete(Path root, Path entry, Judgement judgement) {
        long freed = 0;
        try {
            freed = deleter.deleteJudged(root, entry, judgement);
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e); // the build is being stopped, and nothing more may go
        } catch (IOException e) {
            judgement.failed(e);
        }
        judgement.report();
        return freed;
    }

    /** Removes the folders above an entry that are empty now, up to the root, which stays. */
    void dropEmpty(Path root, Path entry) {
        Path above = entry.getParent();
        if (above == null || !above.startsWith(root)) {
            return;
        }
        try {
            deleter.deleteEmpty(root, above);
        } catch (IOException e) {
            messages.debug(String.valueOf(e.getMessage()));
        }
    }

    /** So many entries that are not named one by one. */
    static String moreEntries(long count) {
        return count + (count == 1 ? " more entry" : " more entries");
    }

    /** A path for people. */
    String name(Path path) {
        return TextSanitizer.text(Plan.name(projectRoot, path));
    }

    private final class Judgement implements TreeDeleter.Judge {

        private static final int NAMED = 5;

        private final Predicate<Path> needed;
        private final boolean names;
        private final UnaryOperator<Path> seenAs;
        private long changed;
        private long failed;
        private boolean left;

        Judgement(Predicate<Path> needed, boolean names, UnaryOperator<Path> seenAs) {
            this.needed = needed;
            this.names = names;
            this.seenAs = seenAs;
        }

        /** Whether something stayed that could have been deleted. */
        synchronized boolean left() {
            return left;
        }

        @Override
        public boolean goes(Path now, BasicFileAttributes attributes) {
            Path path = seenAs.apply(now);
            boolean goes = isToGo(path, attributes);
            if (!goes) {
                leave();
            }
            return goes;
        }

        @Override
        public boolean isKnownAlone(Path now, BasicFileAttributes attributes) {
            return seen.containsAlone(seenAs.apply(now), attributes);
        }

        @Override
        public void mounted(Path now) {
            nameMount(seenAs.apply(now));
            leave();
        }

        private synchronized void leave() {
            left = true;
        }

        private boolean isToGo(Path path, BasicFileAttributes attributes) {
            if (needed.test(path)) {
                return false;
            }
            if (seen.contains(path, attributes)) {
                beforeEach.run();
                return true;
            }
            if (names) {
                changed(path);
            }
            return false;
        }

        private synchronized void changed(Path path) {
            changed++;
            if (changed <= NAMED) {
                messages.warn("Left " + name(path) + ": it" + SINCE);
            }
        }

        @Override
        public synchronized void failed(IOException reason) {
            failures++;
            failed++;
            if (failed <= NAMED) {
                messages.warn(TextSanitizer.text(String.valueOf(reason.getMessage())));
            }
        }

        synchronized void report() {
            if (changed > NAMED) {
                messages.warn("Left " + moreEntries(changed - NAMED) + " that are new or were changed");
            }
            if (failed > NAMED) {
                messages.warn(moreEntries(failed - NAMED) + " could not be deleted");
            }
        }
    }
}
