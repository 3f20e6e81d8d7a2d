package io.github.modelcache.status;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.huggingface.CachedRepository;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.inventory.usage.ModelUsage;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the status of the caches. Changes nothing. */
public final class StatusCollector {

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;
    private final Instant now;
    private final Optional<SizeRecord> before;
    private final ModelsElsewhere elsewhere;

    public StatusCollector(CacheConfig config, Lock lock) {
        this(config, lock, Instant.now(), Optional.empty(), Optional.empty());
    }

    /**
     * A collector for one project.
     *
     * @param before the size at the last recorded build
     * @param scattered the external caches of this machine
     */
    public StatusCollector(
            CacheConfig config,
            Lock lock,
            Instant now,
            Optional<SizeRecord> before,
            Optional<ExternalCaches> scattered) {
        this.elsewhere = new ModelsElsewhere(scattered);
        this.now = now;
        this.before = before;
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
    }

    /**
     * Walks over the caches.
     *
     * @throws IOException when a folder of models can't be listed
     */
    public CacheStatus collect() throws IOException {
        CacheInventory inventory = CacheInventory.take(config, lock, now);
        List<CacheStatus.Root> roots = inventory.roots().stream()
                .filter(root -> !root.root().optional() || root.exists())
                .map(root -> new CacheStatus.Root(
                        root.root(), root.exists(), root.bytes(), root.files(), config.budget(root.root())))
                .toList();
        List<CacheStatus.Model> models = models(inventory);
        models.sort(
                Comparator.comparingLong(CacheStatus.Model::bytes).reversed().thenComparing(CacheStatus.Model::model));
        return new CacheStatus(
                config.projectRoot(),
                config.present(),
                roots,
                models,
                inventory.bytes(),
                inventory.files(),
                inventory.bytes()
                        - inventory.freeableBytes(CacheRoot.Kind.MODEL)
                        - inventory.freeableBytes(CacheRoot.Kind.APPLICATION),
                inventory.duplicateBytes(),
                config.warnBytes(),
                config.maxBytes(),
                missingBytes(models),
                freeDisk(),
                freeable(inventory),
                before);
    }

    private List<CacheStatus.Freeable> freeable(CacheInventory inventory) {
        long models = inventory.freeableBytes(CacheRoot.Kind.MODEL);
        long metadata = inventory.freeableBytes(CacheRoot.Kind.APPLICATION);
        boolean known = !lock.models().isEmpty();
        return List.of(
                new CacheStatus.Freeable("stale", Optional.of(inventory.staleBytes())),
                new CacheStatus.Freeable("unused", known ? Optional.of(inventory.unusedBytes()) : Optional.empty()),
                new CacheStatus.Freeable("metadata", Optional.of(metadata)),
                new CacheStatus.Freeable("models", Optional.of(models)),
                new CacheStatus.Freeable("all", Optional.of(models + metadata)));
    }

