package io.github.modelcache.mojo.maven;

import java.nio.file.Path;
import java.util.List;

/**
 * The root folder and the config of a module. Paths are absolute and normalized.
 *
 * @param present whether the config exists
 * @param aggregates whether the module aggregates modules that have a config
 * @param elsewhere roots of other modules that have a config, if this one has none
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
