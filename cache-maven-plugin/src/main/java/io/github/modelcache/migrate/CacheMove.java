package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.io.DirectoryGuard;
import io.github.modelcache.io.DiskSpace;
import io.github.modelcache.io.FileRelay;
import io.github.modelcache.io.ProcessLock;
import io.github.modelcache.io.UnsafeRootException;
import io.github.modelcache.layout.Layouts;
import io.github.modelcache.layout.PartialFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves the whole model cache to another disk and leaves a link, or brings it back. The old place is freed last. A note
 * in the new place lets a later run finish what a stopped one began.
 */
public final class CacheMove implements Closeable {

    private final CacheConfig config;
    private final Path home;
    private final Lock lock;
    private final FileRelay relay;
    private final Messages messages;
    private final Path base;
    private final Path late;
    private final List<ProcessLock> held = new ArrayList<>();
    private Optional<Path> renamedFrom = Optional.empty();

    /**
     * A move of one project's cache.
     *
     * @param home the user's home folder
     * @param relay changes the disk
     */
    public CacheMove(CacheConfig config, Path home, Lock lock, FileRelay relay, Messages messages) {
        this.config = config;
        this.home = home;
        this.lock = lock;
        this.relay = relay;
        this.messages = messages;
        this.base = config.baseDir();
        this.late = PartialFiles.beside(base, "late", Optional.empty());
    }

    /**
     * What is to be done, or left to be done.
     *
     * @param to the new folder; the base folder itself to bring the cache back
     * @throws IllegalArgumentException when the folder is no place for this cache
     * @throws IOException when the disks can't be read, or the new one has not room enough
     */
    public Plan plan(Path to) throws IOException {
        return new Plan(to.equals(base) ? back() : away(to));
    }

    private List<Action> away(Path to) throws IOException {
        Optional<MoveMarker> marker = ours(to);
        if (!Files.exists(base)) {
            requireCopied(marker, to);
            return withFree(to, marker, Optional.empty(), List.of(link(to)));
        }
        Path from = base.toRealPath();
        if (Files.exists(to) && Files.isSymbolicLink(base) && to.toRealPath().equals(from)) {
            return withFree(to, marker, Optional.empty(), List.of());
        }
        requireFit(to, from, marker.isPresent());
        List<Action> actions = new ArrayList<>();
        boolean link = Files.isSymbolicLink(base);
        if (isReplaced(marker, from)) {
            return link
                    ? withFree(to, marker, Optional.of(from), List.of(link(to)))
                    : withFree(to, marker, Optional.of(late), List.of(setAside(to), link(to)));
        }
        if (sameDisk(from, to) && marker.isEmpty()) {
            actions.add(new Action.Move(to, name(from), copy(from, to).bytes(), () -> rename(from, to)));
            actions.add(link(to));
            actions.add(finish(to));
            return actions;
        }
        Path old = link ? from : PartialFiles.beside(base, "old", Optional.empty());
        long bytes = requireRoom(from, to);
        actions.add(new Action.Copy(to, name(from), bytes, "copied and read again", () -> copyAll(from, to, old)));
        actions.add(link(to));
        actions.add(free(to, old, bytes));
        return actions;
    }

    private List<Action> back() throws IOException {
        Path staged = PartialFiles.beside(base, "back", Optional.empty());
        Optional<MoveMarker> marker = ours(staged);
        if (!Files.exists(base)) {
            requireCopied(marker, staged);
            return withFree(base, marker, Optional.empty(), List.of(show(staged)));
        }
        if (!Files.isSymbolicLink(base)) {
            return marker.filter(MoveMarker::whole).isPresent()
                    ? withFree(base, marker, Optional.of(late), List.of(setAside(staged), show(staged)))
                    : withFree(base, ours(base), Optional.empty(), List.of());
        }
        Path from = base.toRealPath();
        requireMovable(from, base);
        if (isReplaced(marker, from)) {
            return withFree(base, marker, Optional.of(from), List.of(show(staged)));
        }
        List<Action> actions = new ArrayList<>();
        if (sameDisk(from, staged) && marker.isEmpty()) {
            actions.add(new Action.Move(base, name(from), copy(from, staged).bytes(), () -> {
                long bytes = rename(from, staged);
                swap(staged);
                return bytes;
            }));
            actions.add(finish(base));
            return actions;
        }
        long bytes = requireRoom(from, staged);
        actions.add(
                new Action.Copy(base, name(from), bytes, "copied and read again", () -> copyAll(from, staged, from)));
        actions.add(show(staged));
        actions.add(free(base, from, bytes));
        return actions;
    }

