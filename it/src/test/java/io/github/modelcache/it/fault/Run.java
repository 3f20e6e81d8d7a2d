package io.github.modelcache.it.fault;

import io.github.modelcache.it.maven.MavenBuild;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A build that has ended, by itself or not.
 *
 * @param exitCode its exit code
 * @param lines what it said
 * @param millis how long its goal took, from its heading to the end of the process
 */
record Run(int exitCode, List<String> lines, long millis) {

    private static final int SECONDS = 1200;
    private static final long NEVER = Long.MAX_VALUE;

    /** Runs a build to its end. */
    static Run complete(MavenBuild build) throws IOException, InterruptedException {
        return killed(build, NEVER);
    }

    /** Runs a build and kills it so many nanoseconds after its last goal has begun, if it is not over by then. */
    static Run killed(MavenBuild build, long nanos) throws IOException, InterruptedException {
        Process process = build.start();
        process.getOutputStream().close();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch begun = new CountDownLatch(1);
        Thread reader = new Thread(() -> read(process, lines, begun), "screen");
        reader.start();
        if (!begun.await(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        long start = System.nanoTime();
        if (nanos != NEVER && !process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
            process.destroyForcibly();
        }
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            lines.add("It did not end within " + SECONDS + " s");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        reader.join();
        return new Run(process.exitValue(), List.copyOf(lines), millis);
    }

    private static void read(Process process, List<String> lines, CountDownLatch begun) {
        try (BufferedReader screen = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = screen.readLine(); line != null; line = screen.readLine()) {
                lines.add(line);
                if (line.startsWith("[INFO] --- cache")) {
                    begun.countDown();
                }
            }
        } catch (IOException e) {
            return; // Who kills a process closes its screen too.
        } finally {
            begun.countDown();
        }
    }

    boolean succeeded() {
        return exitCode == 0;
    }

    boolean wasKilled() {
        return exitCode == 137;
    }

    /** What it said at the end. */
    String end() {
        return String.join("\n    ", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }
}
