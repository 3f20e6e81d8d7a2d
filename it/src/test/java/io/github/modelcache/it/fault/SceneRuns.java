package io.github.modelcache.it.fault;

import io.github.modelcache.it.fault.FaultyDisk.Trouble;
import io.github.modelcache.it.fault.Table.Row;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/** One scene, first undisturbed and then in all kinds of trouble. */
final class SceneRuns {

    private static final String READY = "ready";
    private static final int MOST_TRIES = 5;
    private static final int WORTH_ANNOUNCING = 10;
    private static final long FORTY_YEARS = 1_262_304_000;

    private final Scene scene;
    private final Stage stage;
    private final Optional<FaultyDisk> disk;
    private final Random random;
    private final State before;
    private final State end;
    private final List<String> changes;
    private final List<String> reads;
    private final long millis;

    private SceneRuns(
            Scene scene,
            Stage stage,
            Optional<FaultyDisk> disk,
            Random random,
            State before,
            State end,
            List<String> changes,
            List<String> reads,
            long millis) {
        this.scene = scene;
        this.stage = stage;
        this.disk = disk;
        this.random = random;
        this.before = before;
        this.end = end;
        this.changes = changes;
        this.reads = reads;
        this.millis = millis;
    }

    /** Prepares the scene and runs it once undisturbed, so that it is known how that ends and what it does. */
    static SceneRuns prepare(Scene scene, Stage stage, Optional<FaultyDisk> disk, long seed, boolean countReads)
            throws IOException, InterruptedException {
        stage.clear();
        scene.preparation().on(stage);
        Files.deleteIfExists(stage.log());
        stage.keep(READY);
        State before = stage.state();
        Collection<Path> folders = stage.watched();
        MavenBuild build = scene.build().apply(stage);
        Run run = Run.complete(
                disk.map(d -> d.logsChanges(build, folders, stage.log())).orElse(build));
        if (!run.succeeded()) {
            throw new IllegalStateException(scene.name() + " fails when nothing disturbs it:\n    " + run.end());
        }
        List<String> changes = FaultyDisk.read(stage.log());
        State end = stage.state();
        List<String> reads = List.of();
        if (countReads && disk.isPresent()) {
            stage.restore(READY);
            Run.complete(disk.get().logsReads(build, folders, stage.log()));
            reads = FaultyDisk.read(stage.log());
        }
        Random random = new Random(seed * 31 + scene.name().hashCode());
        return new SceneRuns(scene, stage, disk, random, before, end, changes, reads, run.millis());
    }

