package io.github.modelcache.download;

import static io.github.modelcache.download.HubProject.DECLARED;
import static io.github.modelcache.download.HubProject.LARGE;
import static io.github.modelcache.download.HubProject.LARGE_CONTENT;
import static io.github.modelcache.download.HubProject.SMALL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hubs that say wrong things about revisions and files. */
class HubListingFaultTest {

    private static final String ID = "acme/tiny";
    private static final String OTHER_COMMIT = "1".repeat(40);

    @TempDir
    Path folder;

    private HubProject project;

    @BeforeEach
    void serve() throws Exception {
        project = new HubProject(folder);
    }

    @AfterEach
    void stop() {
        project.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10001", "9999"})
    void refusesAFileOfAnotherSizeThanTheTreeSays(String lie) throws Exception {
        project.hub.fault(Place.TREE, ID, Fault.instead("\"size\":10000", "\"size\":" + lie));
        assertThat(project.failure())
                .hasMessageContaining(LARGE)
                .hasMessageContaining("has 10000 bytes, expected are " + lie);
        project.assertNotPublished(LARGE);
        assertThat(project.partials()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"many\"", "null", "99999999999999999999"})
    void refusesATreeWithoutASensibleSize(String lie) throws Exception {
        project.hub.fault(Place.TREE, ID, Fault.instead("\"size\":10000", "\"size\":" + lie));
        assertThat(project.failure()).hasMessageContaining("is not valid").hasMessageContaining("size");
        assertThat(project.repo).doesNotExist();
    }

    @Test
    void refusesATreeWithoutASensibleDigest() throws Exception {
        project.hub.fault(Place.TREE, ID, Fault.instead("\"oid\":\"", "\"oid\":\"../../"));
        assertThat(project.failure()).hasMessageContaining("is not valid");
        assertThat(project.repo).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "../x, leaves its folder",
        "a/../../x, leaves its folder",
        "/x, is absolute",
        "C:\\\\x, is absolute",
        "a\\\\..\\\\b, holds a backslash",
        "a\\u0000b, holds a NUL",
        "'', is empty",
        "a//b, has an empty segment",
    })
    void refusesANameThatLeadsElsewhere(String inJson, String problem) throws Exception {
        refusesName(inJson, problem);
    }

    @Test
    void refusesANameThatNoDiskCanHold() throws Exception {
        refusesName("x".repeat(300), "longer than 255 bytes");
    }

    private void refusesName(String inJson, String problem) throws Exception {
        project.hub.fault(Place.TREE, ID, Fault.instead("\"path\":\"" + SMALL, "\"path\":\"" + inJson));
        assertThat(project.failure())
                .hasMessageContaining(problem)
                .hasMessageContaining("\"exclude\"")
                .hasMessageNotContaining("\0");
        assertThat(project.hub.log()).noneMatch(request -> request.place() == Place.FILE);
        assertThat(project.repo).doesNotExist();
        assertThat(project.files.lock().read().models()).isEmpty();
        // The way out that the message names.
        if (inJson.startsWith("x")) {
            project.download("\"models\": [{\"model\": \"hf:acme/tiny\", \"exclude\": [\"xxx*\"]}]");
            assertThat(project.snapshot(LARGE)).hasContent(LARGE_CONTENT);
        }
    }

    @Test
    void neverPrintsWhatATerminalWouldObey() throws Exception {
        project.hub.fault(Place.TREE, ID, Fault.instead("\"path\":\"" + SMALL, "\"path\":\"\\u001b[2J/../x"));
        assertThat(project.failure()).hasMessageContaining("[2J/../x").hasMessageNotContaining("\u001b");
    }

    @Test
    void keepsFilesApartWhoseNamesDifferOnlyInCase() throws Exception {
        new TestProject(project.origin).write("CONFIG.json", "{\"other\": true}");
        project.hub.add(ID, project.origin);
        if (Files.exists(project.origin.resolve("Config.JSON"))) {
            return; // This disk can't even serve both.
        }
        ModelDownload.Result result = project.download();
        Path snapshot = project.repo
                .resolve("snapshots")
                .resolve(result.after().models().iterator().next().revision());
        assertThat(snapshot.resolve(SMALL)).hasContent("{\"hidden\": 4}");
        assertThat(snapshot.resolve("CONFIG.json")).hasContent("{\"other\": true}");
    }

    @ParameterizedTest
    @CsvSource({SMALL + ", occurs twice", SMALL + "/deep.bin, is a file and a folder at once"})
    void refusesAListThatContradictsItself(String other, String problem) throws Exception {
        project.hub.fault(Place.TREE, ID, Fault.instead("\"path\":\"" + LARGE, "\"path\":\"" + other));
        assertThat(project.failure()).hasMessageContaining(SMALL).hasMessageContaining(problem);
        assertThat(project.repo).doesNotExist();
    }

    @Test
    void endsAListWhosePagesGoInACircle() {
        project.hub.fault(Place.TREE, ID, asked -> {
            asked.exchange()
                    .getResponseHeaders()
                    .add("Link", "<" + asked.exchange().getRequestURI() + ">; rel=\"next\"");
            return false;
        });
        assertThat(project.failure()).hasMessageContaining("its pages repeat");
        assertThat(project.asked(Place.TREE, ID)).isEqualTo(1);
    }

