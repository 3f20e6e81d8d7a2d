package io.github.modelcache.clean;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Deletes the entries of a plan, except those that are new or changed since the plan was made. Names what it keeps. */
final class SafeDeleter {

    private static final String CHANGED = " is new, or was changed, since the plan was made";
    private static final int NAMED = 5;

    private final PlannedEntries planned;
    private final Messages messages;
    private final Runnable beforeEach;
    private final TreeDeleter trees = new TreeDeleter();
    private long failures;

    SafeDeleter(PlannedEntries planned, Messages messages, Runnable beforeEach) {
        this.planned = planned;
        this.messages = messages;
        this.beforeEach = beforeEach;
    }

    PlannedEntries planned() {
        return planned;
    }

    /** How many entries could not be deleted. */
    long failures() {
        return failures;
    }

    /** Deletes the planned entries of a file or folder. */
    long delete(Path root, Path entry) {
        return delete(root, entry, path -> false);
    }

    /** Deletes the planned entries of a file or folder, except those that are needed now. */
    long delete(Path root, Path entry, Predicate<Path> needed) {
        return delete(root, entry, new Judgement(needed, true, UnaryOperator.identity()));
    }

    /** Deletes the planned entries of a folder, and does not name the others. */
    long deleteOnlyPlanned(Path root, Path folder, Predicate<Path> needed) {
        return delete(root, folder, new Judgement(needed, false, UnaryOperator.identity()));
    }

    private long delete(Path root, Path entry, Judgement judgement) {
        long freed = 0;
        try {
            freed = trees.deleteJudged(root, entry, judgement);
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e); // the build is being stopped
        } catch (IOException e) {
            judgement.failed(e);
        }
        judgement.report();
        return freed;
    }

    /**
     * Deletes a folder whose existence tells libraries that a model is complete. It is renamed first, so that an
     * interrupted run leaves no incomplete folder under this name. A folder that has changed is kept.
     *
     * @param needed entries that are kept in any case; a folder with such entries is not renamed
     */
    long deleteWhole(Path root, Path folder, Predicate<Path> needed) {
        if (PartialFiles.isPartialFolder(folder) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return delete(root, folder, needed);
        }
        Changes changes = new Changes(needed);
        CacheWalk.walk(folder, changes);
        if (!changes.needed && changes.found.isPresent()) {
            failures += changes.unreadable ? 1 : 0;
            planned.kept(folder, changes.found.get());
            return 0;
        }
        Optional<Path> renamed = changes.needed ? Optional.empty() : rename(root, folder);
        if (renamed.isEmpty()) {
            return delete(root, folder, needed);
        }
        Path other = renamed.get();
        Judgement judgement = new Judgement(needed, true, path -> folder.resolve(other.relativize(path)));
        long freed = delete(root, other, judgement);
        if (judgement.keptAny()) {
            renameBack(root, other, folder);
        }
        return freed;
    }

    /** Finds what keeps a folder from being deleted as a whole. */
    private final class Changes implements CacheWalk.Visitor {

        private final Predicate<Path> isNeeded;
        private boolean needed;
        private boolean unreadable;
        private Optional<String> found = Optional.empty();

        Changes(Predicate<Path> isNeeded) {
            this.isNeeded = isNeeded;
        }

        @Override
        public void entry(CacheEntry entry) {
            if (isNeeded.test(entry.path())) {
                needed = true;
            } else if (found.isEmpty() && !planned.contains(entry)) {
                found = Optional.of(planned.name(entry.path()) + CHANGED);
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            if (found.isEmpty()) {
                unreadable = true;
                found = Optional.of(
                        planned.name(path) + " can't be read (" + TextSanitizer.text(reason.toString()) + ")");
            }
        }
    }

    private Optional<Path> rename(Path root, Path folder) {
        Path usual = PartialFiles.leaving(folder);
        try {
            for (Path other :
                    List.of(usual, PartialFiles.unshared(usual))) { // an interrupted run may have used the first
                if (trees.rename(root, folder, other)) {
                    return Optional.of(other);
                }
            }
        } catch (IOException e) {
            messages.debug(String.valueOf(e.getMessage())); // the deletion names it
        }
        return Optional.empty();
    }

    /** A program has written to the folder meanwhile, and looks for it under its name. */
    private void renameBack(Path root, Path renamed, Path folder) {
        try {
            if (!trees.rename(root, renamed, folder)) {
                messages.warn("The rest of " + planned.name(folder) + " is now in " + planned.name(renamed));
            }
        } catch (IOException e) {
            messages.warn(TextSanitizer.text(String.valueOf(e.getMessage())));
        }
    }

    /** Deletes the empty folders above an entry, but not the root. */
    void deleteEmptyParents(Path root, Path entry) {
        Path parent = entry.getParent();
        if (parent == null || !parent.startsWith(root)) {
            return;
        }
        try {
            trees.deleteEmpty(root, parent);
        } catch (IOException e) {
            messages.debug(String.valueOf(e.getMessage()));
        }
    }

    private final class Judgement implements TreeDeleter.Judge {

        private final Predicate<Path> needed;
        private final boolean names;
        private final UnaryOperator<Path> plannedAs;
        private long changed;
        private long failed;
        private boolean keptAny;

        /**
         * Judges one deletion.
         *
         * @param names whether changed entries are named
         * @param plannedAs the path of an entry when the deletion was planned
         */
        Judgement(Predicate<Path> needed, boolean names, UnaryOperator<Path> plannedAs) {
            this.needed = needed;
            this.names = names;
            this.plannedAs = plannedAs;
        }

        synchronized boolean keptAny() {
            return keptAny;
        }

        @Override
        public boolean shouldDelete(Path now, BasicFileAttributes attributes) {
            Path path = plannedAs.apply(now);
            boolean isNeeded = needed.test(path);
            if (!isNeeded && planned.contains(path, attributes)) {
                beforeEach.run();
                return true;
            }
            keep(path, names && !isNeeded);
            return false;
        }

        private synchronized void keep(Path path, boolean named) {
            keptAny = true;
            changed += named ? 1 : 0;
            if (named && changed <= NAMED) {
                planned.kept(path, "it" + CHANGED);
            }
        }

        @Override
        public boolean isKnownAlone(Path now, BasicFileAttributes attributes) {
            return planned.containsAlone(plannedAs.apply(now), attributes);
        }

        @Override
        public void mounted(Path now) {
            planned.nameMount(plannedAs.apply(now));
            keep(now, false);
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
                messages.warn("Kept " + Words.count(changed - NAMED, "more entry")
                        + (changed - NAMED == 1 ? " that is new or was changed" : " that are new or were changed"));
            }
            if (failed > NAMED) {
                messages.warn(Words.count(failed - NAMED, "more entry") + " could not be deleted");
            }
        }
    }
}