    private Optional<Long> freeDisk() {
        try {
            return Optional.of(DiskSpace.usable(config.baseDir()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<CacheStatus.Model> models(CacheInventory inventory) {
        List<ModelDeclaration> wanted = lock.withDependencies(config.models());
        Set<ModelReference> declared =
                wanted.stream().map(ModelDeclaration::reference).collect(Collectors.toSet());
        Set<ModelReference> open = wanted.stream()
                .filter(declaration -> lock.find(declaration.version()).isEmpty())
                .map(ModelDeclaration::reference)
                .collect(Collectors.toSet());
        Set<Path> here = new HashSet<>();
        Set<ModelReference> begun = new HashSet<>();
        List<CacheStatus.Model> models = new ArrayList<>();
        for (ModelUsage usage : inventory.models()) {
            Optional<ModelReference> reference = usage.cached().model();
            if (reference.isPresent() && !usage.cached().isLibraryPlace() && !isBegun(usage, reference.get(), open)) {
                boolean locked = usage.cached().locked().isPresent();
                boolean awaited = open.contains(reference.get());
                models.add(there(usage, reference.get(), declared.contains(reference.get()) && (locked || awaited)));
                here.add(usage.cached().unit().place());
                if (!locked && awaited) {
                    begun.add(reference.get());
                }
            }
        }
        for (ResolvedModel model : lock.models()) {
            if (layouts.find(model.reference()).isPresent()
                    && here.add(layouts.of(model).place(model))) {
                models.add(missing(model, declared.contains(model.reference())));
            }
        }
        for (ModelReference reference : open) {
            if (!begun.contains(reference)) {
                models.add(unlocked(reference));
            }
        }
        return models;
    }

    /** Whether it is a locked model of which no file is complete yet. */
    private boolean isBegun(ModelUsage usage, ModelReference reference, Set<ModelReference> open) {
        DeletableUnit unit = usage.cached().unit();
        return unit.repository().isPresent()
                && unit.revision().isEmpty()
                && !open.contains(reference)
                && !lock.versions(reference).isEmpty();
    }

    private static CacheStatus.Model there(ModelUsage usage, ModelReference reference, boolean declared) {
        CachedModel cached = usage.cached();
        Optional<ResolvedModel> locked = cached.locked();
        int files = locked.isPresent() ? usage.presentFiles() : (int) Math.min(Integer.MAX_VALUE, usage.files());
        int expected = locked.map(model -> model.files().size()).orElse(files);
        return new CacheStatus.Model(
                reference.toString(),
                reference.scheme(),
                path(cached),
                locked.map(ResolvedModel::revision).or(cached.unit()::revision),
                usage.bytes() + begunBytes(cached.unit()),
                files,
                expected,
                usage.lastUsed(),
                declared,
                locked.isPresent(),
                state(usage, files, expected, declared),
                Optional.empty());
    }

    private static CacheStatus.State state(ModelUsage usage, int files, int expected, boolean declared) {
        if (usage.cached().locked().isEmpty()) {
            boolean begun =
                    usage.unfinished() && usage.cached().unit().revision().isEmpty();
            if (declared && begun) {
                return CacheStatus.State.PARTIAL;
            }
            return declared ? CacheStatus.State.UNLOCKED : CacheStatus.State.UNUSED;
        }
        if (files == expected && !usage.unfinished()) {
            return CacheStatus.State.COMPLETE;
        }
        return files == 0 && !usage.unfinished() ? CacheStatus.State.MISSING : CacheStatus.State.PARTIAL;
    }

    /** The model's folder, or its only file. */
    private static Path path(CachedModel cached) {
        Optional<ResolvedModel> locked = cached.locked();
        if (locked.isEmpty() || cached.layout().isEmpty()) {
            return cached.unit().place();
        }
        Layout layout = cached.layout().get();
        ResolvedModel model = locked.get();
        return model.files().size() == 1 ? layout.file(model, model.files().get(0)) : layout.folder(model);
    }

    private CacheStatus.Model missing(ResolvedModel model, boolean declared) {
        long begun = begunBytes(model);
        CacheStatus.State state = model.files().isEmpty()
                ? CacheStatus.State.COMPLETE
                : begun > 0 ? CacheStatus.State.PARTIAL : CacheStatus.State.MISSING;
        return new CacheStatus.Model(
                model.reference().toString(),
                model.reference().scheme(),
                layouts.of(model).folder(model),
                Optional.of(model.revision()),
                begun,
                0,
                model.files().size(),
                Optional.empty(),
                declared,
                true,
                state,
                state == CacheStatus.State.MISSING ? elsewhere.find(model) : Optional.empty());
    }

    /** The bytes of a locked model's partial downloads. */
    private long begunBytes(ResolvedModel model) {
        Layout layout = layouts.of(model);
        return model.files().stream()
                .mapToLong(file -> size(layout.partial(model, file)))
                .sum();
    }

    /** The bytes of partial downloads, by any client, in a hub repository without a revision. */
    private static long begunBytes(DeletableUnit unit) {
        if (unit.repository().isEmpty() || unit.revision().isPresent()) {
            return 0;
        }
        try {
            return CachedRepository.partialDownloads(unit.repository().get()).stream()
                    .mapToLong(StatusCollector::size)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // most files have no partial download
        }
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
                false,
                CacheStatus.State.UNLOCKED,
                elsewhere.find(reference));
    }

    /** The bytes that a download still has to fetch. */
    private long missingBytes(List<CacheStatus.Model> models) {
        long missing = 0;
        for (CacheStatus.Model model : models) {
            if (model.locked() && model.state() != CacheStatus.State.COMPLETE) {
                long all = lock.versions(ModelReference.parse(model.model())).stream()
                        .filter(version -> model.revision().equals(Optional.of(version.revision())))
                        .mapToLong(ResolvedModel::bytes)
                        .max()
                        .orElse(0);
                missing += Math.max(0, all - model.bytes());
            }
        }
        return missing;
    }
}
