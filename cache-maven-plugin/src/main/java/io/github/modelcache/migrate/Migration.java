package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.io.DirectoryGuard;
import io.github.modelcache.io.DiskSpace;
import io.github.modelcache.io.FileRelay;
import io.github.modelcache.io.TreeDeleter;
import io.github.modelcache.io.UnsafeRootException;
import io.github.modelcache.layout.FilesLayout;
import io.github.modelcache.layout.HubPlaces;
import io.github.modelcache.layout.Layout;
import io.github.modelcache.layout.Layouts;
import io.github.modelcache.layout.PlatformFiles;
import io.github.modelcache.layout.ScatteredCaches;
import io.github.modelcache.layout.ScatteredPlace;
import io.github.modelcache.layout.TorchHubLayout;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.WeightFiles;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers models from the places of {@link ScatteredCaches} in the project's roots. From the project's own old places it
 * takes every model, from those that other projects read too the ones that this project declares or has locked. What is
 * damaged, unknown or leads out of its place stays, and is named.
 */
public final class Migration {

    /** A partial file younger than this belongs to a download that runs. */
    private static final Duration BUSY = Duration.ofMinutes(10);

    private static final String STORE_MARKER = ".huggingface-shared-blobs";

    private final CacheConfig config;
    private final Path home;
    private final Layouts layouts;
    private final ScatteredCaches caches;
    private final Wanted wanted;
    private final ContentDigests digests;
    private final Optional<Boolean> keepSource;
    private final Notes notes;
    private final Targets targets;
    private final FileLook files;
    private final Bringing bringing;
    private final List<Action> actions = new ArrayList<>();
    private final Set<Path> accounted = new HashSet<>();
    private final Set<Path> plannedLinks = new HashSet<>();
    private final Set<ModelReference> models = new HashSet<>();
    private long bytes;
    private long copyBytes;
    private long twiceBytes;

    /**
     * A migration of one project.
     *
     * @param home the user's home folder
     * @param inherited the environment that the build itself runs in
     * @param keepSource whether old places keep what they have; empty: only those that other projects read too
     * @param relay changes the disk
     */
    public Migration(
            CacheConfig config,
            Path home,
            Map<String, String> inherited,
            Lock lock,
            ContentDigests digests,
            Optional<Boolean> keepSource,
            FileRelay relay,
            Messages messages) {
        this.config = config;
        this.home = home;
        this.layouts = new Layouts(config);
        this.caches = new ScatteredCaches(config, home, inherited);
        this.wanted = new Wanted(config, lock);
        this.digests = digests;
        this.keepSource = keepSource;
        this.notes = new Notes(config.projectRoot());
        this.targets = new Targets(digests);
        this.files = new FileLook(digests, lock, targets, notes);
        this.bringing = new Bringing(relay, digests, messages, notes);
    }

    /**
     * Looks at every place and decides; called once.
     *
     * @throws IOException when something can't be read that must be, or a disk has not room enough
     */
    public MigrationPlan plan() throws IOException {
        List<Path> old = new ArrayList<>();
        for (ScatteredPlace place : caches.places()) {
            if (place.path().startsWith(config.projectRoot()) && !isInRoot(place.path())) {
                old.add(place.path());
            }
            plan(place, keep(place));
        }
        dropLegacy();
        requireRoom();
        return new MigrationPlan(new Plan(actions), models.size(), bytes, copyBytes, twiceBytes, notes.lines(), old);
    }

    /** Bytes that the run has copied. */
    public long copied() {
        return bringing.copied();
    }

    /** Bytes that were stored twice, and are not any more. */
    public long freed() {
        return bringing.freed();
    }

    /** How many models the run had to leave where they were. */
    public int failures() {
        return bringing.failures();
    }

    private boolean isInRoot(Path path) {
        return config.roots().stream().anyMatch(root -> path.startsWith(root.path()));
    }

    private boolean keep(ScatteredPlace place) {
        if (keepSource.orElse(place.shared())) {
            return true;
        }
        try {
            DirectoryGuard.requireDeletable(place.path(), config.projectRoot(), home);
            return false;
        } catch (UnsafeRootException e) {
            notes.add(place.path(), "keeps what it has: " + e.getMessage());
            return true;
        }
    }

    private void plan(ScatteredPlace place, boolean keep) throws IOException {
        Map<Path, ModelReference> found;
        try {
            found = place.shared() ? declared(place) : all(place);
        } catch (IOException e) {
            notes.add(place.path(), "can't be looked at (" + e.getMessage() + "), so it stays");
            return;
        }
        for (Map.Entry<Path, ModelReference> entry : found.entrySet()) {
            try {
                look(place, entry.getValue(), entry.getKey(), keep).ifPresent(find -> decide(find, keep));
            } catch (IOException e) {
                notes.add(entry.getKey(), "stays: it can't be read (" + e.getMessage() + ")");
            }
        }
        if (!keep && place.kind() == ScatteredPlace.Kind.HUB) {
            dropStore(place);
        }
    }

