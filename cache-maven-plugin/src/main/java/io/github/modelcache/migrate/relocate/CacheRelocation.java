package io.github.modelcache.migrate.relocate;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.Volume;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.process.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Moves the whole model cache to another folder and leaves a link, or moves it back. The cache is renamed, or copied to
 * another disk; then the base folder is switched; the old folder is deleted last. A marker in the new folder lets the next
 * run finish an interrupted one.
 */
public final class CacheRelocation implements Closeable {

    private final CacheConfig config;
    private final Lock lock;
    private final AtomicFileOperations operations;
    private final Messages messages;
    private final Path base;
    private final Path aside; // the old base folder, until it is deleted
    private final Path staged; // the cache that replaces the link to it
    private final Path newLink; // the link that replaces the base folder
    private final RelocationChecks checks;
    private final PartialDownloads partials;
    private final List<ProcessLock> held = new ArrayList<>();

    /**
     * Relocates one project's cache.
     *
     * @param home the user's home folder
     * @param operations changes the disk
     */
    public CacheRelocation(
            CacheConfig config, Path home, Lock lock, AtomicFileOperations operations, Messages messages) {
        this.config = config;
        this.lock = lock;
        this.operations = operations;
        this.messages = messages;
        this.base = config.baseDir();
        this.aside = PartialFiles.beside(base, "old", Optional.empty());
        this.staged = PartialFiles.beside(base, "back", Optional.empty());
        this.newLink = PartialFiles.beside(base, "link", Optional.empty());
        this.checks = new RelocationChecks(config, home);
        this.partials = new PartialDownloads(config, lock);
    }

