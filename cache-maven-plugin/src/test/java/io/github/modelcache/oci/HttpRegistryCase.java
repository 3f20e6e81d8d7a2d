package io.github.modelcache.oci;

import io.github.modelcache.model.ModelReference;
import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.StandInRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A team whose machines share models through a registry. */
abstract class HttpRegistryCase {

    static final String REPOSITORY = "team/models/hf/acme/tiny";

    static final String SILENT = "time limit";

    static final ModelReference TINY = ModelReference.parse("hf:acme/tiny");

    static final ModelReference TWIN = ModelReference.parse("hf:acme/twin");

    @TempDir
    Path folder;

    Team team;

    StandInRegistry server;

    String registry;

    @BeforeEach
    void start() throws Exception {
        team = new Team(Files.createTempDirectory(folder, "team")).downloaded();
        server = StandInRegistry.start();
        registry = server.host() + "/team/models";
    }

    @AfterEach
    void close() {
        server.close();
        team.close();
    }

    void givingUp(Scenario scenario) throws Exception {
        Patience.growing(patience -> {
            close();
            start();
            team.patience = patience;
            scenario.run();
        });
    }

    interface Scenario {
        void run() throws Exception;
    }

    static String large() {
        return "/blobs/" + StandInRegistry.digest(bytes(Team.LARGE_CONTENT));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