    /** Kills the goal, half of the times by the clock and half at a change of the disk, and runs it again. */
    Row kills(int times) throws IOException, InterruptedException {
        Tally tally = new Tally();
        for (int i = 0; i < times; i++) {
            for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
                if (killed(i % 2 == 0, tally)) {
                    break;
                }
            }
        }
        return tally.row("killed: " + scene.situation());
    }

    private boolean killed(boolean byClock, Tally tally) throws IOException, InterruptedException {
        stage.restore(READY);
        SortedMap<String, Fingerprint> outside = stage.outside(scene.touches());
        MavenBuild build = scene.build().apply(stage);
        Run run;
        String moment;
        if (byClock || disk.isEmpty() || changes.isEmpty()) {
            long nanos = (long) (random.nextDouble() * TimeUnit.MILLISECONDS.toNanos(millis));
            run = Run.killed(build, nanos);
            moment = "killed after " + TimeUnit.NANOSECONDS.toMillis(nanos) + " of " + millis + " ms";
        } else {
            int change = 1 + random.nextInt(changes.size());
            run = Run.complete(disk.get()
                    .kills(build, stage.watched(), change)
                    .env("FAULT_LOG", stage.log().toString()));
            moment = "killed at change " + change + " of " + changes.size() + " " + lastEvent();
        }
        if (!run.wasKilled()) {
            return false;
        }
        tally.times++;
        List<String> losses = stage.state().losses(before, end, false);
        tally.lost(moment, losses);
        tally.outside(moment, outside);
        again(moment, tally);
        return true;
    }

    private String lastEvent() throws IOException {
        List<String> events = FaultyDisk.read(stage.log());
        return events.isEmpty() ? "" : "(" + events.get(events.size() - 1) + ")";
    }

    /** The next run of the goal, which has to end well. */
    private void again(String moment, Tally tally) throws IOException, InterruptedException {
        Run next = Run.complete(scene.build().apply(stage));
        if (!next.succeeded()) {
            tally.lost(moment, List.of("the next run failed:\n    " + next.end()));
            return;
        }
        State now = stage.state();
        List<String> differences = now.finished().differences(end.finished());
        tally.lost(moment + ", after the next run", differences);
        if (differences.isEmpty()) {
            tally.finished++;
        }
        List<String> leftovers = new ArrayList<>(now.leftovers());
        leftovers.removeAll(end.leftovers());
        if (!leftovers.isEmpty()) {
            tally.leftovers++;
            System.out.println("  left behind by " + scene.name() + ", " + moment + ": " + leftovers);
        }
    }

    /** Fills the disk at random changes; all later ones that need room fail too. */
    Row full(int times) throws IOException, InterruptedException {
        return fail("disk full: " + scene.situation(), some(times, needingRoom()), changes, this::fullDisk);
    }

    /** Fills the disk at each change that needs room, one run after the other. */
    Row fullAtEveryWrite() throws IOException, InterruptedException {
        return fail("disk full at every write: " + scene.situation(), needingRoom(), changes, this::fullDisk);
    }

    private List<Integer> needingRoom() {
        return numbers(changes).stream()
                .filter(change -> !changes.get(change - 1).matches("(rename|delete|truncate|chmod|times) .*"))
                .toList();
    }

    private MavenBuild fullDisk(MavenBuild build, int change) {
        return disk.orElseThrow().fillsUp(build, stage.watched(), change);
    }

    /** Lets a random change fail. */
    Row failingChanges(int times, Trouble trouble) throws IOException, InterruptedException {
        return fail(
                trouble + " of a change: " + scene.situation(),
                some(times, numbers(changes)),
                changes,
                (build, change) -> disk.orElseThrow().failsChange(build, stage.watched(), change, trouble));
    }

    /** Lets a random opening or reading fail. */
    Row failingReads(int times, Trouble trouble) throws IOException, InterruptedException {
        return fail(
                trouble + " of a read: " + scene.situation(),
                some(times, numbers(reads)),
                reads,
                (build, read) -> disk.orElseThrow().failsRead(build, stage.watched(), read, trouble));
    }

    private List<Integer> some(int times, List<Integer> candidates) {
        return candidates.isEmpty()
                ? List.of()
                : random.ints(times, 0, candidates.size())
                        .mapToObj(candidates::get)
                        .toList();
    }

    private static List<Integer> numbers(List<String> events) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= events.size(); i++) {
            numbers.add(i);
        }
        return numbers;
    }

    /** Disturbs a build at an event. */
    @FunctionalInterface
    private interface Disturbance {
        MavenBuild at(MavenBuild build, int event);
    }

    private Row fail(String tried, List<Integer> moments, List<String> events, Disturbance disturbance)
            throws IOException, InterruptedException {
        if (disk.isEmpty()) {
            return Row.skipped(scene.goal(), tried, "no C compiler");
        }
        Tally tally = new Tally();
        if (moments.size() > WORTH_ANNOUNCING) {
            System.out.printf(Locale.ROOT, "%s, %s: %d of %d%n", scene.goal(), tried, moments.size(), events.size());
        }
        for (int event : moments) {
            String moment = tried + ", at " + event + " of " + events.size() + " (" + events.get(event - 1) + ")";
            stage.restore(READY);
            SortedMap<String, Fingerprint> outside = stage.outside(scene.touches());
            Run run = Run.complete(disturbance.at(scene.build().apply(stage), event));
            tally.times++;
            State now = stage.state();
            tally.lost(moment, now.losses(before, end, scene.goal().equals("migrate")));
            tally.outside(moment, outside);
            tally.lost(moment, complaints(run, now));
            again(moment, tally);
        }
        return tally.row(tried);
    }

    /** A run that says success has to be one, and one that fails must say what is wrong without showing its inside. */
    private List<String> complaints(Run run, State now) {
        List<String> complaints = new ArrayList<>();
        if (run.succeeded() && !now.finished().differences(end.finished()).isEmpty()) {
            boolean said = run.lines().stream().anyMatch(line -> line.startsWith("[WARNING]"));
            if (!said) {
                complaints.add(
                        "it said success without a word, but " + now.finished().differences(end.finished()));
            }
        }
        if (!run.succeeded()) {
            boolean named = run.lines().stream().anyMatch(line -> line.startsWith("[ERROR] Failed to execute goal"));
            boolean inside = run.lines().stream().anyMatch(line -> line.matches("\\s+at [\\w.$/@]+\\(.*\\)"));
            if (!named || inside) {
                complaints.add("the failure is not told well:\n    " + run.end());
            }
        }
        return complaints;
    }

    /** Lets the clock jump at a random change, ahead or back, and sets the times of all files likewise. */
    Row clock(int times) throws IOException, InterruptedException {
        Tally tally = new Tally();
        for (int i = 0; i < times; i++) {
            stage.restore(READY);
            boolean ahead = random.nextBoolean();
            long seconds = ahead ? FORTY_YEARS : -FORTY_YEARS;
            int change = 1 + random.nextInt(Math.max(1, changes.size()));
            String moment = "the clock jumps " + (ahead ? "ahead" : "back") + " at change " + change;
            MavenBuild build = scene.build().apply(stage);
            MavenBuild jumping = disk.map(d -> d.jumps(build, stage.watched(), change, seconds))
                    .orElse(build);
            if (!scene.goal().equals("clean")) {
                Instant time = Instant.now().plusSeconds(random.nextBoolean() ? FORTY_YEARS : -FORTY_YEARS);
                stage.setTimes(FileTime.from(time));
                moment += ", files are of " + time;
            }
            SortedMap<String, Fingerprint> outside = stage.outside(scene.touches());
            Run run = Run.complete(jumping);
            tally.times++;
            State now = stage.state();
            tally.lost(moment, now.losses(before, end, scene.goal().equals("migrate")));
            tally.outside(moment, outside);
            if (!run.succeeded()) {
                tally.lost(moment, List.of("it failed:\n    " + run.end()));
            }
            again(moment, tally);
        }
        return tally.row("clock and file times jump: " + scene.situation());
    }

    int changes() {
        return changes.size();
    }

    /** What came out of the runs of one kind. */
    private final class Tally {

        private int times;
        private int finished;
        private int leftovers;
        private final List<String> losses = new ArrayList<>();

        void lost(String moment, List<String> what) {
            if (!what.isEmpty()) {
                losses.add(scene.name() + ", " + moment + ": " + String.join("; ", what));
            }
        }

        void outside(String moment, SortedMap<String, Fingerprint> was) {
            SortedMap<String, Fingerprint> is = stage.outside(scene.touches());
            was.forEach((name, fingerprint) -> {
                if (!fingerprint.equals(is.get(name))) {
                    lost(moment, List.of("the folder " + name + " was changed, which is none of its business"));
                }
            });
        }

        Row row(String tried) {
            String note = leftovers == 0 ? "" : leftovers + " times a temporary stayed";
            return new Row(scene.goal(), tried, times, finished, note, losses);
        }
    }
}
