package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.huggingface.FlatTransformersCache;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Reports the folder in which older set-ups of a project kept models, and flat caches of old versions of transformers. */
public final class LegacyCheck implements Check {

    private static final int MODELS_SHOWN = 3;

    private final CacheConfig config;
    private final ExternalCaches externalCaches;
    private final List<ModelReference> models;

    /**
     * A check of one project.
     *
     * @param models the declared and the locked ones
     */
    public LegacyCheck(CacheConfig config, ExternalCaches externalCaches, Collection<ModelReference> models) {
        this.config = config;
        this.externalCaches = externalCaches;
        this.models = List.copyOf(models);
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        folder(findings);
        for (FlatTransformersCache flat : externalCaches.flat(models)) {
            findings.accept(Finding.of(
                            FindingId.LEGACY_CACHE,
                            Plan.name(config.projectRoot(), flat.folder()) + " holds " + ByteSize.format(flat.bytes())
                                    + " in " + flat.files().size() + " files of a flat cache of transformers up to 4.21"
                                    + named(flat) + ", which newer versions do not read",
                            "run mvn cache:download to fetch the declared models, then delete the old cache: "
                                    + flat.command())
                    .at(flat.folder()));
        }
    }

    private static String named(FlatTransformersCache flat) {
        return flat.models().isEmpty() ? "" : ", with " + Words.some(flat.models(), MODELS_SHOWN);
    }

    private void folder(Consumer<Finding> findings) throws IOException {
        Optional<Path> legacy = externalCaches.legacyFolder();
        if (legacy.isEmpty() || isTheCache(legacy.get())) {
            return;
        }
        CacheUsage usage = new CacheUsage();
        CacheWalk.walk(legacy.get(), new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                usage.add(entry);
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                findings.accept(ContentCheck.unreadable(config.projectRoot(), path, reason));
            }
        });
        boolean empty = usage.files() == 0;
        if (empty && Mounts.now().isPoint(legacy.get().toRealPath())) {
            return; // an empty volume can't be deleted, and does no harm
        }
        findings.accept(Finding.of(
                        FindingId.LEGACY_CACHE,
                        ExternalCaches.LEGACY + "/ is an old cache folder that is no longer used; "
                                + (empty ? "it is empty" : holds(usage, models(legacy.get()))),
                        empty
                                ? "delete the folder"
                                : "mvn cache:migrate moves its models into the cache; keep other files you need, then delete the"
                                        + " folder")
                .at(legacy.get()));
    }

    /** Whether it is a link into the cache, for programs that still use the old path. */
    private boolean isTheCache(Path legacy) throws IOException {
        Path real = legacy.toRealPath();
        if (Files.isDirectory(config.baseDir()) && real.equals(config.baseDir().toRealPath())) {
            return true;
        }
        for (CacheRoot root : config.roots()) {
            if (Files.isDirectory(root.path()) && real.startsWith(root.path().toRealPath())) {
                return true;
            }
        }
        return false;
    }

    private static String holds(CacheUsage usage, Set<String> models) {
        String files = ByteSize.format(usage.bytes()) + " in " + Words.count(usage.files(), "file");
        if (models.isEmpty()) {
            return "it holds " + files + ", but no known model";
        }
        return "it holds " + files + ", with " + Words.some(models, MODELS_SHOWN);
    }

    private Set<String> models(Path legacy) {
        Set<String> models = new TreeSet<>();
        for (ExternalCache place : externalCaches.places()) {
            if (place.path().startsWith(legacy)) {
                found(place).forEach((model, path) -> {
                    // A hub repository is not torch's, even if its name has underscores.
                    if (place.kind() == ExternalCache.Kind.HUB
                            || !path.getFileName().toString().contains("--")) {
                        models.add(model.toString());
                    }
                });
            }
        }
        return models;
    }

    private static Map<ModelReference, Path> found(ExternalCache place) {
        try {
            return place.found();
        } catch (IOException e) {
            return Map.of(); // which the walk has reported
        }
    }
}
