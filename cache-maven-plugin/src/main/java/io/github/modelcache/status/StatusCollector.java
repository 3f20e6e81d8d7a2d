package io.github.modelcache.status;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheUsage;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.io.Digest;
import io.github.modelcache.layout.Layout;
import io.github.modelcache.layout.Layouts;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at the cache and writes nothing. */
public final class StatusCollector {

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;

    /** A look at the caches of one project. */
    public StatusCollector(CacheConfig config, Lock lock) {
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
    }

    /**
     * What is there.
     *
     * @throws IOException when a model's file can't be looked at
     */
    public CacheStatus collect() throws IOException {
        CacheUsage total = new CacheUsage();
        List<CacheStatus.Root> roots = new ArrayList<>();
        for (CacheRoot root : config.roots()) {
            roots.add(root(root, total));
        }
        List<CacheStatus.Model> models = models();
        models.sort(
                Comparator.comparingLong(CacheStatus.Model::bytes).reversed().thenComparing(CacheStatus.Model::model));
        return new CacheStatus(
                config.projectRoot(),
                config.present(),
                roots,
                models,
                total.bytes(),
                total.files(),
                config.warnBytes(),
                config.maxBytes());
    }

    private static CacheStatus.Root root(CacheRoot root, CacheUsage total) {
        RootTotals totals = new RootTotals(total);
        CacheWalk.walk(root.path(), totals);
        return new CacheStatus.Root(
                root.name(), root.kind(), root.path(), Files.isDirectory(root.path()), totals.bytes, totals.files);
    }

    private static final class RootTotals implements CacheWalk.Visitor {

        private final CacheUsage total;
        private long bytes;
        private long files;

        RootTotals(CacheUsage total) {
            this.total = total;
        }

        @Override
        public void entry(CacheEntry entry) {
            if (Layout.isLock(entry.path())) {
                return; // empty, and nothing that anybody put into the cache
            }
            long before = total.files();
            bytes += total.add(entry);
            files += total.files() - before;
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // Its size can't be known; verify reports it.
        }
    }

    /** Adds up a model's contents: those below its folder, and those that its links lead to elsewhere. */
    private static final class ModelTotals implements CacheWalk.Visitor {

        private final Layout layout;
        private final Path folder;
        private final CacheUsage usage = new CacheUsage();
        private final Set<Path> elsewhere = new HashSet<>();
        private Optional<Instant> lastUsed = Optional.empty();

        ModelTotals(Layout layout, Path folder) {
            this.layout = layout;
            this.folder = folder;
        }

        @Override
        public void entry(CacheEntry entry) {
            if (layout.isContent(entry.path())) {
                content(entry).ifPresent(content -> {
                    usage.add(content);
                    lastUsed = later(lastUsed, content.lastUsed());
                });
            }
        }

        private Optional<CacheEntry> content(CacheEntry entry) {
            if (entry.kind() != CacheEntry.Kind.LINK) {
                return Optional.of(entry);
            }
            try {
                Path target = Files.readSymbolicLink(entry.path());
                if (entry.path().resolveSibling(target).normalize().startsWith(folder)) {
                    return Optional.empty(); // what it leads to is met on the way
                }
                CacheEntry content = CacheEntry.resolved(entry.path());
                return elsewhere.add(content.path()) ? Optional.of(content) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty(); // leads nowhere, which verify reports
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // Its size can't be known; verify reports it.
        }
    }

    private List<CacheStatus.Model> models() throws IOException {
        Set<ModelReference> declared = lock.wanted(config.models()).stream()
                .map(ModelDeclaration::reference)
                .collect(Collectors.toSet());
        List<CacheStatus.Model> models = new ArrayList<>();
        for (ResolvedModel model : lock.models()) {
            if (layouts.find(model.reference()).isPresent()) {
                models.add(locked(model, declared.contains(model.reference())));
            }
        }
        for (ModelReference reference : declared) {
            if (lock.find(reference).isEmpty()) {
                models.add(unlocked(reference));
            }
        }
        Set<Path> places = places();
        for (Layout layout : layouts.all()) {
            for (Map.Entry<ModelReference, Path> found : layout.found().entrySet()) {
                boolean known = declared.contains(found.getKey())
                        || lock.find(found.getKey()).isPresent()
                        || places.contains(found.getValue());
                if (!known) {
                    models.add(undeclared(layout, found.getKey(), found.getValue()));
                }
            }
        }
        return models;
    }

    /** Where the locked models lie: their folders, and their files where many models share a folder. */
    private Set<Path> places() {
        Set<Path> places = new HashSet<>();
        for (ResolvedModel model : lock.models()) {
            if (layouts.find(model.reference()).isPresent()) {
                Layout layout = layouts.of(model);
                places.add(layout.folder(model));
                if (model.files().size() == 1) {
                    places.add(layout.file(model, model.files().get(0)));
                }
            }
        }
        return places;
    }

    private static CacheStatus.Model undeclared(Layout layout, ModelReference reference, Path folder)
            throws IOException {
        ModelTotals totals = new ModelTotals(layout, folder);
        if (Files.isDirectory(folder)) {
            CacheWalk.walk(folder, totals);
        } else {
            entry(folder).ifPresent(totals::entry);
        }
        int files = (int) Math.min(Integer.MAX_VALUE, totals.usage.files());
        return new CacheStatus.Model(
                reference.toString(),
                reference.scheme(),
                folder,
                Optional.empty(),
                totals.usage.bytes(),
                files,
                files,
                totals.lastUsed,
                false,
                false);
    }

    private CacheStatus.Model locked(ResolvedModel model, boolean declared) throws IOException {
        Layout layout = layouts.of(model);
        int files = 0;
        Optional<Instant> lastUsed = Optional.empty();
        CacheUsage usage = new CacheUsage();
        Set<Digest> linked = new HashSet<>();
        for (ModelFile file : model.files()) {
            Path place = layout.file(model, file);
            Optional<CacheEntry> entry = entry(place);
            if (entry.isPresent()) {
                // Files of one content are links to one blob, which weighs once; copies of it weigh each.
                boolean link = !entry.get().path().equals(place);
                boolean counted = link
                        && file.digest().isPresent()
                        && !linked.add(file.digest().get());
                if (!counted) {
                    usage.add(entry.get());
                }
                files++;
                lastUsed = later(lastUsed, entry.get().lastUsed());
            }
        }
        Path path = model.files().size() == 1 ? layout.file(model, model.files().get(0)) : layout.folder(model);
        return new CacheStatus.Model(
                model.reference().toString(),
                model.reference().scheme(),
                path,
                Optional.of(model.revision()),
                usage.bytes(),
                files,
                model.files().size(),
                lastUsed,
                declared,
                true);
    }

    private CacheStatus.Model unlocked(ModelReference reference) {
        Path path = layouts.find(reference).map(Layout::root).orElse(config.baseDir());
        return new CacheStatus.Model(
                reference.toString(),
                reference.scheme(),
                path,
                Optional.empty(),
                0,
                0,
                0,
                Optional.empty(),
                true,
                false);
    }

    private static Optional<Instant> later(Optional<Instant> one, Instant other) {
        return one.filter(instant -> instant.isAfter(other)).or(() -> Optional.of(other));
    }

    private static Optional<CacheEntry> entry(Path file) throws IOException {
        try {
            return Optional.of(CacheEntry.resolved(file)).filter(entry -> entry.kind() == CacheEntry.Kind.FILE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
