package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.DirectoryGuard;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.process.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Moves the whole model cache to another disk and leaves a link, or brings it back. The old place is freed last. A note
 * in the new place lets a later run finish what a stopped one began.
 */
public final class CacheMove implements Closeable {

    /** A program that goes on writing into the old place ends that. */
    private static final int MOST_PASSES = 3;

    private final CacheConfig config;
    private final Path home;
    private final Lock lock;
    private final AtomicFileOperations relay;
    private final Messages messages;
    private final Path base;
    private final Path late;
    private final MovePlaces places;
    private final ExpectedDigests known;
    private final PartialDownloads parts;
    private final List<ProcessLock> held = new ArrayList<>();
    private Optional<Path> renamedFrom = Optional.empty();
    private Optional<TreeCopy> copy = Optional.empty();

    /**
     * A move of one project's cache.
     *
     * @param home the user's home folder
     * @param relay changes the disk
     */
    public CacheMove(CacheConfig config, Path home, Lock lock, AtomicFileOperations relay, Messages messages) {
        this.config = config;
        this.home = home;
        this.lock = lock;
        this.relay = relay;
        this.messages = messages;
        this.base = config.baseDir();
        this.places = new MovePlaces(config, home);
        this.known = new ExpectedDigests(config, lock);
        this.parts = new PartialDownloads(config, lock);
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
        places.requireFit(to, from, marker.isPresent());
        boolean link = Files.isSymbolicLink(base);
        if (!link) {
            MovePlaces.requireReplaceable(base);
        }
        List<Action> actions = unfinished(from);
        if (isReplaced(marker, from)) {
            requireDecided(from, to);
            return link
                    ? withFree(to, marker, Optional.of(from), List.of(link(to)))
                    : withFree(to, marker, Optional.of(late), List.of(setAside(to), link(to)));
        }
        Path old = link ? from : PartialFiles.beside(base, "old", Optional.empty());
        TreeCopy made = new TreeCopy(from, to, new MovedLinks(from, MovePlaces.real(to), base), parts, relay);
        long bytes = TreeCopy.bytes(from);
        if (sameDisk(from, to) && marker.isEmpty()) {
            actions.add(new Action.Move(to, name(from), bytes, () -> renameOrCopy(made, to, old)));
            actions.add(link(to));
            actions.add(finish(to, old));
            return actions;
        }
        requireOurs(made, marker);
        MovePlaces.requireLinks(from, to);
        MovePlaces.requireRoom(made, to);
        actions.add(new Action.Copy(to, name(from), bytes, "copied and read again", () -> copyAll(made, to, old)));
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
            if (marker.filter(MoveMarker::whole).isEmpty()) {
                return withFree(base, ours(base), Optional.empty(), List.of());
            }
            requireDecided(base, staged);
            return withFree(base, marker, Optional.of(late), List.of(setAside(staged), show(staged)));
        }
        Path from = base.toRealPath();
        places.requireMovable(from, base);
        if (isReplaced(marker, from)) {
            requireDecided(from, staged);
            return withFree(base, marker, Optional.of(from), List.of(show(staged)));
        }
        List<Action> actions = unfinished(from);
        TreeCopy made = new TreeCopy(from, staged, new MovedLinks(from, base, base), parts, relay);
        long bytes = TreeCopy.bytes(from);
        if (sameDisk(from, staged) && marker.isEmpty()) {
            actions.add(new Action.Move(base, name(from), bytes, () -> {
                long moved = renameOrCopy(made, staged, from);
                swap(staged);
                return moved;
            }));
            actions.add(finish(base, from));
            return actions;
        }
        requireOurs(made, marker);
        MovePlaces.requireRoom(made, staged);
        actions.add(
                new Action.Copy(base, name(from), bytes, "copied and read again", () -> copyAll(made, staged, from)));
        actions.add(show(staged));
        actions.add(free(base, from, bytes));
        return actions;
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

    /** What a run that was stopped once the cache was where it is now has left to do; it comes first. */
    private List<Action> unfinished(Path from) throws IOException {
        Optional<MoveMarker> marker = ours(from);
        return marker.filter(MoveMarker::whole).isPresent()
                ? withFree(from, marker, Optional.empty(), List.of())
                : new ArrayList<>();
    }

    /** A copy that was begun may have got company since. */
    private static void requireOurs(TreeCopy made, Optional<MoveMarker> marker) throws IOException {
        if (marker.isPresent() && !marker.get().whole()) {
            made.requireNoStrangers();
        }
    }

    /** Refuses to choose between two contents of one name, before anything is changed. */
    private void requireDecided(Path newer, Path whole) throws IOException {
        new LeftoverReconciler(newer, whole, base, Optional.empty(), known, parts, relay).better();
    }

    /** Puts a cache that was made since away, so that the whole one can take its place. */
    private Action setAside(Path whole) {
        return new Action.Move(late, name(base), 0, () -> {
            hold();
            take(late, whole, Optional.empty()); // of a run that was stopped here
            relay.rename(base, late);
            return 0;
        });
    }

