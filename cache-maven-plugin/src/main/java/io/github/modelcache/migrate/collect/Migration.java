package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.huggingface.FlatTransformersCache;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.DirectoryGuard;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.MountedFolders;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.WeightFiles;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Imports models from {@link ExternalCaches} into the project's cache: all models of the project's own old folders, and the
 * declared and locked models of folders that other projects use. Files that are damaged, unknown or links out of their
 * folder are kept and named.
 */
public final class Migration {

    private static final int OTHERS_NAMED = 3;

    private final CacheConfig config;
    private final Path home;
    private final Layouts layouts;
    private final ExternalCaches caches;
    private final RequiredModels required;
    private final ContentDigests digests;
    private final Optional<Boolean> keepSource;
    private final SkippedReport notes;
    private final SkippedReport undeclared;
    private final TargetState targets;
    private final FileScanner files;
    private final MigrationExecutor executor;
    private final MigrationPlanner planner;
    private final OldFolders oldFolders;
    private final Set<Path> keptFolders = new HashSet<>();

    /**
     * An import into one project's cache.
     *
     * @param home the user's home folder
     * @param inherited the environment of the build
     * @param keepSource whether old folders keep their files; empty: only those that other projects use
     * @param operations changes the disk
     */
    public Migration(
            CacheConfig config,
            Path home,
            Map<String, String> inherited,
            Lock lock,
            ContentDigests digests,
            Optional<Boolean> keepSource,
            AtomicFileOperations operations,
            Messages messages) {
        this.config = config;
        this.home = home;
        this.layouts = new Layouts(config);
        this.caches = new ExternalCaches(config, home, inherited);
        this.required = new RequiredModels(config, lock);
        this.digests = digests;
        this.keepSource = keepSource;
        this.notes = new SkippedReport(config.projectRoot());
        this.undeclared = new SkippedReport(config.projectRoot());
        this.targets = new TargetState(digests);
        this.files = new FileScanner(digests, lock, targets, notes);
        this.executor = new MigrationExecutor(operations, digests, messages, notes);
        this.planner = new MigrationPlanner(targets, notes, executor);
        this.oldFolders = new OldFolders(notes, messages);
    }

    /**
     * Plans the import; called once.
     *
     * @throws IOException when a file can't be read, or a disk is too small
     */
    public MigrationPlan plan() throws IOException {
        List<Action> actions = new ArrayList<>();
        List<Path> old = new ArrayList<>();
        for (ExternalCache place : caches.places()) {
            if (place.path().startsWith(config.projectRoot()) && !isOurs(place)) {
                old.add(place.path());
            }
            boolean keep = keep(place);
            scan(place, keep).forEach(model -> actions.addAll(planner.planModel(model, keep, isMounted(model, keep))));
            if (!keep) {
                actions.addAll(oldFolders.leftovers(place, modelFolders(place), planner.deletedPaths()));
            }
            if (!keep && place.kind() == ExternalCache.Kind.HUB) {
                oldFolders
                        .store(place, planner.deletedPaths(), planner.storedBytes(place.path()))
                        .ifPresent(actions::add);
            }
        }
        List<FlatTransformersCache> flat = caches.flat(required.models());
        flat.forEach(cache -> notes.add(
                cache.folder(),
                "holds " + ByteSize.format(cache.bytes())
                        + " in the flat format of transformers up to 4.21, which can't be imported. Run"
                        + " mvn cache:download to fetch the declared models; then delete it: "
                        + cache.command()));
        if (!keepSource.orElse(false)) {
            caches.legacyFolder()
                    .flatMap(folder -> oldFolders.legacy(folder, planner.deletedPaths(), flat, keptFolders))
                    .ifPresent(actions::add);
        }
        planner.requireSpace();
        return planner.plan(actions, notes.lines(), undeclared.lines(), old);
    }

    /** The bytes copied. */
    public long copied() {
        return executor.copied();
    }

    /** The size of the duplicates that were deleted. */
    public long freed() {
        return executor.freed();
    }

    /** How many models were skipped. */
    public int failures() {
        return executor.failures();
    }

    /** Whether a model is on another mount than its folder: it is imported, and kept there. */
    private boolean isMounted(FoundModel model, boolean keep) {
        Optional<Path> mount = MountedFolders.in(model.place().path()).touching(model.source());
        mount.filter(point -> !keep).ifPresent(point -> {
            keptFolders.add(model.source());
            notes.addOnce(point, "is kept: " + TreeDeleter.MOUNTED);
        });
        return mount.isPresent();
    }