    /**
     * Plans a relocation, or the rest of an interrupted one.
     *
     * @param to the new folder; the base folder itself to move the cache back
     * @throws IllegalArgumentException when the cache can't be relocated to this folder
     * @throws IOException when a disk can't be read, or the new one is too small
     */
    public Plan plan(Path to) throws IOException {
        boolean back = to.equals(base);
        Path target = back ? staged : to;
        Optional<RelocationMarker> marker = RelocationMarker.read(target, base);
        boolean complete = marker.filter(RelocationMarker::complete).isPresent();
        if (back ? isFolder(base) && !complete : isLinkTo(to)) {
            return new Plan(unfinished(to, to));
        }
        if (!Files.exists(base) && !complete) {
            throw new IllegalArgumentException("there is no model cache in " + base
                    + (Files.isSymbolicLink(base) ? ", which is a broken link" : "") + "; run mvn cache:init");
        }
        Optional<Path> from = Files.exists(base) ? Optional.of(base.toRealPath()) : Optional.empty();
        if (complete && (from.isEmpty() || !isOriginal(marker.get(), from.get()))) {
            return new Plan(resumed(target, to, from));
        }
        return new Plan(relocated(from.orElseThrow(), target, to, marker.isPresent()));
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isLinkTo(Path to) throws IOException {
        return Files.isSymbolicLink(base)
                && Files.exists(base)
                && Files.exists(to)
                && base.toRealPath().equals(to.toRealPath());
    }

    /** Whether a cache is the one that was copied, and not a new one that a build created after an interrupted run. */
    private boolean isOriginal(RelocationMarker marker, Path from) {
        Optional<Path> old = marker.old();
        return old.equals(Optional.of(from))
                || (old.equals(Optional.of(aside)) && isFolder(base) && !Files.exists(aside));
    }

    /** The target has the whole cache already. */
    private List<Action> resumed(Path target, Path to, Optional<Path> newer) throws IOException {
        List<Action> actions = new ArrayList<>();
        if (newer.isPresent()) {
            checks.requireMovable(newer.get());
            new OldCacheDeleter(newer.get(), target, partials, operations).requireCopied();
            actions.add(
                    new Action.Delete(newer.get(), 0, "all of it is in " + target, () -> delete(newer.get(), target)));
        }
        actions.add(switched(target, to, false));
        actions.addAll(unfinished(target, to));
        return actions;
    }

    private List<Action> relocated(Path from, Path target, Path to, boolean begun) throws IOException {
        boolean link = Files.isSymbolicLink(base);
        if (!to.equals(base)) {
            checks.requireTarget(to, from, begun);
        }
        if (!link) {
            checks.requireReplaceable();
        }
        checks.requireMovable(from);
        List<Action> actions = new ArrayList<>(unfinished(from, from));
        Path old = link ? from : aside;
        TreeCopier copier = new TreeCopier(from, target, partials, operations);
        long bytes = TreeCopier.bytes(from);
        if (!begun && Volume.device(from).isPresent() && Volume.isSame(from, target)) {
            actions.add(new Action.Move(to, name(from), bytes, () -> renameOrCopy(copier, target, to, old)));
            actions.add(switched(target, to, true));
        } else {
            checks.requireCopyable(copier, target, to);
            actions.add(new Action.Copy(
                    to, name(from), bytes, "copied and read again", () -> copy(copier, target, to, old)));
            actions.add(switched(target, to, false));
            actions.add(new Action.Delete(old, bytes, "all of it is in " + to, () -> finish(to)));
        }
        return actions;
    }

    /**
     * What an interrupted run left to do after the base folder was switched.
     *
     * @param now where the marker is now
     * @param then where it will be
     */
    private List<Action> unfinished(Path now, Path then) throws IOException {
        Optional<RelocationMarker> marker = RelocationMarker.read(now, base);
        Path deleted = marker.flatMap(RelocationMarker::old).orElse(RelocationMarker.file(then));
        return marker.isEmpty()
                ? List.of()
                : List.of(new Action.Delete(deleted, 0, "an earlier run left it", () -> finish(then)));
    }

    private String name(Path path) {
        return Plan.name(config.projectRoot(), path);
    }

    /** Keeps other builds from fetching into the cache, or refuses if one does. */
    private void hold() throws IOException {
        if (!held.isEmpty() || !Files.isDirectory(base)) {
            return;
        }
        Set<ModelReference> models = new TreeSet<>();
        lock.models().forEach(model -> models.add(model.reference()));
        config.models().forEach(declaration -> models.add(declaration.reference()));
        Layouts layouts = new Layouts(config);
        Set<Path> files = new HashSet<>();
        for (ModelReference model : models) {
            Optional<Path> file = layouts.find(model)
                    .map(layout -> layout.processLock(model))
                    .filter(path -> path.startsWith(base) && files.add(path));
            if (file.isPresent()) {
                held.add(ProcessLock.tryShutOut(file.get())
                        .orElseThrow(() -> new IOException("The cache is in use: another build is fetching " + model
                                + ". Run mvn cache:migrate again when it has finished")));
            }
        }
    }

    /** The layers of an overlay look like one disk, so only the attempt shows whether a folder can be renamed. */
    private long renameOrCopy(TreeCopier copier, Path target, Path to, Path old) throws IOException {
        Path from = copier.source();
        hold();
        partials.requireIdle(from);
        if (!to.equals(base)) {
            createLink(to);
        }
        RelocationMarker.renamed(base).write(from, operations);
        try {
            operations.rename(from, target);
            return 0;
        } catch (AtomicMoveNotSupportedException e) {
            RelocationMarker.delete(from, operations);
            messages.info(name(from) + " can't be renamed (" + e.getReason() + "), so it is copied");
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteQuietly(newLink, e);
            throw e;
        }
        checks.requireCopyable(copier, target, to);
        return copy(copier, target, to, old);
    }

    private long copy(TreeCopier copier, Path target, Path to, Path old) throws IOException {
        hold();
        partials.requireIdle(copier.source());
        boolean created = !Files.exists(target);
        Files.createDirectories(target);
        if (RelocationChecks.hasLinks(copier.source()) && !operations.canLink(RelocationMarker.probe(target))) {
            if (created) {
                Files.delete(target);
            }
            throw RelocationChecks.noLinks(to);
        }
        RelocationMarker.begun(base).write(target, operations);
        long bytes = copier.run();
        RelocationMarker.copied(base, old).write(target, operations);
        return bytes;
    }

    /** Lets the base folder lead to the new one, or be it. */
    private Action switched(Path target, Path to, boolean last) {
        Action.Step step = () -> {
            hold();
            if (to.equals(base)) {
                moveToBase();
            } else {
                linkBase(to);
            }
            return last ? finish(to) : 0;
        };
        return to.equals(base) ? new Action.Move(base, name(target), 0, step) : new Action.Link(base, to, step);
    }

    /** A folder can't replace a link in one step. */
    private void moveToBase() throws IOException {
        if (Files.isSymbolicLink(base)) {
            operations.delete(base.resolveSibling(".").normalize(), base);
        }
        operations.rename(staged, base);
    }

    private void linkBase(Path to) throws IOException {
        createLink(to);
        if (isFolder(base)) {
            try {
                operations.rename(base, aside);
            } catch (AtomicMoveNotSupportedException e) {
                delete(base, to); // a folder in a lower layer of an overlay can only be emptied
            }
        }
        operations.rename(newLink, base);
    }

    /** Creates the link under another name first, because the disk may refuse it. */
    private void createLink(Path to) throws IOException {
        operations.symbolicLink(newLink, PartialFiles.beside(newLink, "link", Optional.empty()), to);
    }

    /** Deletes the old folder, then the marker. */
    private long finish(Path at) throws IOException {
        Optional<Path> old = RelocationMarker.read(at, base).flatMap(RelocationMarker::old);
        long freed = old.isPresent() ? delete(old.get(), at) : 0;
        RelocationMarker.delete(at, operations);
        return freed;
    }

    private long delete(Path old, Path current) throws IOException {
        if (!isFolder(old)) {
            return 0;
        }
        checks.requireDeletable(old);
        if (old.toRealPath().equals(current.toRealPath())) {
            throw new IOException(old + " is the current folder of the cache; nothing was deleted");
        }
        hold();
        return new OldCacheDeleter(old, current, partials, operations).run();
    }

    /** Lets other builds fetch again. */
    @Override
    public void close() throws IOException {
        for (ProcessLock one : held) {
            one.close();
        }
        held.clear();
    }
}