    private TreeCopy copy(Path from, Path to) {
        return new TreeCopy(from, to, relay);
    }

    /**
     * Whether the cache is whole in its new place already, and what lies at the old one was made since then: a build that
     * ran after a move was stopped makes an empty cache.
     */
    private boolean isReplaced(Optional<MoveMarker> marker, Path from) {
        if (marker.isEmpty() || !marker.get().whole()) {
            return false;
        }
        Optional<Path> old = marker.get().old().map(Path::of);
        boolean original =
                old.isPresent() && (old.get().equals(from) || !Files.isDirectory(old.get(), LinkOption.NOFOLLOW_LINKS));
        return !original;
    }

    /** Puts a cache that was made since away, so that the whole one can take its place. */
    private Action setAside(Path whole) {
        return new Action.Move(late, name(base), 0, () -> {
            hold();
            take(late, whole); // of a run that was stopped here
            relay.rename(base, late);
            return 0;
        });
    }

    /**
     * What stopped runs left of old places, after the other actions.
     *
     * @param newer a cache that was made since the move was begun
     */
    private List<Action> withFree(Path at, Optional<MoveMarker> marker, Optional<Path> newer, List<Action> first) {
        List<Action> actions = new ArrayList<>(first);
        Optional<Path> aside = marker.isPresent() && Files.isDirectory(late, LinkOption.NOFOLLOW_LINKS)
                ? newer.or(() -> Optional.of(late))
                : newer;
        aside.ifPresent(
                path -> actions.add(new Action.Delete(path, 0, "is in its new place by then", () -> take(path, at))));
        marker.flatMap(MoveMarker::old).map(Path::of).ifPresent(old -> actions.add(free(at, old, -1)));
        if (marker.isPresent() && marker.get().old().isEmpty()) {
            actions.add(finish(at));
        }
        return actions;
    }

    private void requireCopied(Optional<MoveMarker> marker, Path to) {
        if (marker.isEmpty() || !marker.get().whole()) {
            throw new IllegalArgumentException("there is no model cache in " + base
                    + (Files.isSymbolicLink(base) ? ", which is a link that leads nowhere" : "")
                    + ", so none can be moved to " + to + "; run mvn cache:init");
        }
    }

    /** The note in a folder that an earlier run moved this cache to. */
    private Optional<MoveMarker> ours(Path to) throws IOException {
        return MoveMarker.read(to).filter(marker -> marker.isFor(base));
    }

    private void requireFit(Path to, Path from, boolean begun) throws IOException {
        String what = "cache.migrate.to is " + to + ", but ";
        try {
            DirectoryGuard.requireDeletable(to, config.projectRoot(), home);
        } catch (UnsafeRootException e) {
            throw new IllegalArgumentException(what + e.getMessage(), e);
        }
        Path realTo = real(to);
        if (realTo.startsWith(from) || from.startsWith(realTo)) {
            throw new IllegalArgumentException(
                    what + "it and the cache " + from + " lie in each other; name another folder");
        }
        for (CacheRoot root : config.roots()) {
            if (!root.path().startsWith(base)
                    && (to.startsWith(root.path()) || root.path().startsWith(to))) {
                throw new IllegalArgumentException(
                        what + "the " + root.name() + " cache lies there; name a folder for the model cache alone");
            }
        }
        if (Files.exists(to) && !Files.isDirectory(to)) {
            throw new IllegalArgumentException(what + "that is a file; name a folder that is empty or not there");
        }
        if (Files.isDirectory(to) && !begun && !isEmpty(to)) {
            throw new IllegalArgumentException(
                    what + "that folder is not empty; name one that is empty or not there, such as "
                            + to.resolve("model-cache"));
        }
        requireMovable(from, to);
    }

    private void requireMovable(Path from, Path to) throws IOException {
        try {
            DirectoryGuard.requireDeletable(from, config.projectRoot(), home);
        } catch (UnsafeRootException e) {
            throw new IllegalArgumentException("the model cache " + from + " can't be moved: " + e.getMessage(), e);
        }
        Optional<Path> homeless = copy(from, to).homelessLink();
        if (homeless.isPresent()) {
            throw new IllegalArgumentException(homeless.get() + " leads out of the cache by a relative path, and would"
                    + " lead elsewhere from " + to + "; make it an absolute link first");
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            return !children.iterator().hasNext();
        }
    }