    private Map<Path, ModelReference> declared(ScatteredPlace place) {
        Map<Path, ModelReference> found = new TreeMap<>();
        for (ModelReference model : wanted.models()) {
            for (Path path : place.of(model)) {
                if (Files.exists(path)) {
                    found.put(path, model);
                }
            }
        }
        return found;
    }

    private static Map<Path, ModelReference> all(ScatteredPlace place) throws IOException {
        Map<Path, ModelReference> found = new TreeMap<>();
        place.found().forEach((model, path) -> {
            // A folder of such a name is torch's only if torch could load it.
            boolean taken = switch (model.scheme()) {
                case "torchhub" -> Files.isRegularFile(path.resolve("hubconf.py"));
                case "torch" -> WeightFiles.is(path.getFileName().toString());
                default -> true;
            };
            if (taken) {
                found.put(path, model);
            }
        });
        return found;
    }

    private Optional<Find> look(ScatteredPlace place, ModelReference model, Path source, boolean keep)
            throws IOException {
        Layout root = layouts.find(model).orElseThrow();
        Path processLock = root.processLock(model);
        Path target = root.root().resolve(source.getFileName());
        if (Files.isSymbolicLink(source)) {
            notes.add(source, "stays: it is a link, to " + Files.readSymbolicLink(source));
            return Optional.empty();
        }
        if (place.kind() == ScatteredPlace.Kind.HUB) {
            boolean part = place.shared() && keep;
            Optional<Wanted.Selection> selection = part ? wanted.selection(model, source) : Optional.empty();
            if (part && selection.isEmpty()) {
                return Optional.empty(); // it has other revisions only
            }
            return new HubLook(place, model, source, target, selection, digests, targets, notes)
                    .look(wanted.locked(model), processLock, Instant.now().minus(BUSY));
        }
        if (root instanceof TorchHubLayout) {
            return files.repository(place, model, source, target, processLock, wanted.locked(model));
        }
        return root instanceof FilesLayout naming
                ? files.file(place, model, source, target, processLock, naming)
                : Optional.empty();
    }

    /** What becomes of a find, given what the roots will hold by then. */
    private void decide(Find find, boolean keep) {
        try {
            boolean sameDisk = Targets.device(find.source()).equals(Targets.device(find.target()));
            if (!keep && find.whole() && sameDisk && targets.free(find.target())) {
                add(
                        find,
                        new Action.Move(
                                find.target(), notes.name(find.source()), find.bytes(), () -> bringing.move(find)));
                bytes += find.bytes();
                targets.coming(find);
                accounted.addAll(find.goes());
            } else {
                merge(find, keep, sameDisk);
            }
        } catch (IOException e) {
            notes.add(find.source(), "stays: it can't be compared with what the project has (" + e.getMessage() + ")");
        }
    }

    private void merge(Find find, boolean keep, boolean sameDisk) throws IOException {
        List<Piece> missing = new ArrayList<>();
        List<Piece> shared = new ArrayList<>();
        List<Piece> conflicts = new ArrayList<>();
        Set<Path> twice = new HashSet<>();
        for (Piece piece : find.pieces()) {
            switch (targets.state(piece)) {
                case ABSENT -> missing.add(piece);
                case SAME -> {
                    twice.add(piece.source());
                    if (keep && sameDisk && mayShare(piece)) {
                        shared.add(piece);
                    }
                }
                case OTHER -> (piece.known() ? missing : conflicts).add(piece);
                case ITSELF -> {} // nothing to bring
            }
        }
        for (Piece piece : conflicts) {
            notes.add(
                    piece.source(),
                    "stays: the project has another content in " + notes.name(piece.target())
                            + ", and nobody can tell which is right; delete the one that you don't need");
        }
        Find rest = without(find, conflicts);
        if (!missing.isEmpty() || !shared.isEmpty() || lacksLinks(rest)) {
            add(rest, bring(rest, missing, shared, sameDisk));
        }
        twiceBytes += size(shared);
        targets.coming(rest);
        if (!keep && Bringing.isTheProjectsOwn(rest)) {
            notes.add(rest.source(), "stays: the project's cache links to it");
        } else if (!keep && !rest.goes().isEmpty()) {
            long again = rest.pieces().stream()
                    .filter(piece -> twice.contains(piece.source()))
                    .mapToLong(Piece::size)
                    .sum();
            twiceBytes += again;
            accounted.addAll(rest.goes());
            String why = missing.isEmpty() ? "stored twice" : "is in the project's cache by then";
            add(rest, new Action.Delete(rest.source(), rest.bytes(), why, () -> bringing.free(rest, twice)));
        }
    }

    /** What does not clash is brought; the old place then stays as it is. */
    private static Find without(Find find, List<Piece> conflicts) {
        if (conflicts.isEmpty()) {
            return find;
        }
        List<Piece> pieces = find.pieces().stream()
                .filter(piece -> !conflicts.contains(piece))
                .toList();
        Set<Path> taken = new HashSet<>();
        conflicts.forEach(piece -> taken.add(piece.target()));
        List<Find.LinkTo> links = find.links().stream()
                .filter(link -> !taken.contains(link.blob()))
                .toList();
        return new Find(
                find.place(),
                find.model(),
                find.source(),
                find.target(),
                find.processLock(),
                pieces,
                links,
                find.refs(),
                List.of(),
                false,
                find.folder());
    }

