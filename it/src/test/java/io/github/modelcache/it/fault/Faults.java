package io.github.modelcache.it.fault;

import io.github.modelcache.it.fault.FaultyDisk.Trouble;
import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * Kills goals at random moments, takes their disk away, lets clocks jump, starts many builds at once; then looks whether
 * anything was lost, and prints a table. {@code -Dfaults.seed=N} repeats a run, {@code -Dfaults.kills=N} says how many
 * kills, {@code -Dfaults.full=every} fills the disk at every single write, {@code -Dfaults.only=clean} takes only scenes
 * whose name has this regular expression in it.
 */
public final class Faults {

    private static final int SMALL_DISKS = 4;

    private final MavenBuild maven;
    private final Path folder;
    private final Settings settings;
    private final Table table = new Table();
    private final Optional<FaultyDisk> disk;

    /**
     * How much is done.
     *
     * @param seed of the random moments
     * @param kills in all
     * @param errors how often each kind of failing change or read is tried in each scene
     * @param everyWrite whether the disk fills up at each write of each scene once, instead of at random ones
     * @param lanes how many builds run at a time
     * @param only a regular expression that the names of the wanted scenes have in them; "crowd" and "small disk" are
     *     names too
     */
    record Settings(long seed, int kills, int errors, boolean everyWrite, int lanes, String only) {

        static Settings ofSystem() {
            return new Settings(
                    Long.getLong("faults.seed", System.nanoTime() % 1_000_000),
                    Integer.getInteger("faults.kills", 300),
                    Integer.getInteger("faults.errors", 1),
                    System.getProperty("faults.full", "").equals("every"),
                    Integer.getInteger(
                            "faults.lanes", Math.max(1, Runtime.getRuntime().availableProcessors())),
                    System.getProperty("faults.only", ""));
        }
    }

    Faults(MavenBuild maven, Path folder, Settings settings) throws IOException, InterruptedException {
        this.maven = maven;
        this.folder = folder;
        this.settings = settings;
        this.disk = FaultyDisk.compile(folder.resolve("faulty-disk"));
    }

    /** Runs what the system properties ask for. */
    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.ofSystem();
        System.out.println("faults.seed=" + settings.seed());
        long start = System.nanoTime();
        Table table;
        try (WarmMaven warm = WarmMaven.start()) {
            table = new Faults(warm.build(), warm.workspace().root(), settings).run();
        }
        long minutes = Math.round((System.nanoTime() - start) / 60e9);
        table.publish(
                BuildSettings.target().resolve("faults-table.txt"),
                "Seed %d, %d builds at a time, %d min".formatted(settings.seed(), settings.lanes(), minutes));
        if (!table.losses().isEmpty()) {
            System.exit(1);
        }
    }

    /** Runs all scenes, several at a time. */
    Table run() throws Exception {
        Pattern only = Pattern.compile(settings.only());
        List<Scene> scenes = Scenes.all().stream()
                .filter(scene -> only.matcher(scene.name()).find())
                .toList();
        int weight = scenes.stream().mapToInt(Scene::weight).sum();
        Queue<Scene> queue = new ConcurrentLinkedQueue<>(scenes);
        ExecutorService lanes = Executors.newFixedThreadPool(settings.lanes());
        try {
            List<Future<Void>> results = new ArrayList<>();
            for (int lane = 0; lane < settings.lanes(); lane++) {
                results.add(lanes.submit(lane("lane" + lane, queue, weight)));
            }
            for (Future<Void> result : results) {
                result.get();
            }
        } finally {
            lanes.shutdownNow();
        }
        if (only.matcher("crowd").find()) {
            table.add(Crowd.ofOneProject(maven, folder.resolve("crowd")));
            table.add(Crowd.ofProjectsThatShareACache(maven, folder.resolve("crowds")));
        }
        if (only.matcher("small disk").find() && settings.errors() > 0) {
            smallDisks();
        }
        return table;
    }

    private void smallDisks() throws IOException, InterruptedException {
        Path files = Files.createDirectories(folder.resolve("small-origin"));
        try (Origin origin = Origin.start(files);
                Stage stage = Stage.open(maven, origin, folder, "small")) {
            SmallDisk small = new SmallDisk(stage, settings.seed());
            table.add(small.download(SMALL_DISKS * settings.errors()));
            table.add(small.push(SMALL_DISKS * settings.errors()));
        }
    }

    private Callable<Void> lane(String name, Queue<Scene> queue, int weight) {
        return () -> {
            Path files = Files.createDirectories(folder.resolve(name + "-origin"));
            try (Origin origin = Origin.start(files);
                    Stage stage = Stage.open(maven, origin, folder, name)) {
                for (Scene scene = queue.poll(); scene != null; scene = queue.poll()) {
                    disturb(scene, stage, weight);
                }
            }
            return null;
        };
    }

    private void disturb(Scene scene, Stage stage, int weight) throws IOException, InterruptedException {
        int errors = settings.errors();
        SceneRuns runs = SceneRuns.prepare(scene, stage, disk, settings.seed(), errors > 0);
        int kills = (scene.weight() * settings.kills() + weight - 1) / weight;
        if (kills > 0) {
            table.add(runs.kills(kills));
        }
        if (settings.everyWrite()) {
            table.add(runs.fullAtEveryWrite());
        } else if (errors > 0) {
            table.add(runs.full(2 * errors));
        }
        if (errors > 0) {
            table.add(runs.failingChanges(errors, Trouble.EIO));
            table.add(runs.failingChanges(errors, Trouble.EACCES));
            table.add(runs.failingReads(errors, Trouble.EIO));
            table.add(runs.clock(1));
        }
    }
}
