package io.github.modelcache.clean;

import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;

/** What goes, and what came of it. */
public final class CleanPlan {

    private final Plan plan;
    private final SafeDeleter removal;

    CleanPlan(Plan plan, SafeDeleter removal) {
        this.plan = plan;
        this.removal = removal;
    }

    /** The changes, in order. */
    public Plan plan() {
        return plan;
    }

    /** The bytes that it frees, if nothing changes before it is run. */
    public long bytes() {
        return plan.actions().stream().mapToLong(action -> action.bytes()).sum();
    }

    /**
     * Deletes. What changed since the plan was made stays and is named.
     *
     * @return the bytes that became free, measured
     * @throws IOException when something could not be deleted; everything else is gone
     */
    public long run(Messages messages, Path root) throws IOException {
        long freed = plan.run(messages, root, 1);
        long failures = removal.failures();
        if (failures > 0) {
            throw new IOException(failures + (failures == 1 ? " entry" : " entries")
                    + " of the cache could not be deleted, as the warnings above say; the rest is gone");
        }
        return freed;
    }
}
