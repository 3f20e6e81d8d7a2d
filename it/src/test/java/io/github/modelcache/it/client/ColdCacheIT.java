package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** Several programs that fill one cold cache at once. */
@Tag("clients")
@Client("hub-newest")
class ColdCacheIT {

    private static final String ID = "acme/tiny";
    private static final List<String> LARGE = List.of("model.safetensors", "onnx/model.onnx");
    private static final int LARGE_BYTES = 24_000_000;

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void isFilledByTwoBuildsAndAClientAtOnce(MavenBuild maven, Workspace workspace, PythonClient client)
            throws Exception {
        Path origin = HubScenarios.origin(workspace);
        for (String name : LARGE) {
            Files.createDirectories(origin.resolve(name).getParent());
            Files.write(origin.resolve(name), ModelContent.of(name.length(), LARGE_BYTES));
        }
        Path home = workspace.file(".cache/huggingface");
        Workspace second = workspace.second();
        MavenBuild other = maven.in(second);
        try (StandInHub hub = StandInHub.start()) {
            hub.add(ID, origin);
            holdBack(hub);
            workspace.write(Config.FILE, Config.empty().model("hf:" + ID).toString());
            second.write(
                    Config.FILE,
                    Config.empty()
                            .member("hf_home", "\"" + home + "\"")
                            .model("hf:" + ID)
                            .toString());

            List<String> wrong = whileReading(
                    home.resolve("hub"),
                    origin,
                    () -> HubScenarios.maven(maven, hub, "init", "download", "verify")
                            .succeeded(),
                    () -> HubScenarios.maven(other, hub, "init", "download", "verify")
                            .succeeded(),
                    () -> client.script(PythonClient.Place.online(workspace, hub.endpoint()), "hub.py", ID)
                            .succeeded());

            assertThat(wrong).as("what a reader saw that was not whole").isEmpty();
            for (String name : LARGE) {
                assertThat(sent(hub, name, true)).as("%s to Maven", name).isEqualTo(1);
                assertThat(sent(hub, name, false)).as("%s to the client", name).isLessThanOrEqualTo(1);
            }
            hub.forget();
            for (MavenBuild build : List.of(maven, other)) {
                HubScenarios.maven(build.property("cache.rehash", "true").offline(), hub, "download", "verify")
                        .succeeded();
            }
            JsonNode loaded = client.script(PythonClient.Place.offline(workspace), "hub.py", ID)
                    .json();
            assertThat(HubScenarios.digests(loaded)).isEqualTo(HubScenarios.digests(origin));
            assertThat(hub.requests()).isEmpty();
        }
    }

    /** No large file is sent before both builds have planned on an empty cache; the client gets its after they began. */
    private static void holdBack(StandInHub hub) {
        CountDownLatch planned = new CountDownLatch(2);
        CountDownLatch begun = new CountDownLatch(LARGE.size());
        hub.fault(Place.TREE, ID, asked -> {
            if (isMaven(asked.agent())) {
                planned.countDown();
            }
            return false;
        });
        for (String name : LARGE) {
            hub.fault(Place.STORE, name, asked -> {
                Fault.after(planned).answer(asked);
                if (isMaven(asked.agent())) {
                    begun.countDown();
                }
                return Fault.after(begun).answer(asked);
            });
        }
    }

    private static boolean isMaven(String agent) {
        return agent.startsWith("cache-maven-plugin/");
    }

    private static long sent(StandInHub hub, String name, boolean toMaven) {
        return hub.log().stream()
                .filter(request ->
                        request.place() == Place.STORE && request.name().equals(name))
                .filter(request -> isMaven(request.agent()) == toMaven)
                .count();
    }

    /** Runs all at once and reads, until they are through, what a library would find. */
    private static List<String> whileReading(Path cache, Path origin, Callable<?>... all) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.length);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Callable<?> one : all) {
                running.add(threads.submit(one));
            }
            List<String> wrong = new ArrayList<>();
            boolean through;
            do {
                through = running.stream().allMatch(Future::isDone);
                read(cache, origin, wrong);
            } while (!through);
            for (Future<?> one : running) {
                one.get();
            }
            return wrong;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void read(Path cache, Path origin, List<String> wrong) throws IOException {
        Path snapshots = cache.resolve("models--acme--tiny/snapshots");
        if (!Files.isDirectory(snapshots)) {
            Thread.onSpinWait();
            return;
        }
        try (Stream<Path> commits = Files.list(snapshots);
                Stream<Path> files = Files.walk(origin)) {
            List<Path> names = files.filter(Files::isRegularFile).toList();
            for (Path commit : commits.toList()) {
                for (Path file : names) {
                    String name = origin.relativize(file).toString();
                    compare(commit.resolve(name), file, wrong);
                }
            }
        }
    }

    private static void compare(Path cached, Path original, List<String> wrong) throws IOException {
        try {
            if (!Arrays.equals(Files.readAllBytes(cached), Files.readAllBytes(original))) {
                wrong.add(cached.toString());
            }
        } catch (NoSuchFileException e) {
            return; // not there yet, which is no wrong byte
        }
    }
}
