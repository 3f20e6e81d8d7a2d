package io.github.modelcache.verify.checks;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A check that looks over the shoulder of the one walk over the roots, so that no entry is looked at twice, and answers
 * once the walk is over.
 */
public interface WalkCheck extends Check {

    /** For folders that are no concern of a check. */
    Consumer<CacheEntry> NOTHING = entry -> {};

    /**
     * Who wants to see the entries of this folder.
     *
     * @return {@link #NOTHING} for nobody
     */
    Consumer<CacheEntry> in(Path folder);
}
