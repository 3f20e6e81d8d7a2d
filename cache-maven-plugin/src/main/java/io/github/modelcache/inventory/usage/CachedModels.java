package io.github.modelcache.inventory.usage;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.catalog.LibraryLocations;
import io.github.modelcache.catalog.LibraryPlaces;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The models and other entries of the model roots, without their sizes. */
public final class CachedModels {

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;
    private final Set<ModelReference> declared;
    private final Map<Path, ResolvedModel> lockedPlaces = new HashMap<>();
    private final LibraryPlaces libraryPlaces;
    private final Set<ModelReference> open;
    private final Consumer<String> left;

    public CachedModels(CacheConfig config, Lock lock) {
        this(config, lock, message -> {});
    }

    /**
     * The cached models of one project.
     *
     * @param left receives a message for each skipped folder
     */
    public CachedModels(CacheConfig config, Lock lock, Consumer<String> left) {
        this.left = left;
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
        this.libraryPlaces = new LibraryPlaces(config, lock);
        List<ModelDeclaration> wanted = lock.withDependencies(config.models());
        this.declared = references(wanted.stream());
        this.open = references(
                wanted.stream().filter(model -> lock.find(model.version()).isEmpty()));
        for (ResolvedModel model : lock.models()) {
            layouts.find(model.reference())
                    .ifPresent(layout -> lockedPlaces.merge(layout.place(model), model, ResolvedModel::with));
        }
    }

    private static Set<ModelReference> references(Stream<ModelDeclaration> models) {
        return models.map(ModelDeclaration::reference).collect(Collectors.toSet());
    }

    /** The declared models and their dependencies. */
    public Set<ModelReference> declared() {
        return Set.copyOf(declared);
    }

    /** The entries of one root: models first, then entries that no layout knows. Locks, tags and tokens are left out. */
    public List<CachedModel> of(CacheRoot root) throws IOException {
        List<CachedModel> all = new ArrayList<>();
        Set<Path> taken = new HashSet<>();
        Set<Path> kept = new HashSet<>();
        for (Layout layout : layouts.all()) {
            if (layout.root().startsWith(root.path())) {
                kept.addAll(layout.kept());
                kept.addAll(unreadable(layout));
                known(layout, root, kept, taken, all);
            }
        }
        ofLibraries(root, taken, all);
        taken.addAll(kept);
        if (Files.isDirectory(root.path())) {
            Set<Path> above = above(taken, root.path());
            above.addAll(above(Set.of(djlRepository().resolve("any")), root.path()));
            for (Path rest : rest(root.path(), above, taken)) {
                all.add(cachedModel(DeletableUnit.unknown(rest), root, Optional.empty()));
            }
        }
        return all;
    }

    /** What libraries look for by their own names: a second name for files of locked models. */
    private void ofLibraries(CacheRoot root, Set<Path> taken, List<CachedModel> all) {
        libraryPlaces.units().forEach((place, model) -> {
            if (place.startsWith(root.path()) && taken.add(place) && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                all.add(new CachedModel(
                        DeletableUnit.of(model.reference(), place),
                        root.path(),
                        Optional.empty(),
                        Optional.of(model.reference()),
                        Optional.of(model),
                        true));
            }
        });
    }

    private Path djlRepository() {
        return new LibraryLocations(config).djlRepository();
    }

    /**
     * Whether it is neither locked nor declared without a lock entry. An entry that no layout knows is unused only in the
     * folder of the plugin's own models, and where DJL keeps what it fetches from its model zoo.
     */
    public boolean isUnused(CachedModel cached) {
        boolean known = cached.layout().isPresent()
                || cached.root().equals(config.modelsHome())
                || cached.unit().place().startsWith(djlRepository());
        boolean unresolved = cached.model().filter(open::contains).isPresent();
        return known && cached.locked().isEmpty() && !unresolved && !isBegun(cached) && !isElsewhere(cached);
    }

