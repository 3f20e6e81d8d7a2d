package io.github.modelcache.verify.checks;

import io.github.modelcache.finding.Finding;
import java.io.IOException;
import java.util.function.Consumer;

/** One check of the cache. */
interface Check {

    /**
     * Runs the check.
     *
     * @throws IOException when it can't be decided; it never passes for lack of an answer
     */
    void run(Consumer<Finding> findings) throws IOException;
}
