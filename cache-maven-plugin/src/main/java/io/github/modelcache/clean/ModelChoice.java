package io.github.modelcache.clean;

import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.inventory.usage.HoldingUsage;
import io.github.modelcache.inventory.usage.Holdings;
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
                    (Candidate candidate) -> candidate.stock().held().locked().isPresent())
            .thenComparing(Candidate::lastUsed)
            .thenComparing(candidate -> candidate.stock().held().holding().place());

    private final CleanRequest request;
    private final Holdings holdings;
    private final Predicate<Path> stays;
    private final Optional<Set<DeletableUnit>> weighed;

    /**
     * A choice.
     *
     * @param stays whether the model in a folder is always kept
     * @param inventory sizes and times of last use, if {@link #needsInventory}
     */
    ModelChoice(
            CleanRequest request,
            Holdings holdings,
            Predicate<Path> stays,
            Optional<CacheInventory> inventory,
            Instant now) {
        this.request = request;
        this.holdings = holdings;
        this.stays = stays;
        this.weighed = inventory.map(known -> weigh(known, now));
    }

    /** Whether sizes or times of last use decide. */
    static boolean needsInventory(CleanRequest request) {
        return request.olderThan().isPresent() || request.keepSize().isPresent();
    }

    /** The models of a root to delete. */
    Set<CachedModel> of(List<CachedModel> all) {
        Set<CachedModel> chosen = new HashSet<>();
        for (CachedModel held : all) {
            boolean fits = weighed.map(some -> some.contains(held.holding())).orElseGet(() -> isMeant(held));
            if (fits) {
                chosen.add(held);
            }
        }
        return chosen;
    }

    private Set<DeletableUnit> weigh(CacheInventory inventory, Instant now) {
        List<Candidate> candidates = new ArrayList<>();
        for (HoldingUsage stock : inventory.holdings()) {
            if (isMeant(stock.held())) {
                Candidate candidate = new Candidate(stock, stock.lastUsed().orElseGet(() -> written(stock)));
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
            left -= inventory.leave(candidate.stock());
            chosen.add(candidate.stock().held().holding());
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
    private record Candidate(HoldingUsage stock, Instant lastUsed) {}

    /** When a folder without files was last written to. */
    private static Instant written(HoldingUsage stock) {
        try {
            return CacheEntry.of(stock.held().holding().place()).modified();
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    private boolean isMeant(CachedModel held) {
        DeletableUnit holding = held.holding();
        return isInScope(held)
                && request.names(held.model())
                && !stays.test(holding.repository().orElse(holding.place()));
    }

    private boolean isInScope(CachedModel held) {
        return request.scope().models() ? !holdings.isElsewhere(held) : holdings.isUnused(held);
    }

    /**
     * Whether a repository is kept although all its revisions are deleted: the lock file pins another one, which may be
     * partly downloaded. Requests for all models delete it too.
     */
    boolean staysOpen(List<CachedModel> going) {
        boolean chosen = request.scope() == CleanScope.UNUSED || weighed.isPresent();
        return chosen
                && going.stream().noneMatch(held -> held.locked().isPresent())
                && going.stream().anyMatch(held -> held.holding().revision().isPresent() && holdings.isPinned(held));
    }

    /** Why a model is deleted, for messages. */
    String reason(CachedModel held) {
        String lock = held.locked().isPresent() ? "locked, can be fetched again" : "not in the lock";
        return request.olderThan()
                .map(age -> lock + ", not used for " + Age.format(age))
                .orElse(lock);
    }
}
