package io.github.modelcache.it.fault;

import io.github.modelcache.it.fault.Table.Row;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Privileges;
import io.github.modelcache.it.project.Privileges.Restriction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Real file systems that are too small, each filling up at another point; then they are made larger. */
final class SmallDisk {

    private static final int LARGE = 64 << 20;
    private static final int SMALLEST = 96 << 10;
    private static final int ENOUGH = 3 << 20;
    private static final int PAGE = 4096;

    private final Stage stage;
    private final Random random;

    SmallDisk(Stage stage, long seed) {
        this.stage = stage;
        this.random = new Random(seed);
    }

    /** Project and cache lie on the disk. */
    Row download(int times) throws IOException, InterruptedException {
        return fill(
                "download",
                "project",
                times,
                () -> stage.clear(),
                () -> stage.workspace()
                        .write(Config.FILE, stage.origin().config().toString()),
                on -> on.build("download"));
    }

    /** The folder that serves as a registry lies on the disk. */
    Row push(int times) throws IOException, InterruptedException {
        return fill(
                "push",
                "nas",
                times,
                () -> {
                    stage.clear();
                    Scenes.fetched(stage);
                },
                () -> {},
                Scenes::push);
    }

    /** Makes a situation. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private Row fill(String goal, String where, int times, Step first, Step mounted, Function<Stage, MavenBuild> goalOn)
            throws IOException, InterruptedException {
        String tried = "small disk fills up: " + where + " on tmpfs";
        Path mount = stage.folders().getOrDefault(where, stage.far());
        List<String> losses = new ArrayList<>();
        int tries = 0;
        int finished = 0;
        Optional<State> end = Optional.empty();
        while (tries < times) {
            first.run();
            Files.createDirectories(mount);
            int size = end.isEmpty() ? LARGE : (SMALLEST + random.nextInt(ENOUGH - SMALLEST)) / PAGE * PAGE;
            Optional<Restriction> disk = Privileges.smallDisk(mount, size);
            if (disk.isEmpty()) {
                return Row.skipped(goal, tried, "this user can't mount a disk");
            }
            try (Restriction held = disk.get()) {
                Objects.requireNonNull(held);
                mounted.run();
                State before = stage.state();
                Run run = Run.complete(goalOn.apply(stage));
                if (end.isEmpty()) {
                    end = Optional.of(stage.state());
                    continue;
                }
                if (run.succeeded()) {
                    continue; // There was room for everything.
                }
                tries++;
                String moment = goal + ", " + tried + ", " + size + " bytes: ";
                stage.state().losses(before, end.get(), false).forEach(loss -> losses.add(moment + loss));
                if (run.lines().stream().noneMatch(line -> line.matches(".*( is full|are free).*"))) {
                    losses.add(moment + "the failure does not name the full disk:\n    " + run.end());
                }
                if (!Privileges.resize(mount, LARGE)) {
                    throw new IOException(mount + " can't be made larger");
                }
                Run next = Run.complete(goalOn.apply(stage));
                List<String> differences =
                        stage.state().finished().differences(end.get().finished());
                if (next.succeeded() && differences.isEmpty()) {
                    finished++;
                } else {
                    losses.add(moment + "the next run: " + differences + "\n    " + next.end());
                }
            }
        }
        return new Row(goal, tried, tries, finished, "", losses);
    }
}