    private static Path real(Path path) throws IOException {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    }

    private static boolean sameDisk(Path from, Path to) throws IOException {
        Optional<Long> device = Targets.device(from);
        return device.isPresent() && device.equals(Targets.device(to));
    }

    private long requireRoom(Path from, Path to) throws IOException {
        long missing = copy(from, to).missingBytes();
        long usable = DiskSpace.usable(to);
        if (missing > usable) {
            throw new IOException("No space left on device for the model cache: " + ByteSize.format(missing)
                    + " are to be copied to " + to + ", which has " + ByteSize.format(usable)
                    + ". Nothing was changed");
        }
        return copy(from, to).bytes();
    }

    private String name(Path path) {
        return Plan.name(config.projectRoot(), path);
    }

    /** Downloads of the models that this project knows must not run meanwhile. */
    private void hold() throws IOException {
        if (!held.isEmpty()) {
            return;
        }
        Layouts layouts = new Layouts(config);
        for (ModelReference model : new Wanted(config, lock).models()) {
            Optional<Path> file = layouts.find(model).map(layout -> layout.processLock(model));
            if (file.isPresent() && file.get().startsWith(base)) {
                held.add(ProcessLock.acquire(
                        file.get(), () -> messages.info("Waiting for another build that fetches " + model)));
            }
        }
    }

    private long rename(Path from, Path to) throws IOException {
        hold();
        MoveMarker.renamed(base).write(from, relay);
        relay.rename(from, to);
        renamedFrom = Optional.of(from);
        return 0;
    }

    private long copyAll(Path from, Path to, Path old) throws IOException {
        hold();
        Files.createDirectories(to);
        boolean whole = ours(to).filter(MoveMarker::whole).isPresent();
        if (!whole) {
            MoveMarker.begun(base).write(to, relay);
        }
        long bytes = copy(from, to).run(!whole);
        MoveMarker.copied(base, old).write(to, relay);
        return bytes;
    }

    private Action link(Path to) {
        return new Action.Link(base, to, () -> {
            boolean folder = Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS);
            Path old = PartialFiles.beside(base, "old", Optional.empty());
            if (folder) {
                relay.rename(base, old);
            }
            try {
                relay.symbolicLink(base, to);
            } catch (IOException | RuntimeException e) {
                undo(to, folder ? Optional.of(old) : Optional.empty(), e);
                throw e;
            }
            return 0;
        });
    }

    /** Where no link can be made, the cache stays where it was. */
    private void undo(Path to, Optional<Path> old, Exception failure) {
        try {
            if (old.isPresent()) {
                relay.rename(old.get(), base);
            } else if (renamedFrom.isPresent()) {
                relay.rename(to, renamedFrom.get());
                MoveMarker.delete(renamedFrom.get(), relay);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private Action show(Path staged) {
        return new Action.Move(base, name(staged), 0, () -> {
            swap(staged);
            return 0;
        });
    }

    /** A folder can't take the place of a link in one step; the note in the folder tells the next run. */
    private void swap(Path staged) throws IOException {
        if (Files.isSymbolicLink(base)) {
            relay.delete(base.resolveSibling(".").normalize(), base);
        }
        relay.rename(staged, base);
    }

    private Action free(Path at, Path old, long bytes) {
        return new Action.Delete(old, Math.max(bytes, 0), "is in its new place by then", () -> {
            long freed = take(old, at);
            MoveMarker.delete(at, relay);
            return freed;
        });
    }

    /** Brings what only the old place has, and frees it. */
    private long take(Path old, Path at) throws IOException {
        if (!Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        DirectoryGuard.requireDeletable(old, config.projectRoot(), home);
        if (old.toRealPath().equals(at.toRealPath())) {
            throw new IOException(old + " is the new place itself; nothing is deleted");
        }
        copy(old, at).addLate();
        long freed = relay.deleteAll(old);
        dropFolder(old);
        return freed;
    }

    private void dropFolder(Path old) {
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            // A mount point, say, or a folder in one that others own.
            messages.debug(old + " is empty and stays: " + e.getMessage());
        }
    }

    private Action finish(Path at) {
        return new Action.Delete(MoveMarker.in(at), 0, "the move is done by then", () -> {
            MoveMarker.delete(at, relay);
            return 0;
        });
    }

    /** Lets downloads go on. */
    @Override
    public void close() throws IOException {
        for (ProcessLock one : held) {
            one.close();
        }
        held.clear();
    }
}