    /** Whether a folder is in the project's cache, where other files may be models of {@code url:} references. */
    private boolean isOurs(ExternalCache place) {
        Path path = place.path();
        return path.equals(config.baseDir()) || config.roots().stream().anyMatch(root -> path.startsWith(root.path()));
    }

    private boolean onlyDeclared(ExternalCache place) {
        return place.shared() || (place.kind() != ExternalCache.Kind.HUB && isOurs(place));
    }

    private boolean keep(ExternalCache place) {
        if (keepSource.orElse(place.shared())) {
            return true;
        }
        try {
            DirectoryGuard.requireDeletable(place.path(), config.projectRoot(), home);
            return false;
        } catch (UnsafeRootException e) {
            notes.add(place.path(), "is kept: " + e.getMessage());
            return true;
        }
    }

    private List<FoundModel> scan(ExternalCache place, boolean keep) {
        List<FoundModel> models = new ArrayList<>();
        Map<Path, ModelReference> found;
        try {
            found = onlyDeclared(place) ? declared(place) : all(place);
            if (place.shared()) {
                reportUndeclared(place, found.keySet());
            }
        } catch (IOException e) {
            notes.add(place.path(), "is kept: it can't be read (" + IoErrors.message(e, place.path()) + ")");
            return models;
        }
        for (Map.Entry<Path, ModelReference> entry : found.entrySet()) {
            try {
                scan(place, entry.getValue(), entry.getKey(), keep).ifPresent(models::add);
            } catch (IOException e) {
                notes.add(entry.getKey(), "is kept: it can't be read (" + IoErrors.message(e, entry.getKey()) + ")");
            }
        }
        return models;
    }

    private void reportUndeclared(ExternalCache place, Set<Path> declared) throws IOException {
        Map<Path, ModelReference> others = all(place);
        others.keySet().removeAll(declared);
        if (!others.isEmpty()) {
            undeclared.add(
                    place.path(),
                    "holds " + TextSanitizer.text(Words.some(others.values(), OTHERS_NAMED))
                            + ", which this project does not declare. To import one, add it to cache.models and run"
                            + " mvn cache:migrate again");
        }
    }

    /** The folders of models that may be, or were, imported. */
    private Collection<Path> modelFolders(ExternalCache place) {
        try {
            return onlyDeclared(place)
                    ? declared(place).keySet()
                    : place.found().values();
        } catch (IOException e) {
            return List.of(); // reported before
        }
    }

    private Map<Path, ModelReference> declared(ExternalCache place) {
        Map<Path, ModelReference> found = new TreeMap<>();
        for (ModelReference model : required.models()) {
            for (Path path : place.of(model)) {
                if (Files.exists(path) && !required.isLockedPlace(path)) {
                    found.put(path, model);
                }
            }
        }
        return found;
    }

    private Map<Path, ModelReference> all(ExternalCache place) throws IOException {
        Map<Path, ModelReference> found = new TreeMap<>();
        place.found().forEach((model, path) -> {
            // Only a folder that torch could load is a model.
            boolean loadable = switch (model.scheme()) {
                case "torchhub" -> Files.isRegularFile(path.resolve("hubconf.py"));
                case "torch" -> WeightFiles.is(path.getFileName().toString());
                default -> true;
            };
            if (loadable) {
                found.put(path, model);
            }
        });
        // Downloads lock a checkpoint by its declared URL; the file name has only the end of it.
        declared(place).forEach(found::replace);
        return found;
    }

    private Optional<FoundModel> scan(ExternalCache place, ModelReference model, Path source, boolean keep)
            throws IOException {
        Layout root = layouts.find(model).orElseThrow();
        Path processLock = root.processLock(model);
        Path target = root.root().resolve(source.getFileName());
        if (Files.isSymbolicLink(source)) {
            notes.add(source, "is kept: it is a link, to " + Files.readSymbolicLink(source));
            return Optional.empty();
        }
        if (place.kind() == ExternalCache.Kind.HUB) {
            boolean part = place.shared() && keep;
            Optional<RequiredModels.Selection> selection = part ? required.selection(model, source) : Optional.empty();
            if (part && selection.isEmpty()) {
                return Optional.empty(); // it has only other revisions
            }
            return new HubScanner(
                            place, model, source, target, selection, required.locked(model), digests, targets, notes)
                    .scan(processLock);
        }
        return root.isOneFilePerModel()
                ? files.file(place, model, source, target, processLock, root)
                : files.repository(place, model, source, target, processLock, required.locked(model));
    }
}
