package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A cache that many programs have left their traces in, verified offline. */
class VerifyEverythingIT {

    private static final String REPORT = ".cache/reports/verify.json";
    private static final String HUB = ".cache/huggingface/hub/";
    private static final String TINY = HUB + "models--acme--tiny/";
    private static final String CHECKPOINTS = ".cache/torch/hub/checkpoints/";
    private static final String XET = "ab" + "0".repeat(62);

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aMessyCacheIsToldFileByFileAndCanBePutRightOffline(MavenBuild maven, Workspace workspace) throws Exception {
        String commit = fill(maven, workspace);
        Path hub = workspace.file(HUB);
        HubFixture old = new HubFixture(hub, "acme/old")
                .large("model.bin", "weights")
                .small("config.json", "{}")
                .ref("main", HubFixture.COMMIT);
        new HubFixture(hub, "acme/mirrored").named("a.bin", "etag-of-a-mirror", "aa");
        HubFixture shared = new HubFixture(hub, "acme/shared").stored("m.bin", XET, "shared");
        HubFixture copied = new HubFixture(hub, "acme/copied").real("model.bin", "weights", true);
        Path list = old.tree(Map.of("config.json", 3L));
        copied.tree(Map.of());
        Files.writeString(old.blob("model.bin"), "WEIGHTS");
        Files.writeString(copied.file("model.bin"), "version https://git-lfs.github.com/spec/v1\n");
        Files.delete(shared.stored(XET));
        workspace
                .write(TINY + "refs/main", "f".repeat(40))
                .write(HUB + "models--acme--old/refs/v1", HubFixture.COMMIT + "\n")
                .write(HUB + "models--acme--old/refs/gone", "e".repeat(40))
                .write(CHECKPOINTS + "net-0123abcd.pth", "weights")
                .write(CHECKPOINTS + "mine.pth", "weights")
                .write(".cache/whisper/tiny.pt", "a part")
                .write(TINY + "blobs/" + "c".repeat(64) + ".incomplete", "1")
                .write(TINY + "blobs/" + "d".repeat(64) + ".0123abcd.incomplete", "22")
                .write(CHECKPOINTS + "net.pth." + "0123456789abcdef".repeat(2) + ".partial", "333")
                .write(HUB + ".DS_Store", "")
                .write(HUB + "version.txt", "1")
                .write(TINY + ".no_exist/" + commit + "/adapter_config.json", "");

        BuildResult failed =
                maven.cache("verify").offline().run().failedWith("model-corrupt", "not-a-model", "dangling-link");

        Map<String, List<String>> expected = new TreeMap<>();
        expected.put(
                "model-corrupt error",
                List.of(
                        name(workspace, old.blob("model.bin")),
                        HUB + "models--acme--old/refs/v1",
                        CHECKPOINTS + "net-0123abcd.pth",
                        ".cache/whisper/tiny.pt"));
        expected.put("model-corrupt warning", List.of(name(workspace, list)));
        expected.put("not-a-model error", List.of(name(workspace, copied.file("model.bin"))));
        expected.put(
                "dangling-link error",
                List.of(name(workspace, shared.blob("m.bin")), name(workspace, shared.file("m.bin"))));
        expected.put("dangling-link warning", List.of(HUB + "models--acme--old/refs/gone"));
        expected.put("model-unpinned warning", List.of(TINY + "refs/main"));
        expected.put("model-unpinned info", List.of(Config.FILE));
        expected.put(
                "partial-download warning",
                List.of(
                        TINY + "blobs/" + "c".repeat(64) + ".incomplete",
                        TINY + "blobs/" + "d".repeat(64) + ".0123abcd.incomplete",
                        CHECKPOINTS + "net.pth." + "0123456789abcdef".repeat(2) + ".partial"));
        expected.put(
                "unverifiable info",
                List.of(HUB + "models--acme--mirrored/blobs/etag-of-a-mirror", CHECKPOINTS + "mine.pth"));
        assertThat(found(workspace)).isEqualTo(expected);
        expected.remove("unverifiable info");
        expected.remove("model-unpinned info");
        expected.remove("model-unpinned warning");
        expected.values().forEach(paths -> failed.says(paths.toArray(String[]::new)));
        failed.says(
                "hf:acme/tiny: main is at " + "f".repeat(40) + ", but the lock file pins " + commit,
                "Only the lock file pins these models, their entries name no commit: hf:acme/tiny at main",
                "models--acme--mirrored has 1 blob",
                "(2 B)");

        putRight(workspace);
        maven.cache("download", "verify").offline().run().succeeded().says("Pointed main of hf:acme/tiny at " + commit);

        assertThat(workspace.read(TINY + "refs/main")).isEqualTo(commit);
        assertThat(found(workspace))
                .containsOnlyKeys("model-unpinned info", "partial-download warning", "unverifiable info");
        maven.cache("download", "verify")
                .offline()
                .property("cache.rehash", "true")
                .run()
                .succeeded()
                .neverSays("Pointed");
    }

    /** A cache that the plugin filled from a hub that is gone afterwards. */
    private static String fill(MavenBuild maven, Workspace workspace) throws IOException {
        Path origin = workspace.root().resolve("origin");
        workspace
                .write(origin.resolve("config.json"), "{\"hidden\": 4}")
                .write(origin.resolve("model.safetensors"), "w".repeat(10_000))
                .write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
        try (StandInHub hub = StandInHub.start()) {
            String commit = hub.add("acme/tiny", origin);
            BuildResult good = maven.cache("init", "download", "verify")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
            // What was done, and one line about the model that only the lock holds.
            assertThat(good.linesOf("verify")).as("verify on %s", good).hasSize(2);
            return commit;
        }
    }

    /** Does what the findings say where it is for people to do, and no more. */
    private static void putRight(Workspace workspace) throws IOException {
        for (JsonNode finding : Report.read(workspace.file(REPORT)).root().path("findings")) {
            String fix = finding.path("fix").asString();
            boolean delete = fix.startsWith("delete ") || fix.endsWith("delete the link");
            if (delete) {
                Files.delete(workspace.file(finding.path("path").asString()));
            }
        }
        // The blob that went leaves the link to it.
        Files.delete(workspace.file(HUB + "models--acme--old/snapshots/" + HubFixture.COMMIT + "/model.bin"));
    }

    private static Map<String, List<String>> found(Workspace workspace) {
        Map<String, List<String>> found = new TreeMap<>();
        for (JsonNode finding : Report.read(workspace.file(REPORT)).root().path("findings")) {
            String kind = finding.path("id").asString() + " "
                    + finding.path("severity").asString();
            found.merge(kind, List.of(finding.path("path").asString()), VerifyEverythingIT::joined);
        }
        return found;
    }

    private static List<String> joined(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static String name(Workspace workspace, Path path) {
        return workspace.project().relativize(path).toString();
    }
}
