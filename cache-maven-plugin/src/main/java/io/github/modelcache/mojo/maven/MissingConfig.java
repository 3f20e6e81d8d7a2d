package io.github.modelcache.mojo.maven;

import io.github.modelcache.config.ConfigException;
import io.github.modelcache.git.GitRepository;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;

/** Decides whether a build may continue without a config. */
public record MissingConfig(Path projectRoot, Path file) {

    /** Fails if the config must exist: git tracks it, or {@code frozen} forbids a new one. */
    public void require(boolean frozen) throws ConfigException, IOException {
        String name = Plan.name(projectRoot, file);
        if (tracked()) {
            throw ConfigException.missing(name
                    + " is missing in this working tree, but git tracks it. Run 'git checkout -- "
                    + name
                    + "', or 'git sparse-checkout add' with its folder; to create a new one, run 'git rm --cached "
                    + name
                    + "'");
        }
        if (frozen) {
            throw ConfigException.missing(
                    name + " is missing, and cache.frozen=true creates no file. Check it out, or copy"
                            + " it into the image (see .dockerignore); run without cache.frozen to create it");
        }
    }

    private boolean tracked() {
        try {
            return GitRepository.tracks(file);
        } catch (IOException e) {
            return false; // no repository that can be read
        }
    }
}
