package io.github.modelcache.clean;

import io.github.modelcache.inventory.Held;
import io.github.modelcache.inventory.Holdings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Chooses which models go. */
final class ModelChoice {

    private final CleanRequest request;
    private final Holdings holdings;

    ModelChoice(CleanRequest request, Holdings holdings) {
        this.request = request;
        this.holdings = holdings;
    }

    /** Those of a root that go. */
    Set<Held> of(List<Held> all) {
        Set<Held> chosen = new HashSet<>();
        for (Held held : all) {
            if (isInScope(held) && request.names(held.model())) {
                chosen.add(held);
            }
        }
        return chosen;
    }

    /** What is declared and not locked yet may be what the next build locks. */
    private boolean isInScope(Held held) {
        if (request.scope().models()) {
            return true;
        }
        boolean known = held.layout().isPresent() || holdings.isOwn(held);
        return known && held.locked().isEmpty() && !isWanted(held);
    }

    private boolean isWanted(Held held) {
        return held.declared() && !holdings.isLocked(held);
    }

    /** Why one goes, as people read it. */
    String reason(Held held) {
        if (request.scope().models()) {
            return "can be fetched again";
        }
        return "not in the lock";
    }
}
