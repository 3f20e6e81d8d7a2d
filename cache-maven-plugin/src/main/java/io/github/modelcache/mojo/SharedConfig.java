package io.github.modelcache.mojo;

import io.github.modelcache.git.GitRepository;
import java.io.IOException;
import java.nio.file.Path;

/** Whether other machines get the config through git. */
final class SharedConfig {

    private SharedConfig() {}

    /** Whether git tracks the file; where that can't be told, it is taken for tracked. */
    static boolean isTracked(Path config) {
        try {
            return GitRepository.tracks(config);
        } catch (IOException e) {
            return true;
        }
    }
}
