package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;


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
