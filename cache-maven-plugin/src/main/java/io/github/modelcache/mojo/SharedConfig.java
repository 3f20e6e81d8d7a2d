package io.github.modelcache.mojo;

import io.github.modelcache.git.GitRepository;
import java.io.IOException;
import java.nio.file.Path;

/** Whether git shares the config with other machines. */
final class SharedConfig {

    private SharedConfig() {}

    /** Whether git tracks the file; true if that is unknown. */
    static boolean isTracked(Path config) {
        try {
            return GitRepository.tracks(config);
        } catch (IOException e) {
            return true;
        }
    }
}