    /** Whether two equal files may become one: nobody writes into them, and they are one person's. */
    private boolean mayShare(Piece piece) throws IOException {
        Path other = targets.origin(piece);
        if (!piece.shareable() || !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return Files.getOwner(piece.source()).equals(Files.getOwner(other));
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private boolean lacksLinks(Find find) throws IOException {
        for (Find.LinkTo link : find.links()) {
            if (!targets.present(link.link()) && !planned(link.link())) {
                return true;
            }
        }
        for (Find.Ref ref : find.refs()) {
            boolean snapshot = targets.presentFolder(ref.snapshot());
            boolean there = Files.exists(ref.file(), LinkOption.NOFOLLOW_LINKS);
            boolean right = there
                    && Files.isRegularFile(ref.file())
                    && Files.size(ref.file()) == ref.commit().length()
                    && Files.readString(ref.file()).equals(ref.commit());
            if (snapshot && (ref.wins() ? !right : !there) && !planned(ref.file())) {
                return true;
            }
        }
        return false;
    }

    private boolean planned(Path link) {
        return plannedLinks.contains(link);
    }

    private Action bring(Find find, List<Piece> missing, List<Piece> shared, boolean sameDisk) {
        long size = size(missing);
        long copies = missing.stream()
                .filter(piece -> !sameDisk || !piece.shareable())
                .mapToLong(Piece::size)
                .sum();
        bytes += size;
        copyBytes += copies;
        String how;
        if (missing.isEmpty()) {
            how = shared.isEmpty() ? "links only" : ByteSize.format(size(shared)) + " stored twice become one file";
        } else if (copies == 0) {
            how = "hard links, no byte is copied";
        } else {
            how = copies == size ? "copied" : ByteSize.format(copies) + " copied, the rest hard links";
        }
        return new Action.Copy(
                find.target(), notes.name(find.source()), size, how, () -> bringing.bring(find, missing, shared));
    }

    private static long size(List<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::size).sum();
    }

    private void add(Find find, Action action) {
        actions.add(action);
        models.add(find.model());
        find.links().forEach(link -> plannedLinks.add(link.link()));
        find.refs().forEach(ref -> plannedLinks.add(ref.file()));
    }

    /** The store of an old hub cache goes when no repository is left that could need it. */
    private void dropStore(ScatteredPlace place) throws IOException {
        Path store = HubPlaces.blobs(place.path());
        if (!Files.isRegularFile(store.resolve(STORE_MARKER), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> stored = below(store);
        if (hasOthers(place)) {
            notes.add(store, "stays: repositories that stay may need it");
            return;
        }
        accounted.addAll(stored);
        actions.add(new Action.Delete(store, 0, "no repository needs it by then", () -> {
            boolean needed = !place.found().isEmpty();
            return needed ? 0 : new TreeDeleter().deleteTree(place.path(), store, path -> false);
        }));
    }

    private boolean hasOthers(ScatteredPlace place) throws IOException {
        for (Path repository : place.found().values()) {
            for (Path file : below(repository)) {
                if (!accounted.contains(file)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The legacy folder itself, if nothing is left in it by then. */
    private void dropLegacy() throws IOException {
        Optional<Path> legacy = caches.legacyFolder();
        if (legacy.isEmpty() || Files.isSymbolicLink(legacy.get()) || keepSource.orElse(false)) {
            return;
        }
        List<Path> others = below(legacy.get()).stream()
                .filter(path -> !accounted.contains(path) && !isBookkeeping(path))
                .toList();
        if (others.isEmpty()) {
            actions.add(new Action.Delete(legacy.get(), 0, "empty by then", () -> drop(legacy.get())));
        } else {
            notes.addAll(others, "stays: it is no model that this plugin takes");
        }
    }

    private static boolean isBookkeeping(Path path) {
        return PlatformFiles.is(String.valueOf(path.getFileName())) || Layout.isLock(path);
    }

    private long drop(Path legacy) throws IOException {
        if (!below(legacy).stream().allMatch(Migration::isBookkeeping)) {
            return 0; // something stayed, which was said
        }
        long freed = new TreeDeleter().deleteTree(legacy, legacy, path -> false);
        Files.deleteIfExists(legacy);
        return freed;
    }

    /** Everything below a folder that is no folder; links are not followed. */
    private static List<Path> below(Path folder) {
        List<Path> found = new ArrayList<>();
        CacheWalk.walk(folder, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                found.add(entry.path());
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                found.add(path);
            }
        });
        return found;
    }

    private void requireRoom() throws IOException {
        long usable = DiskSpace.usable(config.baseDir());
        if (copyBytes > usable) {
            throw new IOException("No space left on device for what has to be copied: "
                    + ByteSize.format(copyBytes) + " into " + config.baseDir() + ", which has "
                    + ByteSize.format(usable) + ". Nothing was changed");
        }
    }
}
