package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What people see when the model hub does something wrong, and that the next build sets it right. */
class HubFaultIT {

    private static final String ID = "acme/tiny";
    private static final String MODEL = "hf:" + ID;
    private static final String SMALL = "config.json";
    private static final String LARGE = "model.safetensors";
    private static final String LARGE_CONTENT = "0123456789".repeat(20_000);

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void wrongBytesAreRefused(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.STORE, LARGE, Fault.content(content -> {
                content[7] ^= 1;
                return content;
            }));
            run(maven, hub, "init", "download")
                    .failedWith(MODEL, LARGE, "the content is sha256:", "expected is sha256:", "cache.endpoint");
            nothingPublished(workspace);
            repaired(maven, workspace, hub);
            assertThat(hub.bytesSent()).isEqualTo(LARGE_CONTENT.length());
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aPageInPlaceOfAModelIsRefused(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.FILE, LARGE, Fault.PAGE);
            run(maven, hub, "init", "download").failedWith(MODEL, LARGE, "an HTML page");
            nothingPublished(workspace);
            hub.fault(Place.REVISION, ID, Fault.PAGE);
            run(maven, hub, "download")
                    .failedWith(MODEL, "not JSON", hub.endpoint().toString());
            repaired(maven, workspace, hub);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aDownloadThatBreaksOffIsResumedByTheNextBuild(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.STORE, LARGE, Fault.cutAfter(150_000), Fault.status(404));
            run(maven, hub, "init", "download").failedWith(MODEL, "lists " + LARGE, "404");
            nothingPublished(workspace);
            // A signature that has expired, as it does while a large file is fetched, is renewed without a word.
            hub.fault(Place.STORE, LARGE, Fault.status(403), Fault.HONEST);
            hub.forget();
            run(maven, hub, "download", "verify").succeeded();
            complete(workspace);
            assertThat(hub.bytesSent()).isEqualTo(50_000);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aBusyHubIsAskedAgain(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.REVISION, ID, Fault.status(429, "RateLimit: \"api\";r=0;t=0"), Fault.HONEST);
            hub.fault(Place.TREE, ID, Fault.status(429, "Retry-After: 0"), Fault.HONEST);
            hub.fault(Place.FILE, SMALL, Fault.status(503, "Retry-After: 0"), Fault.HONEST);
            run(maven, hub, "init", "download", "verify").succeeded();
            complete(workspace);
            hub.fault(Place.REVISION, ID, Fault.status(429, "Retry-After: 3600"));
            run(maven.property("cache.update", "all"), hub, "lock")
                    .failedWith(MODEL, "asks to wait 3600 s", "try again later");
            complete(workspace);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFileNameThatLeavesTheCacheIsRefused(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.TREE, ID, Fault.instead("\"path\":\"" + SMALL, "\"path\":\"../../../../../evil.sh"));
            run(maven, hub, "init", "download")
                    .failedWith(MODEL, "'../../../../../evil.sh' leaves its folder", "\"exclude\"");
            assertThat(workspace.findAll("", "evil.sh")).isEmpty();
            declare(workspace, "\"exclude\": [\"../*\"]");
            run(maven, hub, "download", "verify").succeeded();
            assertThat(workspace.find(".cache", LARGE)).hasContent(LARGE_CONTENT);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aHubThatAnswersAboutAnotherCommitIsRefused(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.TREE, ID, Fault.headers("X-Repo-Commit: " + "1".repeat(40)));
            run(maven, hub, "init", "download").failedWith(MODEL, "about commit 1111", "cache.endpoint");
            nothingPublished(workspace);
            repaired(maven, workspace, hub);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aBranchThatMovesDuringTheBuildGivesFilesOfOneCommit(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            Path later = workspace.root().resolve("later");
            workspace.write(later.resolve(SMALL), "{\"hidden\": 8}").write(later.resolve(LARGE), LARGE_CONTENT);
            hub.fault(Place.REVISION, ID, Fault.meanwhile(() -> move(hub, later)), Fault.HONEST);
            run(maven, hub, "init", "download", "verify").succeeded();
            complete(workspace);

            run(maven.property("cache.update", "all"), hub, "lock").succeeded().says("~ " + MODEL);
            hub.forget();
            run(maven, hub, "download", "verify").succeeded();
            assertThat(workspace.findAll(".cache", SMALL))
                    .anySatisfy(file -> assertThat(file).hasContent("{\"hidden\": 8}"));
            assertThat(hub.log())
                    .singleElement()
                    .satisfies(request -> assertThat(request.name()).isEqualTo(SMALL));
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFewFilesOfAHundredThousandAreLockedInLittleMemory(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            hub.fault(Place.TREE, ID, Fault.pages(100));
            declare(workspace, "\"include\": [\"data/0077/000[1-3].bin\"]");
            run(maven.jvm("-Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"), hub, "init", "lock")
                    .succeeded();
            assertThat(workspace.read(Config.LOCK)).contains("data/0077/0001.bin", "data/0077/0003.bin");
            assertThat(hub.requests()).hasSize(101);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aListWithoutAnEndIsAnErrorAndWhatWasThereStays(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = hub(workspace)) {
            run(maven, hub, "init", "download", "verify").succeeded();
            Fingerprint before = workspace.fingerprint();
            hub.fault(Place.TREE, ID, asked -> {
                String itself = asked.exchange().getRequestURI().toString();
                asked.exchange().getResponseHeaders().add("Link", "<" + itself + ">; rel=\"next\"");
                return false;
            });
            run(maven.property("cache.update", "all"), hub, "lock").failedWith(MODEL, "its pages repeat");
            assertThat(workspace.fingerprint()).isEqualTo(before);
            hub.forget();
            run(maven, hub, "download", "verify").succeeded();
            assertThat(hub.requests()).isEmpty();
        }
    }

    private static BuildResult run(MavenBuild maven, StandInHub hub, String... goals) {
        return maven.cache(goals)
                .property("cache.endpoint", hub.endpoint().toString())
                .run();
    }

    private static StandInHub hub(Workspace workspace) throws IOException {
        Path origin = workspace.root().resolve("origin");
        workspace
                .write(origin.resolve(SMALL), "{\"hidden\": 4}")
                .write(origin.resolve(LARGE), LARGE_CONTENT)
                .write(Config.FILE, Config.empty().model(MODEL).toString());
        StandInHub hub = StandInHub.start();
        hub.add(ID, origin);
        return hub;
    }

    private static void declare(Workspace workspace, String patterns) {
        String plain = Config.empty().model(MODEL).toString();
        workspace.write(
                Config.FILE, plain.replace("\"" + MODEL + "\"", "{ \"model\": \"" + MODEL + "\", " + patterns + " }"));
    }

    private static void move(StandInHub hub, Path to) {
        try {
            hub.add(ID, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void nothingPublished(Workspace workspace) {
        assertThat(workspace.findAll(".cache", LARGE)).isEmpty();
        assertThat(workspace.findAll(".cache", "refs")).isEmpty();
        assertThat(workspace.findAll(".cache", "trees")).isEmpty();
        assertThat(workspace.file(Config.LOCK))
                .satisfiesAnyOf(
                        lock -> assertThat(lock).doesNotExist(),
                        lock -> assertThat(Files.readString(lock)).doesNotContain(MODEL));
    }

    private static void repaired(MavenBuild maven, Workspace workspace, StandInHub hub) {
        hub.repent();
        hub.forget();
        run(maven, hub, "download", "verify").succeeded();
        complete(workspace);
    }

    private static void complete(Workspace workspace) {
        assertThat(workspace.find(".cache", SMALL)).hasContent("{\"hidden\": 4}");
        assertThat(workspace.find(".cache", LARGE)).hasContent(LARGE_CONTENT);
        assertThat(workspace.read(Config.LOCK)).contains(MODEL);
    }
}
