package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.registry.DistributionRegistry;
import io.github.modelcache.it.registry.Island;
import io.github.modelcache.it.registry.Programs;
import io.github.modelcache.it.registry.ProgramsExtension;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Machine A fetches from the hub and pushes. Machine B has an empty home and a network from which only the registry can be
 * reached: it pulls, verifies, and computes with the real client. Pulling once more, it is killed and goes on. What the
 * registry was asked for is from its own log. The story is told in {@code it/target/registry-story.txt}.
 */
@Tag("clients")
@Tag("registry")
@Client("faster-whisper")
@ExtendWith(ProgramsExtension.class)
class RegistryStoryIT {

    private static final String SIZE = "tiny";
    private static final String MODEL = "Systran/faster-whisper-tiny";
    private static final String HUB = ".cache/huggingface/hub";
    private static final String LARGE = "large.safetensors";
    private static final int LARGE_MEBIBYTES = 1024;
    private static final int KILL_PERCENT = 25;

    /** The lines of a sidecar before the one with the ranges. */
    private static final int RANGES_LINE = 3;

    private static final String DECLARED = """
        { "model": "hf:%s",
          "include": ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*", "%s"] }\
        """.formatted(MODEL, LARGE);

    private final List<String> story = new ArrayList<>();

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void oneMachineFetchesAndAnotherThatReachesOnlyTheRegistryPulls(
            MavenBuild maven, Workspace workspace, PythonClient client, Programs programs) throws Exception {
        Path own = make(client, workspace);
        try (StandInHub hub = StandInHub.start();
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            hub.add(MODEL, own);
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .member("registry", "\"" + registry.host() + "/models\"")
                            .declared(DECLARED)
                            .toString());
            MavenBuild asking = maven.property("cache.endpoint", hub.endpoint().toString());
            tell("machine A", run(asking.cache("init", "download", "push"), List.of()));
            tell("the hub was asked", hub.requests().size() + " times for " + size(hub.bytesSent()));
            tell("the registry was asked", counted(registry));
            hub.forget();

            Workspace other = workspace.second();
            Optional<Island> made = Island.withPort(port(registry.host()), workspace.root());
            assumeTrue(made.isPresent(), "This user can't make a network namespace");
            try (Island island = made.orElseThrow()) {
                tell(
                        "machine B: the hub",
                        connects(client, island, hub.endpoint().getPort()) ? "can be reached" : "can't be reached");
                assertThat(connects(client, island, hub.endpoint().getPort())).isFalse();
                pulls(asking.in(other), workspace, other, registry, island);
                computes(client, other, own);
                goesOnAfterAKill(asking.in(other), other, registry, island);
            }
            same(workspace, other);
            assertThat(hub.requests()).isEmpty();
            tell("the hub was asked by machine B", "never");
        }
        Files.write(BuildSettings.target().resolve("registry-story.txt"), story, StandardCharsets.UTF_8);
    }

    private void pulls(
            MavenBuild maven, Workspace workspace, Workspace other, DistributionRegistry registry, Island island)
            throws Exception {
        registry.forget();
        other.write(Config.FILE, workspace.read(Config.FILE)).write(Config.LOCK, workspace.read(Config.LOCK));
        tell(
                "machine B, with A's commit and an empty cache",
                run(maven.cache("init", "pull", "verify"), island.command()));
        tell("the registry was asked", counted(registry));
        same(workspace, other);
    }

    private void computes(PythonClient client, Workspace other, Path own) {
        var computed = client.script(
                        PythonClient.Place.offline(other), "faster_whisper_load.py", SIZE, own.toString(), "offline")
                .json();
        assertThat(computed.path("numbers").asInt()).isPositive();
        assertThat(computed.path("difference").asDouble()).isZero();
        tell(
                "machine B: faster-whisper, without any network, computes",
                computed.path("numbers").asInt() + " numbers, the same as from the original");
    }

    private void goesOnAfterAKill(MavenBuild maven, Workspace other, DistributionRegistry registry, Island island)
            throws Exception {
        delete(other.file(".cache"));
        registry.forget();
        Process pull = maven.cache("init", "pull").start(island.command());
        long size = (long) LARGE_MEBIBYTES << 20;
        while (pull.isAlive() && noted(other) < size / 100 * KILL_PERCENT) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        pull.descendants().forEach(ProcessHandle::destroyForcibly);
        pull.destroyForcibly();
        pull.waitFor();
        long there = noted(other);
        assertThat(there).isBetween(size / 100 * KILL_PERCENT, size - 1);
        tell("machine B, emptied, pulls again and is killed", "at " + there * 100 / size + " % of the large file");
        registry.await(answers -> bytesOfRanges(answers) >= there);
        tell("the registry was asked", counted(registry));
        registry.forget();
        tell("machine B once more", run(maven.cache("init", "pull", "verify"), island.command()));
        tell("the registry was asked", counted(registry));

        // The registry may list an answer that the kill broke off only now, so the bytes are not compared one by one.
        assertThat(bytesOfRanges(registry.answers())).isBetween(size - there, size - 1);
        assertThat(registry.answers())
                .filteredOn(answer -> answer.method().equals("GET") && answer.status() == 200)
                .allSatisfy(answer -> assertThat(answer.bytes()).isLessThan(size));
        tell("of the large file it sent the rest only", size(size - there) + " of " + size(size));
    }

    private String run(MavenBuild build, List<String> before) throws Exception {
        Process process = build.start(before);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .filter(line -> line.matches("\\[(INFO|WARNING)] (Fetched|Pushed|Verified|Wrote|\\d+ model).*"))
                .map(line -> "\n    " + line.replaceAll("127\\.0\\.0\\.1:\\d+", "registry"))
                .collect(Collectors.joining());
    }

    private void tell(String who, String what) {
        story.add(who + (what.startsWith("\n") ? ":" : ": ") + what);
    }

    private static String counted(DistributionRegistry registry) {
        Map<String, long[]> byKind = new TreeMap<>();
        for (DistributionRegistry.Answer answer : registry.answers()) {
            String kind = answer.method() + (answer.path().contains("/manifests/") ? " manifest" : " content");
            long[] sums = byKind.computeIfAbsent(kind, key -> new long[2]);
            sums[0]++;
            sums[1] += answer.method().equals("GET") ? answer.bytes() : 0;
        }
        return byKind.entrySet().stream()
                .map(kind -> "\n    " + kind.getKey() + ": " + kind.getValue()[0]
                        + (kind.getValue()[1] > 0 ? ", " + kind.getValue()[1] + " bytes" : ""))
                .collect(Collectors.joining());
    }

    private static boolean connects(PythonClient client, Island island, int port) throws Exception {
        List<String> command = new ArrayList<>(island.command());
        command.addAll(List.of(
                client.home().resolve("bin/python").toString(),
                "-c",
                "import socket; socket.create_connection(('127.0.0.1', " + port + "), 5)"));
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static Path make(PythonClient client, Workspace workspace) throws IOException {
        Path folder = workspace.root().resolve("own");
        client.script(PythonClient.Place.offline(workspace), "faster_whisper_make.py", folder.toString())
                .succeeded();
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(folder.resolve(LARGE))) {
            for (int i = 0; i < LARGE_MEBIBYTES; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return folder;
    }

    private static long bytesOfRanges(List<DistributionRegistry.Answer> answers) {
        return answers.stream()
                .filter(answer -> answer.method().equals("GET") && answer.status() == 206)
                .mapToLong(DistributionRegistry.Answer::bytes)
                .sum();
    }

    /** How many bytes of the large file are there, by the sidecar of its partial file. */
    private static long noted(Workspace workspace) throws IOException {
        Path blobs = workspace.file(HUB).resolve("models--Systran--faster-whisper-tiny/blobs");
        if (!Files.isDirectory(blobs)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(blobs)) {
            return files.filter(file -> file.toString().endsWith(".incomplete.etag"))
                    .mapToLong(RegistryStoryIT::bytesNotedIn)
                    .max()
                    .orElse(0);
        }
    }

    private static long bytesNotedIn(Path sidecar) {
        try (Stream<String> lines = Files.lines(sidecar)) {
            return lines.skip(RANGES_LINE)
                    .flatMap(ranges -> Stream.of(ranges.split(",")))
                    .filter(range -> range.contains("-"))
                    .map(range -> range.split("-"))
                    .mapToLong(range -> Long.parseLong(range[1]) - Long.parseLong(range[0]))
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // replaced or deleted meanwhile
        }
    }

    private static void same(Workspace one, Workspace other) throws IOException {
        assertThat(names(other)).isEqualTo(names(one));
    }

    /** Names, links and sizes; the contents are verified by the build. */
    private static Map<String, String> names(Workspace workspace) throws IOException {
        Map<String, String> names = new TreeMap<>();
        Path hub = workspace.file(HUB);
        try (Stream<Path> all = Files.walk(hub)) {
            for (Path path : all.toList()) {
                names.put(
                        hub.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : Files.isDirectory(path) ? "/" : String.valueOf(Files.size(path)));
            }
        }
        return names;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static int port(String host) {
        return Integer.parseInt(host.substring(host.indexOf(':') + 1));
    }

    private static String size(long bytes) {
        return bytes + " bytes";
    }
}
