package io.github.modelcache.it.fault;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.testing.HubFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The goals that change the disk, each in the situations that matter to it. */
final class Scenes {

    private static final String HUB = ".cache/huggingface/hub/";
    private static final String TINY = "models--acme--tiny";
    private static final String VAD = "acme_vad_main";
    private static final String FETCHED = "fetched";
    private static final List<String> PROJECT = List.of("project");

    private Scenes() {}

    static List<Scene> all() {
        return Stream.of(download(), segments(), lockAndInit(), gathering(), moving(), clean(), registry())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Scene> download() {
        return List.of(
                new Scene(
                        "download", "empty cache", 40, PROJECT, Scenes::initialized, stage -> stage.build("download")),
                new Scene("download", "damaged cache", 15, PROJECT, Scenes::damaged, stage -> stage.build("download")),
                new Scene(
                        "download", "another revision", 10, PROJECT, Scenes::moved, stage -> stage.build("download")));
    }

    private static List<Scene> segments() {
        return List.of(
                segments("in segments", 15, stage -> large(stage, LargeOrigin::honest)),
                segments("in segments, half there", 10, Scenes::halfThere),
                segments("in segments that lie", 10, stage -> large(stage, LargeOrigin::lying)));
    }

    private static Scene segments(String situation, int weight, Scene.Preparation preparation) {
        return new Scene("download", situation, weight, PROJECT, preparation, stage -> stage.build("download"));
    }

    private static List<Scene> lockAndInit() {
        return List.of(
                new Scene("lock", "no lock yet", 12, PROJECT, Scenes::initialized, stage -> stage.build("lock")),
                new Scene(
                        "lock",
                        "newer revision",
                        12,
                        PROJECT,
                        stage -> {
                            fetched(stage);
                            stage.origin().version(2);
                        },
                        stage -> stage.build("lock").property("cache.update", "all")),
                new Scene("init", "new project", 12, PROJECT, stage -> {}, stage -> stage.build("init")),
                new Scene("init", "project with a config", 12, PROJECT, Scenes::old, stage -> stage.build("init")));
    }

    private static List<Scene> gathering() {
        return List.of(
                new Scene("migrate", "gather", 35, PROJECT, Scenes::scattered, stage -> stage.build("migrate")),
                new Scene(
                        "migrate",
                        "gather, old places stay",
                        15,
                        PROJECT,
                        Scenes::scattered,
                        stage -> stage.build("migrate").property("cache.migrate.keepSource", "true")),
                new Scene(
                        "migrate",
                        "gather, from home too",
                        20,
                        List.of("project", "home"),
                        Scenes::scattered,
                        stage -> stage.build("migrate").property("cache.migrate.keepSource", "false")),
                new Scene(
                        "migrate",
                        "gather on another disk",
                        25,
                        List.of("project", "far"),
                        stage -> {
                            scattered(stage);
                            toFar(stage);
                        },
                        stage -> stage.build("migrate")));
    }

    private static List<Scene> moving() {
        return List.of(
                new Scene(
                        "migrate",
                        "to a folder",
                        15,
                        List.of("project", "near"),
                        Scenes::fetched,
                        stage -> stage.build("migrate")
                                .property(
                                        "cache.migrate.to",
                                        stage.workspace()
                                                .root()
                                                .resolve("near/cache")
                                                .toString())),
                new Scene(
                        "migrate",
                        "to another disk",
                        25,
                        List.of("project", "far"),
                        Scenes::fetched,
                        stage -> stage.build("migrate")
                                .property(
                                        "cache.migrate.to",
                                        stage.far().resolve("cache").toString())),
                new Scene(
                        "migrate",
                        "back from another disk",
                        20,
                        List.of("project", "far"),
                        stage -> {
                            fetched(stage);
                            toFar(stage);
                        },
                        stage -> stage.build("migrate").property("cache.migrate.to", ".cache")));
    }

    private static List<Scene> clean() {
        return List.of(
                cleaning("stale", 8, Scenes::stale),
                cleaning("unused", 20, Scenes::stale),
                cleaning("models", 20, Scenes::stale),
                cleaning("all", 15, Scenes::stale));
    }

    private static Scene cleaning(String scope, int weight, Scene.Preparation preparation) {
        return new Scene(
                "clean",
                scope,
                weight,
                PROJECT,
                preparation,
                stage -> stage.build("clean").property("cache.scope", scope));
    }

    private static List<Scene> registry() {
        return List.of(
                new Scene("push", "new folder", 25, List.of("project", "nas"), Scenes::fetched, Scenes::push),
                new Scene(
                        "push",
                        "another revision",
                        12,
                        List.of("project", "nas"),
                        stage -> {
                            pushed(stage);
                            moved(stage);
                            succeed(stage, "download");
                        },
                        Scenes::push),
                new Scene(
                        "pull",
                        "empty cache",
                        25,
                        PROJECT,
                        stage -> {
                            pushed(stage);
                            Run.complete(stage.build("clean").property("cache.scope", "models"));
                        },
                        stage -> stage.build("pull").property("cache.registry", nas(stage))));
    }

    static MavenBuild push(Stage stage) {
        return stage.build("push").property("cache.registry", nas(stage));
    }

    private static String nas(Stage stage) {
        return stage.workspace().root().resolve("nas").toUri().toString();
    }

    static void initialized(Stage stage) throws IOException, InterruptedException {
        stage.origin().version(1);
        stage.workspace().write(Config.FILE, stage.origin().config().toString());
        succeed(stage, "init");
    }

    private static void large(Stage stage, Consumer<LargeOrigin> server) throws IOException, InterruptedException {
        server.accept(stage.origin().large());
        stage.workspace().write(Config.FILE, stage.origin().large().config().toString());
        succeed(stage, "init");
    }

    /** The start and the end of the file have arrived. */
    private static void halfThere(Stage stage) throws IOException, InterruptedException {
        large(stage, LargeOrigin::withoutItsMiddle);
        Run run = Run.complete(stage.build("download"));
        if (run.succeeded()) {
            throw new IllegalStateException("the file has no middle, but it was fetched:\n    " + run.end());
        }
        stage.origin().large().honest();
    }

    /** A project whose models are all there. */
    static void fetched(Stage stage) throws IOException, InterruptedException {
        stage.origin().version(1);
        if (stage.isKept(FETCHED)) {
            stage.restore(FETCHED);
            return;
        }
        initialized(stage);
        succeed(stage, "download");
        stage.keep(FETCHED);
    }

    private static void succeed(Stage stage, String goal) throws IOException, InterruptedException {
        Run run = Run.complete(stage.build(goal));
        if (!run.succeeded()) {
            throw new IllegalStateException(goal + " failed:\n    " + run.end());
        }
    }

    private static void damaged(Stage stage) throws IOException, InterruptedException {
        fetched(stage);
        Workspace workspace = stage.workspace();
        Path weights = workspace.find(HUB, "weights.bin").toRealPath();
        Files.write(weights, ModelContent.flipped(Files.readAllBytes(weights)));
        Files.delete(workspace.find(HUB, "config.json").toRealPath());
        Files.delete(workspace.find(".cache/torch", "vad.onnx"));
        workspace.write(".cache/models/vad/vad.onnx", "<html>not a model</html>");
    }

    /** The lock has moved on to another revision, the cache has not. */
    private static void moved(Stage stage) throws IOException, InterruptedException {
        if (!Files.exists(stage.workspace().file(Config.LOCK))) {
            fetched(stage);
        }
        stage.origin().version(2);
        Run run = Run.complete(stage.build("lock").property("cache.update", "all"));
        if (!run.succeeded()) {
            throw new IllegalStateException("lock failed:\n    " + run.end());
        }
    }

    private static void old(Stage stage) {
        stage.workspace()
                .write(
                        Config.FILE,
                        stage.origin().config().member("mine", "[1, 2]").toString())
                .write(".gitignore", "*.log\n/venv/\n")
                .write("src/stage.py", "print('mine')\n");
    }

    /** The models lie in the legacy folder, in the split cache and in the home folder. */
    private static void scattered(Stage stage) throws IOException, InterruptedException {
        fetched(stage);
        Workspace workspace = stage.workspace();
        Path home = workspace.home().resolve(".cache");
        Path old = workspace.file("shared/model-cache");
        copy(workspace.file(HUB + TINY), workspace.file(".cache/huggingface/" + TINY));
        copy(workspace.file(HUB + TINY), home.resolve("huggingface/hub/" + TINY));
        copy(workspace.file(".cache/torch/hub/" + VAD), home.resolve("torch/hub/" + VAD));
        Files.createDirectories(old.resolve("huggingface/hub"));
        Files.createDirectories(old.resolve("torch/hub/checkpoints"));
        Files.move(workspace.file(HUB + TINY), old.resolve("huggingface/hub/" + TINY));
        Files.move(workspace.file(".cache/torch/hub/" + VAD), old.resolve("torch/hub/" + VAD));
        Files.write(old.resolve("torch/hub/checkpoints/mine.pt"), ModelContent.of(20, 200_000));
        new HubFixture(workspace.file(".cache/torch"), "acme/more")
                .large("more.bin", "more ".repeat(10_000))
                .small("config.json", "{\"more\": 1}")
                .ref("main", HubFixture.COMMIT);
        new HubFixture(old.resolve("huggingface/hub"), "acme/mixed")
                .real("model.bin", "mixed ".repeat(20_000), true)
                .ref("main", HubFixture.COMMIT);
        workspace.write("shared/model-cache/notes.txt", "mine").write(home.resolve("huggingface/token"), "secret");
    }

    /** The cache lies on another disk, and a link leads there. */
    private static void toFar(Stage stage) throws IOException, InterruptedException {
        Path cache = stage.workspace().file(".cache");
        Files.createDirectories(stage.far());
        copy(cache, stage.far().resolve("cache"));
        new ProcessBuilder("rm", "-rf", cache.toString()).start().waitFor();
        Files.createSymbolicLink(cache, stage.far().resolve("cache"));
    }

    private static void stale(Stage stage) throws IOException, InterruptedException {
        fetched(stage);
        Workspace workspace = stage.workspace();
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(200)));
        Path hub = workspace.file(HUB);
        new HubFixture(hub, "acme/unused")
                .large("model.bin", "unused ".repeat(10_000))
                .small("config.json", "{\"unused\": 1}")
                .ref("main", HubFixture.COMMIT)
                .tree(Map.of());
        Path partial = hub.resolve(TINY + "/blobs/" + "a".repeat(64) + ".12345678.incomplete");
        workspace
                .write(partial, "half")
                .write(".cache/torch/hub/checkpoints/unused.pt", "checkpoint ".repeat(1000))
                .write(".cache/torch/hub/acme_unused_main/hubconf.py", "pass\n")
                .write(".cache/torch/hub/acme_unused_main/src/unused.py", "pass\n")
                .write(".cache/models/unused/unused.bin", "flat ".repeat(1000));
        Files.setLastModifiedTime(partial, longAgo);
        for (int i = 0; i < 20; i++) {
            workspace.write("out/tmdb_cache/old" + i + ".json", "{}").write("out/tmdb_cache/new" + i + ".json", "{}");
            Files.setLastModifiedTime(workspace.file("out/tmdb_cache/old" + i + ".json"), longAgo);
        }
    }

    private static void pushed(Stage stage) throws IOException, InterruptedException {
        fetched(stage);
        Run run = Run.complete(push(stage));
        if (!run.succeeded()) {
            throw new IllegalStateException("push failed:\n    " + run.end());
        }
    }

    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        Files.createDirectories(to.getParent());
        Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .inheritIO()
                .start();
        if (copying.waitFor() != 0) {
            throw new IOException(from + " can't be copied to " + to);
        }
    }
}
