package io.github.modelcache.mojo.maven;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the config and the caches of a module are.
 *
 * @param folder holds the caches; absolute and normalized
 * @param config the config file
 * @param present whether the config is there
 * @param aggregates whether the module is the aggregator of modules that have a config
 * @param elsewhere roots of other modules that have a config, where this one has none
 */
public record ProjectRoot(Path folder, Path config, boolean present, boolean aggregates, List<ProjectRoot> elsewhere) {

    public ProjectRoot {
        elsewhere = List.copyOf(elsewhere);
    }

    /** A root that has its config. */
    public ProjectRoot(Path folder, Path config) {
        this(folder, config, true, false, List.of());
    }
}