    /**
     * What stopped runs left of old places, after the other actions.
     *
     * @param newer a cache that was made since the move was begun
     */
    private List<Action> withFree(Path at, Optional<MoveMarker> marker, Optional<Path> newer, List<Action> first)
            throws IOException {
        List<Action> actions = new ArrayList<>(first);
        Optional<Path> aside = marker.isPresent() && Files.isDirectory(late, LinkOption.NOFOLLOW_LINKS)
                ? newer.or(() -> Optional.of(late))
                : newer;
        aside.ifPresent(path -> actions.add(
                new Action.Delete(path, 0, "is in its new place by then", () -> take(path, at, Optional.empty()))));
        Optional<Path> old = marker.flatMap(MoveMarker::old).map(Path::of);
        if (old.isPresent()) {
            actions.add(MoveMarker.isOldPlace(old.get(), base) ? free(at, old.get(), -1) : leave(at, old.get()));
        } else if (marker.isPresent()) {
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

    private static boolean sameDisk(Path from, Path to) throws IOException {
        return TargetState.device(from).isPresent() && TargetState.areOnOneMount(from, to);
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
        Set<Path> files = new HashSet<>();
        for (ModelReference model : new RequiredModels(config, lock).models()) {
            Optional<Path> file = layouts.find(model).map(layout -> layout.processLock(model));
            if (file.isPresent() && file.get().startsWith(base) && files.add(file.get())) {
                held.add(ProcessLock.acquire(
                        file.get(), () -> messages.info("Waiting for another build that fetches " + model)));
            }
        }
    }

    /** The same where a cache is that is about to be replaced; nothing is created where none is. */
    private void holdCurrent() throws IOException {
        if (Files.isDirectory(base)) {
            hold();
        }
    }

    /** The layers of an overlay look like one mount, and only the attempt shows whether a folder can be renamed. */
    private long renameOrCopy(TreeCopy made, Path to, Path old) throws IOException {
        Path from = made.source();
        hold();
        MoveMarker.renamed(base, from).write(from, relay);
        try {
            relay.rename(from, to);
        } catch (AtomicMoveNotSupportedException e) {
            MoveMarker.delete(from, relay);
            MovePlaces.requireRoom(made, to);
            messages.info(name(from) + " can't be renamed (" + e.getReason() + "), so it is copied");
            return copyAll(made, to, old);
        }
        renamedFrom = Optional.of(from);
        return 0;
    }

    /** Before the first byte: a disk may turn out to have no links only when one is made. */
    private void requireLinks(Path from, Path to) throws IOException {
        if (!TreeCopy.hasLinks(from)) {
            return;
        }
        boolean there = Files.isDirectory(to);
        Files.createDirectories(to);
        if (!relay.canLink(MoveMarker.probe(to))) {
            if (!there) {
                Files.deleteIfExists(to);
            }
            throw new IOException(MovePlaces.noLinks(to));
        }
    }

    /** Whoever downloads into a cache goes on in its old place after it was copied. */
    private void begin(Path from) throws IOException {
        hold();
        parts.requireIdle(from);
    }

    /** The same once it is copied, which may have taken hours. */
    private void requireIdle() throws IOException {
        if (copy.isPresent()) {
            parts.requireIdle(copy.get().source());
        }
    }

    private long copyAll(TreeCopy made, Path to, Path old) throws IOException {
        begin(made.source());
        requireLinks(made.source(), to);
        Files.createDirectories(to);
        boolean whole = ours(to).filter(MoveMarker::whole).isPresent();
        if (!whole) {
            MoveMarker.begun(base).write(to, relay);
        }
        long bytes = made.run(!whole);
        copy = Optional.of(made);
        noteOld(made.source());
        MoveMarker.copied(base, old).write(to, relay);
        return bytes;
    }

    /** Without this note the old place is never deleted. */
    private void noteOld(Path from) throws IOException {
        WritableDirectories opened = new WritableDirectories();
        opened.open(from);
        opened.open(from.resolve(MoveMarker.FOLDER));
        try {
            MoveMarker.writeOld(from, base, relay);
        } catch (FileSystemException e) {
            messages.debug(from + " can't be written to: " + e.getMessage());
        }
        opened.close();
    }

    private Action link(Path to) {
        return new Action.Link(base, to, () -> {
            holdCurrent();
            requireIdle();
            boolean folder = Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS);
            Path old = PartialFiles.beside(base, "old", Optional.empty());
            if (folder) {
                putAside(old, to);
            }
            try {
                relay.symbolicLink(base, PartialFiles.beside(base, "link", Optional.empty()), to);
            } catch (IOException | RuntimeException e) {
                undo(to, folder ? Optional.of(old) : Optional.empty(), e);
                throw e;
            }
            return 0;
        });
    }

    /** A folder in a lower layer of an overlay can't be renamed: it is emptied where it is. */
    private void putAside(Path old, Path to) throws IOException {
        try {
            relay.rename(base, old);
        } catch (AtomicMoveNotSupportedException e) {
            if (copy.isEmpty() || !relay.canLink(PartialFiles.beside(base, "link", Optional.empty()))) {
                throw e;
            }
            take(base, to, copied());
        }
    }

    /** Where no link can be made, the cache stays where it was. */
    private void undo(Path to, Optional<Path> old, Exception failure) {
        try {
            if (old.isPresent() && Files.isDirectory(old.get(), LinkOption.NOFOLLOW_LINKS)) {
                relay.rename(old.get(), base);
            } else if (renamedFrom.isPresent()) {
                relay.rename(to, renamedFrom.get());
                MoveMarker.delete(renamedFrom.get(), relay);
            }
            if (Files.isDirectory(base)) {
                MoveMarker.deleteOld(base.toRealPath(), relay);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private Action show(Path staged) {
        return new Action.Move(base, name(staged), 0, () -> {
            holdCurrent();
            requireIdle();
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
        return new Action.Delete(old, Math.max(bytes, 0), "is in its new place by then", () -> freeNow(at, old));
    }

    private long freeNow(Path at, Path old) throws IOException {
        if (!MoveMarker.isOldPlace(old, base)) {
            return left(at, old);
        }
        long freed = take(old, at, copied());
        MoveMarker.delete(at, relay);
        return freed;
    }

    private Optional<LeftoverReconciler.Copied> copied() {
        return Optional.of(
                (below, stamp) -> copy.map(made -> made.hasCopied(below, stamp)).orElse(false));
    }

    /** Ends a move whose old place is somebody else's by now. */
    private Action leave(Path at, Path old) {
        return new Action.Delete(
                MoveMarker.in(at),
                0,
                "the move is done; " + old + " may be another cache by now and stays",
                () -> left(at, old));
    }

    private long left(Path at, Path old) throws IOException {
        messages.warn(old + " stays: it does not say that it was copied to " + at
                + ", so it may be another cache by now." + " If nobody needs it, delete it by hand");
        MoveMarker.delete(at, relay);
        return 0;
    }

    /**
     * Brings what the old place alone has, or has better, and frees it.
     *
     * @param copied what of it was copied by this run; empty for another cache
     */
    private long take(Path old, Path at, Optional<LeftoverReconciler.Copied> copied) throws IOException {
        if (!Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        DirectoryGuard.requireDeletable(old, config.projectRoot(), home);
        if (old.toRealPath().equals(at.toRealPath())) {
            throw new IOException(old + " is the new place itself; nothing is deleted");
        }
        LeftoverReconciler remains = new LeftoverReconciler(old, at, base, copied, known, parts, relay);
        Optional<Path> unseen = Optional.empty();
        long freed = 0;
        for (int pass = 0; pass == 0 || (pass < MOST_PASSES && unseen.isPresent()); pass++) {
            Fingerprints seen = remains.bring();
            new WritableDirectories().openAll(old);
            OldCacheDeleter emptying = new OldCacheDeleter(old, seen, relay);
            freed += emptying.run();
            unseen = emptying.unseen();
        }
        if (unseen.isPresent()) {
            throw new IOException("programs go on writing into " + old + ", such as " + unseen.get()
                    + ", so it stays; stop them and run mvn cache:migrate again, which brings what they wrote");
        }
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
            relink(at);
            MoveMarker.delete(at, relay);
            return 0;
        });
    }

    /** The same; but what could not be renamed was copied, and its old place has to be freed. */
    private Action finish(Path at, Path old) {
        Action renamed = finish(at);
        return new Action.Delete(
                MoveMarker.in(at),
                0,
                "the move is done by then",
                () -> copy.isPresent() ? freeNow(at, old) : renamed.run());
    }

    /** Links to the name that the folder had before it was renamed lead to the new one. */
    private void relink(Path at) throws IOException {
        Optional<Path> was = MoveMarker.read(at).flatMap(MoveMarker::was).map(Path::of);
        if (was.isEmpty() || was.get().equals(base)) {
            return;
        }
        MovedLinks links = new MovedLinks(was.get(), at.equals(base) ? base : at.toRealPath(), base);
        WritableDirectories opened = new WritableDirectories();
        for (CacheEntry entry : TreeCopy.entries(at)) {
            if (entry.kind() == CacheEntry.Kind.LINK && !PartialFiles.isPartial(entry.path())) {
                Path text = links.text(entry.path());
                if (!text.equals(Files.readSymbolicLink(entry.path()))) {
                    opened.open(entry.path().resolveSibling(".").normalize());
                    relay.symbolicLink(entry.path(), PartialFiles.beside(entry.path(), "move", Optional.empty()), text);
                }
            }
        }
        opened.close();
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
