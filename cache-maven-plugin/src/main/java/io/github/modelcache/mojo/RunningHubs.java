package io.github.modelcache.mojo;

import io.github.modelcache.config.ConfigException;
import io.github.modelcache.model.LockException;
import io.github.modelcache.mojo.maven.SessionEnd;
import io.github.modelcache.mojo.maven.SessionValues;
import io.github.modelcache.serve.HubServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.maven.execution.MavenSession;

/** The servers of a build. Modules with the same root share one, which ends with the last of them, or with the build. */
final class RunningHubs {

    private final List<Running> hubs = new ArrayList<>();

    private record Running(Path root, HubServer.Options options, HubServer server, Set<Path> modules) {}

    /** Starts a server. */
    @FunctionalInterface
    interface Start {
        HubServer run() throws ConfigException, LockException, IOException;
    }

    /** Those of this build. */
    static RunningHubs of(MavenSession session) {
        return SessionValues.get(session, RunningHubs.class, () -> {
            RunningHubs hubs = new RunningHubs();
            SessionEnd.run(session, hubs::stopAll);
            return hubs;
        });
    }

    /** The server of a root for one more module. */
    synchronized HubServer start(Path root, Path module, HubServer.Options options, Start start)
            throws ConfigException, LockException, IOException {
        Optional<Running> running = hubs.stream()
                .filter(each -> each.root().equals(root) && each.options().equals(options))
                .findFirst();
        Running joined = running.isPresent() ? running.get() : new Running(root, options, start.run(), new HashSet<>());
        if (running.isEmpty()) {
            hubs.add(joined);
        }
        joined.modules().add(module);
        return joined.server();
    }

    /** The address of a server of this root. */
    synchronized Optional<URI> url(Path root) {
        return hubs.stream()
                .filter(each -> each.root().equals(root))
                .map(each -> each.server().url())
                .findFirst();
    }

    /** Stops the servers that no other module needs. */
    synchronized void stop(Path root, Path module) {
        hubs.stream()
                .filter(each -> each.root().equals(root))
                .forEach(each -> each.modules().remove(module));
        stopIf(each -> each.modules().isEmpty());
    }

    private synchronized void stopAll() {
        stopIf(each -> true);
    }

    private void stopIf(Predicate<Running> unneeded) {
        hubs.stream().filter(unneeded).forEach(each -> each.server().close());
        hubs.removeIf(unneeded);
    }
}
