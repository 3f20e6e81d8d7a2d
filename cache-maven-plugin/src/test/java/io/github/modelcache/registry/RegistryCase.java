package io.github.modelcache.registry;

import io.github.modelcache.testing.StandInRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two machines that share models through a registry. */
abstract class RegistryCase {

    @TempDir
    Path folder;

    Team team;
    StandInRegistry server;
    String registry;

    @BeforeEach
    void startRegistry() throws Exception {
        team = new Team(folder);
        server = StandInRegistry.start();
        registry = server.host() + "/team";
    }

    @AfterEach
    void stopRegistry() {
        server.close();
        team.close();
    }
}