    @Test
    void endsAListWhosePagesRepeatUnderOtherAddresses() {
        int[] pages = {0};
        project.hub.fault(Place.TREE, ID, asked -> {
            String next = asked.exchange().getRequestURI().getPath() + "?recursive=true&turn=" + pages[0]++;
            asked.exchange().getResponseHeaders().add("Link", "<" + next + ">; rel=\"next\"");
            return false;
        });
        String nothing = "\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"none\"]}]";
        assertThat(project.failure(nothing)).hasMessageContaining("its pages repeat");
        assertThat(project.failure()).hasMessageContaining("its pages repeat");
        assertThat(project.asked(Place.TREE, ID)).isEqualTo(4);
    }

    @Test
    void findsAFewFilesAmongAHundredThousand() {
        project.hub.fault(Place.TREE, ID, Fault.pages(100));
        project.hub.fault(Place.FILE, "data/0007/0001.bin", Fault.status(404, "X-Error-Code: EntryNotFound"));
        String few = "\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"data/0007/000[1-3].bin\"]}]";
        // The stand-in lists them without having them.
        assertThat(project.failure(few)).hasMessageContaining("data/0007/0001.bin");
        assertThat(project.pauses).as("attempts after a failure").isEmpty();
        assertThat(project.asked(Place.TREE, ID)).isEqualTo(100);
        assertThat(project.hub.requests()).hasSizeLessThan(110);
    }

    /** Answers that are no JSON, or none that a hub gives. */
    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"REVISION", "TREE"})
    void saysThatAPageCameInPlaceOfAnAnswer(Place place) throws Exception {
        project.hub.fault(place, ID, Fault.PAGE);
        assertThat(project.failure())
                .hasMessageContaining("not JSON but an HTML page")
                .hasMessageContaining("mirror or proxy");
        project.hub.fault(place, ID, Fault.COMPRESSED);
        assertThat(project.failure()).hasMessageContaining("'gzip'");
        project.hub.fault(place, ID, Fault.content(json -> "{\"sha\":\"main\"}".getBytes(UTF_8)));
        assertThat(project.failure()).hasMessageContaining("is not valid");
        project.hub.fault(place, ID, Fault.CIRCLE);
        assertThat(project.failure()).hasMessageContaining("redirects in a loop");
        assertThat(project.repo).doesNotExist();
    }

    @Test
    void refusesAnAnswerAboutAnotherCommit() throws Exception {
        project.hub.fault(Place.REVISION, ID, Fault.instead(project.commit, OTHER_COMMIT));
        String pinned = "\"models\": [{\"model\": \"hf:acme/tiny\", \"revision\": \"" + project.commit + "\"}]";
        assertThat(project.failure(pinned)).hasMessageContaining("names commit " + OTHER_COMMIT);
        project.hub.repent();
        project.hub.fault(Place.TREE, ID, Fault.headers("X-Repo-Commit: " + OTHER_COMMIT));
        assertThat(project.failure())
                .hasMessageContaining("is about commit " + OTHER_COMMIT)
                .hasMessageContaining(project.commit);
        assertThat(project.repo).doesNotExist();
        assertThat(project.files.lock().read().models()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Error-Code: EntryNotFound", "X-Error-Code: "})
    void saysThatAFileOfTheTreeIsNotThere(String header) throws Exception {
        project.hub.fault(Place.FILE, SMALL, Fault.status(404, header));
        assertThat(project.failure())
                .hasMessageContaining("lists " + SMALL)
                .hasMessageContaining("404")
                .hasMessageContaining("\"exclude\"")
                .hasMessageNotContaining("private");
        project.assertNotPublished(SMALL);
    }

    @Test
    void saysThatALargeFileIsNotInTheStore() throws Exception {
        project.hub.fault(Place.STORE, LARGE, Fault.status(404));
        assertThat(project.failure()).hasMessageContaining("lists " + LARGE).hasMessageContaining("answers 404");
        project.assertNotPublished(LARGE);
    }

    @Test
    void takesEveryFileFromOneCommitWhenTheBranchMoves() throws Exception {
        Path later = Files.createDirectories(folder.resolve("later"));
        new TestProject(later).write(SMALL, "{\"hidden\": 8}");
        new TestProject(later).write(LARGE, LARGE_CONTENT + "more");
        for (Place place : new Place[] {Place.REVISION, Place.TREE}) {
            project.hub.add(ID, project.origin);
            project.hub.fault(place, ID, Fault.meanwhile(() -> move(later)));
            Files.deleteIfExists(project.files.lock().path());
            project.download();
            project.assertComplete();
            project.hub.repent();
        }
        ModelDownload.Result moved = project.update();
        String next = moved.after().models().iterator().next().revision();
        assertThat(next).isNotEqualTo(project.commit);
        assertThat(moved.before().models().iterator().next().revision()).isEqualTo(project.commit);
        project.download(DECLARED);
        assertThat(project.repo.resolve("snapshots").resolve(next).resolve(SMALL))
                .hasContent("{\"hidden\": 8}");
        assertThat(project.snapshot(SMALL)).hasContent("{\"hidden\": 4}");
        assertThat(project.repo.resolve("refs/main")).hasContent(next);
    }

    private void move(Path to) {
        try {
            project.hub.add(ID, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keepsALockedModelWhenTheHubLosesIt() throws Exception {
        project.download();
        String lock = Files.readString(project.files.lock().path());
        project.hub.fault(Place.REVISION, ID, Fault.status(404, "X-Error-Code: RepoNotFound"));
        assertThatThrownBy(project::update).isInstanceOf(ModelException.class).hasMessageContaining("does not exist");
        assertThat(project.files.lock().path()).hasContent(lock);
        project.download();
        project.assertComplete();
    }
}
