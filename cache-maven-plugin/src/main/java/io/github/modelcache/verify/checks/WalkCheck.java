package io.github.modelcache.verify.checks;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A check that is shown the entries of the one walk over the model roots, and runs after it. */
public interface WalkCheck extends Check {

    /** For folders that a check ignores. */
    Consumer<CacheEntry> NOTHING = entry -> {};

    /**
     * The receiver of the entries of a folder.
     *
     * @return {@link #NOTHING} to ignore it
     */
    Consumer<CacheEntry> in(Path folder);
}
