package io.github.modelcache.it.fault;

import io.github.modelcache.it.fault.Table.Row;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.StandInHub.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many builds that want the same models at the same moment. */
final class Crowd {

    private static final int BUILDS = 8;

    private Crowd() {}

    /** All builds are of one project. */
    static Row ofOneProject(MavenBuild maven, Path folder) throws Exception {
        try (Origin origin = Origin.start(Files.createDirectories(folder.resolve("origin")))) {
            Workspace workspace = workspace(folder.resolve("one"));
            workspace
                    .write(Config.FILE, origin.config().toString())
                    .write(Config.LOCK, lock(maven, origin, folder.resolve("locking")));
            List<Workspace> workspaces = new ArrayList<>();
            for (int i = 0; i < BUILDS; i++) {
                workspaces.add(workspace);
            }
            return run(maven, origin, workspaces, BUILDS + " builds of one project, empty cache");
        }
    }

    /** Each build is of a project of its own; all projects share one cache. */
    static Row ofProjectsThatShareACache(MavenBuild maven, Path folder) throws Exception {
        try (Origin origin = Origin.start(Files.createDirectories(folder.resolve("origin")))) {
            Path cache = Files.createDirectories(folder.resolve("cache"));
            List<Workspace> workspaces = new ArrayList<>();
            String lock = lock(maven, origin, folder.resolve("locking"));
            for (int i = 0; i < BUILDS; i++) {
                Workspace workspace = workspace(folder.resolve("project" + i));
                workspace.write(Config.LOCK, lock);
                workspace.write(
                        Config.FILE,
                        origin.config().member("base_dir", "\"" + cache + "\"").toString());
                workspaces.add(workspace);
            }
            return run(maven, origin, workspaces, BUILDS + " projects with one empty cache");
        }
    }

    /** The lock that comes from git with the project; without one, each build has to ask what a branch leads to. */
    private static String lock(MavenBuild maven, Origin origin, Path root) throws IOException, InterruptedException {
        Workspace workspace = workspace(root);
        workspace.write(Config.FILE, origin.config().toString());
        Run run = Run.complete(maven.in(workspace)
                .cache("lock")
                .property("cache.endpoint", origin.hub().endpoint().toString()));
        if (!run.succeeded()) {
            throw new IllegalStateException("lock failed:\n    " + run.end());
        }
        origin.forget();
        return workspace.read(Config.LOCK);
    }

    private static Workspace workspace(Path root) throws IOException {
        Workspace workspace = new Workspace(root);
        Files.createDirectories(workspace.home());
        Files.createDirectories(workspace.project());
        return workspace;
    }

    private static Row run(MavenBuild maven, Origin origin, List<Workspace> workspaces, String tried)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(BUILDS);
        List<Future<Run>> builds = new ArrayList<>();
        for (Workspace workspace : workspaces) {
            MavenBuild build = maven.in(workspace)
                    .cache("init", "download", "verify")
                    .property("cache.endpoint", origin.hub().endpoint().toString());
            builds.add(threads.submit(() -> Run.complete(build)));
        }
        List<String> losses = new ArrayList<>();
        int finished = 0;
        for (Future<Run> build : builds) {
            Run run = build.get();
            if (run.succeeded()) {
                finished++;
            } else {
                losses.add(tried + ": a build failed:\n    " + run.end());
            }
        }
        threads.shutdown();
        fetches(origin).forEach((file, times) -> {
            if (times > 1) {
                losses.add(tried + ": " + file + " was fetched " + times + " times");
            }
        });
        return new Row("download", tried, BUILDS, finished, "each file fetched once", losses);
    }

    /** How often each file was sent. A large file of the hub is sent by its store, after a redirect. */
    private static Map<String, Integer> fetches(Origin origin) {
        Map<String, Integer> fetches = new TreeMap<>(origin.downloads());
        List<Request> log = origin.hub().log();
        for (Request request : log) {
            boolean stored = log.stream()
                    .anyMatch(other ->
                            other.place() == Place.STORE && other.name().equals(request.name()));
            if (request.place() == Place.STORE || (request.place() == Place.FILE && !stored)) {
                fetches.merge(request.name(), 1, Integer::sum);
            }
        }
        return fetches;
    }
}
