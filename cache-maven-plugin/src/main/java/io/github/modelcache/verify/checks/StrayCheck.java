package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.Layout;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds models of this project outside of its caches: in the user's home folder, where inherited variables point, and at
 * wrong places in the roots. Other models there are ignored.
 *
 * @param models the declared and the locked ones, each once
 */
public record StrayCheck(CacheConfig config, ExternalCaches externalCaches, Collection<ModelReference> models)
        implements Check {
    private static final String FIX = "mvn cache:migrate";
    private static final String OTHERS_MAY_READ_IT =
            "; it keeps the copy for other projects, unless you add -Dcache.migrate.keepSource=false";

    @Override
    public void run(Consumer<Finding> findings) {
        if (models.isEmpty()) {
            return;
        }
        Path legacy = config.projectRoot().resolve(ExternalCaches.LEGACY);
        for (ExternalCache place : externalCaches.places()) {
            if (!place.path().startsWith(legacy)) { // LegacyCheck reports it
                check(place, findings);
            }
        }
    }

    private void check(ExternalCache place, Consumer<Finding> findings) {
        for (ModelReference model : models) {
            for (Path path : place.of(model)) {
                try {
                    entry(path).ifPresent(entry -> check(place, model, entry, findings));
                } catch (IOException e) {
                    findings.accept(ContentCheck.unreadable(config.projectRoot(), place.path(), e));
                    return; // the folder itself: no other model can be found in it either
                }
            }
        }
    }

    private static Optional<CacheEntry> entry(Path path) throws IOException {
        try {
            return Optional.of(CacheEntry.of(path));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // no stray copy
        }
    }

    private void check(ExternalCache place, ModelReference model, CacheEntry entry, Consumer<Finding> findings) {
        if (entry.kind() == CacheEntry.Kind.LINK) {
            // Its target is not walked: it may be anything, even the project's own cache.
            if (Files.exists(entry.path()) && !leadsIntoARoot(entry.path())) {
                findings.accept(stray(place, model, entry.path(), "A link to " + model));
            }
            return;
        }
        Totals totals = new Totals(config.projectRoot(), place, entry.path(), findings);
        if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
            CacheWalk.walk(entry.path(), totals);
        } else {
            totals.entry(entry);
        }
        if (totals.usage.bytes() > 0) {
            findings.accept(stray(place, model, entry.path(), ByteSize.format(totals.usage.bytes()) + " of " + model));
        }
    }

    private boolean leadsIntoARoot(Path link) {
        try {
            Path real = link.toRealPath();
            for (CacheRoot root : config.roots()) {
                if (Files.isDirectory(root.path())
                        && real.startsWith(root.path().toRealPath())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private Finding stray(ExternalCache place, ModelReference model, Path path, String what) {
        return Finding.of(
                        FindingId.STRAY_CACHE,
                        what + " in the " + place.name() + ", which this project does not use: "
                                + Plan.name(config.projectRoot(), path),
                        place.shared() ? FIX + OTHERS_MAY_READ_IT : FIX)
                .about(model)
                .at(path);
    }

    /** Adds up a model's contents: those below its folder, and those of the same place that its links lead to. */
    private static final class Totals implements CacheWalk.Visitor {

        private final Path projectRoot;
        private final ExternalCache place;
        private final Path folder;
        private final Layout layout;
        private final Consumer<Finding> findings;
        private final CacheUsage usage = new CacheUsage();
        private final Set<Path> elsewhere = new HashSet<>();

        Totals(Path projectRoot, ExternalCache place, Path folder, Consumer<Finding> findings) {
            this.projectRoot = projectRoot;
            this.place = place;
            this.folder = folder;
            this.layout = place.layouts().get(0);
            this.findings = findings;
        }

        @Override
        public void entry(CacheEntry entry) {
            if (!layout.isContent(entry.path())) {
                return;
            }
            usage.add(entry);
            if (entry.kind() == CacheEntry.Kind.LINK) {
                target(entry.path()).ifPresent(usage::add);
            }
        }

        /** The file in the store that the repositories share; other targets are walked anyway, or lie elsewhere. */
        private Optional<CacheEntry> target(Path link) {
            try {
                Path target = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
                boolean shared = target.startsWith(place.path()) && !target.startsWith(folder);
                return shared && elsewhere.add(target) ? Optional.of(CacheEntry.of(target)) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty(); // a broken link has no size
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            findings.accept(ContentCheck.unreadable(projectRoot, path, reason));
        }
    }
}
