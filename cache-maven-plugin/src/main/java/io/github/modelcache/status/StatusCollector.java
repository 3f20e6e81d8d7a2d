package io.github.modelcache.status;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.families.ExternalCaches;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.inventory.usage.HoldingUsage;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
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

/** Looks at the cache and writes nothing. */
public final class StatusCollector {

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;
    private final Instant now;
    private final Optional<CacheStatus.Before> before;
    private final ModelsElsewhere elsewhere;

    /** A look at the caches of one project, as they are now. */
    public StatusCollector(CacheConfig config, Lock lock) {
        this(config, lock, Instant.now(), Optional.empty(), Optional.empty());
    }

    /**
     * A look at the caches of one project.
     *
     * @param before what the last recorded build left
     * @param scattered where else on this machine its models may lie
     */
    public StatusCollector(
            CacheConfig config,
            Lock lock,
            Instant now,
            Optional<CacheStatus.Before> before,
            Optional<ExternalCaches> scattered) {
        this.elsewhere = new ModelsElsewhere(scattered);
        this.now = now;
        this.before = before;
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
    }

    /**
     * What is there.
     *
     * @throws IOException when a folder of models can't be looked at
     */
    public CacheStatus collect() throws IOException {
        CacheInventory inventory = CacheInventory.take(config, lock, now);
        List<CacheStatus.Root> roots = new ArrayList<>();
        for (CacheInventory.Root root : inventory.roots()) {
            if (root.root().optional() && !root.exists()) {
                continue;
            }
            roots.add(new CacheStatus.Root(
                    root.root().name(),
                    root.root().kind(),
                    root.root().path(),
                    root.exists(),
                    root.bytes(),
                    root.files(),
                    config.budget(root.root())));
        }
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
        List<ModelDeclaration> wanted = lock.wanted(config.models());
        Set<ModelReference> declared =
                wanted.stream().map(ModelDeclaration::reference).collect(Collectors.toSet());
        Set<ModelReference> open = wanted.stream()
                .filter(declaration -> lock.find(declaration.version()).isEmpty())
                .map(ModelDeclaration::reference)
                .collect(Collectors.toSet());
        Set<Path> here = new HashSet<>();
        Set<ModelReference> begun = new HashSet<>();
        List<CacheStatus.Model> models = new ArrayList<>();
        for (HoldingUsage stock : inventory.holdings()) {
            Optional<ModelReference> reference = stock.held().model();
            if (reference.isPresent() && !isBegun(stock, reference.get(), open)) {
                boolean locked = stock.held().locked().isPresent();
                boolean awaited = open.contains(reference.get());
                models.add(there(stock, reference.get(), declared.contains(reference.get()) && (locked || awaited)));
                here.add(stock.held().holding().place());
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

    /** Whether it is what a download of a locked model has brought before its first file is complete. */
    private boolean isBegun(HoldingUsage stock, ModelReference reference, Set<ModelReference> open) {
        DeletableUnit holding = stock.held().holding();
        return holding.repository().isPresent()
                && holding.revision().isEmpty()
                && !open.contains(reference)
                && !lock.versions(reference).isEmpty();
    }

    private static CacheStatus.Model there(HoldingUsage stock, ModelReference reference, boolean declared) {
        CachedModel held = stock.held();
        Optional<ResolvedModel> locked = held.locked();
        int files = locked.isPresent() ? stock.presentFiles() : (int) Math.min(Integer.MAX_VALUE, stock.files());
        int expected = locked.map(model -> model.files().size()).orElse(files);
        return new CacheStatus.Model(
                reference.toString(),
                reference.scheme(),
                path(held),
                locked.map(ResolvedModel::revision).or(held.holding()::revision),
                stock.bytes() + begunBytes(held.holding()),
                files,
                expected,
                stock.lastUsed(),
                declared,
                locked.isPresent(),
                state(stock, files, expected, declared),
                Optional.empty());
    }

    private static CacheStatus.State state(HoldingUsage stock, int files, int expected, boolean declared) {
        if (stock.held().locked().isEmpty()) {
            boolean begun =
                    stock.unfinished() && stock.held().holding().revision().isEmpty();
            if (declared && begun) {
                return CacheStatus.State.PARTIAL;
            }
            return declared ? CacheStatus.State.UNLOCKED : CacheStatus.State.UNUSED;
        }
        if (files == expected && !stock.unfinished()) {
            return CacheStatus.State.COMPLETE;
        }
        return files == 0 && !stock.unfinished() ? CacheStatus.State.MISSING : CacheStatus.State.PARTIAL;
    }

    /** The folder that people would look into, or the one file. */
    private static Path path(CachedModel held) {
        Optional<ResolvedModel> locked = held.locked();
        if (locked.isEmpty() || held.layout().isEmpty()) {
            return held.holding().place();
        }
        Layout layout = held.layout().get();
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

    /** What a download that runs, or was stopped, has brought of files that are not complete. */
    private long begunBytes(ResolvedModel model) {
        Layout layout = layouts.of(model);
        long bytes = 0;
        for (ModelFile file : model.files()) {
            bytes += size(layout.partial(model, file));
        }
        return bytes;
    }

    /** The same, of a repository of the hub without a revision yet, whoever downloads it. */
    private static long begunBytes(DeletableUnit holding) {
        if (holding.repository().isEmpty() || holding.revision().isPresent()) {
            return 0;
        }
        try {
            return FolderListing.of(HubPlaces.blobs(holding.repository().get())).stream()
                    .filter(PartialFiles::isUnfinished)
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
            return 0; // most have none
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

    /** What a download still has to bring; of a model that is there in part, the difference. */
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
