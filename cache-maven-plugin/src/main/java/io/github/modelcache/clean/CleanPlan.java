package io.github.modelcache.clean;

import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Path;

/** What {@code cache:clean} deletes. */
public final class CleanPlan {

    private final Plan plan;
    private final SafeDeleter deleter;

    CleanPlan(Plan plan, SafeDeleter deleter) {
        this.plan = plan;
        this.deleter = deleter;
    }

    /** The changes, in order. */
    public Plan plan() {
        return plan;
    }

    /** The bytes that it frees, if the cache does not change before. */
    public long bytes() {
        return plan.actions().stream().mapToLong(action -> action.bytes()).sum();
    }

    /**
     * Deletes. Entries that changed since the plan was made are kept and named.
     *
     * @return the bytes that became free
     * @throws IOException when an entry could not be deleted; all others are deleted
     */
    public long run(Messages messages, Path root) throws IOException {
        long freed = plan.run(messages, root, 1);
        long failures = deleter.failures();
        if (failures > 0) {
            throw new IOException(Words.count(failures, "entry")
                    + " of the cache could not be deleted, see the warnings above; the rest was deleted");
        }
        return freed;
    }
}