    /** Whether a link leads to it, so that it lies outside of its root. Nothing is deleted there. */
    public boolean isElsewhere(CachedModel cached) {
        for (Path above = cached.unit().place().getParent();
                above != null && above.startsWith(cached.root()) && !above.equals(cached.root());
                above = above.getParent()) {
            if (!isRealFolder(above)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the lock file pins any revision of its model. */
    public boolean isPinned(CachedModel cached) {
        return cached.model().filter(model -> !lock.versions(model).isEmpty()).isPresent();
    }

    /** Whether it is a started download of a declared model: a repository without a revision. */
    private boolean isBegun(CachedModel cached) {
        boolean bare = cached.unit().repository().isPresent()
                && cached.unit().revision().isEmpty();
        return bare && (cached.declared() || isPinned(cached));
    }

    private List<Path> unreadable(Layout layout) throws IOException {
        List<Path> unreadable = layout.unreadable();
        unreadable.forEach(folder -> left.accept(
                TextSanitizer.text("Kept " + folder + ": it can't be read; make it readable, then try again")));
        return unreadable;
    }

    private void known(Layout layout, CacheRoot root, Set<Path> kept, Set<Path> taken, List<CachedModel> all)
            throws IOException {
        List<DeletableUnit> units = new ArrayList<>(layout.units());
        for (Map.Entry<Path, ResolvedModel> locked : lockedPlaces.entrySet()) {
            ResolvedModel model = locked.getValue();
            boolean here = layouts.find(model.reference()).equals(Optional.of(layout));
            boolean found = units.stream().anyMatch(unit -> unit.place().equals(locked.getKey()));
            boolean stays = kept.stream().anyMatch(locked.getKey()::startsWith);
            if (here && !found && !stays && Files.exists(locked.getKey(), LinkOption.NOFOLLOW_LINKS)) {
                units.add(DeletableUnit.of(model.reference(), locked.getKey()));
            }
        }
        units.sort(Comparator.comparing(DeletableUnit::place));
        for (DeletableUnit unit : units) {
            taken.add(unit.repository().orElse(unit.place()));
            if (unit.repository().isEmpty()) {
                taken.addAll(unit.parts());
            }
            all.add(cachedModel(unit, root, Optional.of(layout)));
        }
    }

    private CachedModel cachedModel(DeletableUnit unit, CacheRoot root, Optional<Layout> layout) {
        Optional<ResolvedModel> locked = Optional.ofNullable(lockedPlaces.get(unit.place()))
                .filter(model ->
                        unit.revision().isEmpty() || unit.revision().get().equals(model.revision()));
        Optional<ModelReference> model = locked.map(ResolvedModel::reference).or(unit::model);
        return new CachedModel(
                unit,
                root.path(),
                layout,
                model,
                locked,
                model.filter(declared::contains).isPresent());
    }

    /** The folders above these places, which can't be deleted as a whole. */
    private static Set<Path> above(Set<Path> places, Path root) {
        Set<Path> above = new HashSet<>();
        for (Path place : places) {
            Path folder = place.getParent();
            while (folder != null && folder.startsWith(root) && above.add(folder)) {
                folder = folder.getParent();
            }
        }
        return above;
    }

    private List<Path> rest(Path folder, Set<Path> above, Set<Path> taken) {
        List<Path> rest = new ArrayList<>();
        for (Path entry : entries(folder)) {
            if (taken.contains(entry) || isOurs(entry)) {
                continue;
            }
            boolean onTheWay = above.contains(entry);
            if (isRealFolder(entry) && (onTheWay || holdsLocks(entry))) {
                rest.addAll(rest(entry, above, taken));
            } else if (onTheWay && Files.isDirectory(entry)) {
                left.accept(TextSanitizer.text("Kept " + entry
                        + ": it is a link to models outside of the cache; delete them there, or delete the link"));
            } else {
                rest.add(entry);
            }
        }
        return rest;
    }

    private List<Path> entries(Path folder) {
        try {
            return FolderListing.of(folder);
        } catch (IOException e) {
            left.accept(TextSanitizer.text(
                    "Kept " + folder + ": it can't be read (" + e + "); make it readable, then try again"));
            return List.of();
        }
    }

    private static boolean isRealFolder(Path path) {
        try {
            return CacheEntry.of(path).kind() == CacheEntry.Kind.DIRECTORY;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lock files are kept: a build that waits for one has it open, and the next build would lock another file. */
    private static boolean isOurs(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.equals(Layout.LOCKS) || name.equals(CacheDirTag.NAME) || PlatformFiles.isFolder(name);
    }

    private static boolean holdsLocks(Path entry) {
        return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                && (Files.exists(entry.resolve(Layout.LOCKS), LinkOption.NOFOLLOW_LINKS)
                        || Files.exists(entry.resolve(CacheDirTag.NAME), LinkOption.NOFOLLOW_LINKS));
    }
}
