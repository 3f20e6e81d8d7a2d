package io.github.modelcache.verify.checks;

import io.github.modelcache.finding.Finding;
import java.io.IOException;
import java.util.function.Consumer;

/** One question about the cache. */
interface Check {

    /**
     * Answers it.
     *
     * @throws IOException when it can't be decided; a check never passes for want of an answer
     */
    void run(Consumer<Finding> findings) throws IOException;
}
