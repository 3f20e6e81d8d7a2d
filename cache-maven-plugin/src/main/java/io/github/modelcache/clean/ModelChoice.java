package io.github.modelcache.clean;

import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.inventory.usage.CachedModels;
import io.github.modelcache.inventory.usage.ModelUsage;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Chooses the models to delete. */
final class ModelChoice {

    private static final Comparator<Candidate> LEAST_NEEDED_FIRST = Comparator.comparing(
                    (Candidate candidate) -> candidate.usage().cached().locked().isPresent())
            .thenComparing(Candidate::lastUsed)
            .thenComparing(candidate -> candidate.usage().cached().unit().place());

    private final CleanRequest request;
    private final CachedModels models;
    private final Predicate<Path> kept;
    private final Optional<Set<DeletableUnit>> ranked;

    /**
     * A choice.
     *
     * @param kept whether the model in a folder is always kept
     * @param inventory sizes and times of last use, if {@link #needsInventory}
     */
    ModelChoice(
            CleanRequest request,
            CachedModels models,
            Predicate<Path> kept,
            Optional<CacheInventory> inventory,
            Instant now) {
        this.request = request;
        this.models = models;
        this.kept = kept;
        this.ranked = inventory.map(known -> rank(known, now));
    }

    /** Whether sizes or times of last use decide. */
    static boolean needsInventory(CleanRequest request) {
        return request.olderThan().isPresent() || request.keepSize().isPresent();
    }

    /** The models of a root to delete. */
    Set<CachedModel> of(List<CachedModel> all) {
        Set<CachedModel> chosen = new HashSet<>();
        for (CachedModel model : all) {
            boolean fits = ranked.map(some -> some.contains(model.unit())).orElseGet(() -> isSelected(model));
            if (fits) {
                chosen.add(model);
            }
        }
        return chosen;
    }

    private Set<DeletableUnit> rank(CacheInventory inventory, Instant now) {
        List<Candidate> candidates = new ArrayList<>();
        for (ModelUsage usage : inventory.models()) {
            if (isSelected(usage.cached())) {
                Candidate candidate = new Candidate(usage, usage.lastUsed().orElseGet(() -> written(usage)));
                boolean old = request.olderThan()
                        .map(age -> candidate.lastUsed().isBefore(now.minus(age)))
                        .orElse(true);
                if (old) {
                    candidates.add(candidate);
                }
            }
        }
        requireEnough(inventory);
        candidates.sort(LEAST_NEEDED_FIRST);
        long left = inventory.bytes();
        Set<DeletableUnit> chosen = new HashSet<>();
        for (Candidate candidate : candidates) {
            if (request.keepSize().isPresent() && left <= request.keepSize().get()) {
                break;
            }
            left -= inventory.remove(candidate.usage());
            chosen.add(candidate.usage().cached().unit());
        }
        return chosen;
    }

    /** Refuses a size that can't be reached because the application caches alone are larger. */
    private void requireEnough(CacheInventory inventory) {
        long others = inventory.bytes(CacheRoot.Kind.APPLICATION);
        if (request.scope().models()
                && request.keepSize().filter(size -> size < others).isPresent()) {
            throw new IllegalArgumentException("cache.keepSize is "
                    + ByteSize.exact(request.keepSize().get()) + ", and the application caches alone hold "
                    + ByteSize.format(others) + "; -Dcache.scope=metadata empties them");
        }
    }

    /** A model that may be deleted. One whose last use is unknown counts as used now. */
    private record Candidate(ModelUsage usage, Instant lastUsed) {}

    /** When a folder without files was last written to. */
    private static Instant written(ModelUsage usage) {
        try {
            return CacheEntry.of(usage.cached().unit().place()).modified();
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    private boolean isSelected(CachedModel model) {
        DeletableUnit unit = model.unit();
        return isInScope(model)
                && request.names(model.model())
                && !kept.test(unit.repository().orElse(unit.place()));
    }

    private boolean isInScope(CachedModel model) {
        return request.scope().models() ? !models.isElsewhere(model) : models.isUnused(model);
    }

    /**
     * Whether a repository is kept although all its revisions are deleted: the lock file pins another one, which may be
     * partly downloaded. Requests for all models delete it too.
     */
    boolean isRepositoryKept(List<CachedModel> deleted) {
        boolean chosen = request.scope() == CleanScope.UNUSED || ranked.isPresent();
        return chosen
                && deleted.stream().noneMatch(model -> model.locked().isPresent())
                && deleted.stream().anyMatch(model -> model.unit().revision().isPresent() && models.isPinned(model));
    }

    /** Why a model is deleted, for messages. */
    String reason(CachedModel model) {
        String lock = model.locked().isPresent() ? "locked, can be fetched again" : "not in the lock";
        return request.olderThan()
                .map(age -> lock + ", not used for " + Age.format(age))
                .orElse(lock);
    }
}
