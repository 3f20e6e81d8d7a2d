package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Scaffold;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Pom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the goals add to a build of a scaffolded project whose models are there already. */
final class WarmBuildBenchmark {

    private static final int RUNS = 15;
    private static final double MILLIS = 1000;

    private WarmBuildBenchmark() {}

    static List<Benchmarks.Row> run() throws IOException, InterruptedException {
        try (WarmMaven warm = WarmMaven.start()) {
            MavenBuild maven = warm.build().jvm("");
            Path folder = warm.workspace().root();
            Scaffold.generate(maven, folder).succeeded();
            Path project = folder.resolve(Scaffold.ARTIFACT);
            maven.in(project).goals("verify").run().succeeded();
            MavenBuild build = maven.in(project).goals("verify").offline();
            String with = Pom.usual().filteringResources().toString();
            String without = Pom.withGoals().filteringResources().toString();
            time(project, with, build);
            List<Double> measured = new ArrayList<>();
            List<Double> reference = new ArrayList<>();
            // Whatever else the machine does meets both builds of a pair alike.
            List<Double> added = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                measured.add(time(project, with, build));
                reference.add(time(project, without, build));
                added.add(measured.get(run) - reference.get(run));
            }
            return List.of(new Benchmarks.Row(
                    "warm build with init, download and verify; without",
                    millis(Benchmarks.median(measured)),
                    millis(Benchmarks.median(reference)),
                    millis(Benchmarks.median(added)),
                    "<= 300 ms"));
        }
    }

    private static double time(Path project, String pom, MavenBuild build) throws IOException, InterruptedException {
        Files.writeString(project.resolve("pom.xml"), pom);
        return Benchmarks.seconds(() -> build.run().succeeded());
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.0f ms", seconds * MILLIS);
    }
}
