package io.github.modelcache.download;

import static io.github.modelcache.download.HubProject.LARGE;
import static io.github.modelcache.download.HubProject.LARGE_CONTENT;
import static io.github.modelcache.download.HubProject.SMALL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hubs and second hosts that send a file wrongly. */
class HubFaultTest {

    private static final byte[] HALF = LARGE_CONTENT.substring(0, 5_000).getBytes(UTF_8);

    @TempDir
    Path folder;

    private HubProject project;

    @BeforeEach
    void serve() throws Exception {
        project = new HubProject(Files.createTempDirectory(folder, "project"));
    }

    @AfterEach
    void stop() {
        project.close();
    }

    /** A wrong content of the same, of a smaller, or of a greater size. */
    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    enum Wrong {
        OTHER_BYTES(content -> flipped(content), "the content is "),
        SHORTER(content -> Arrays.copyOf(content, content.length - 1), " bytes, expected are "),
        LONGER(content -> Arrays.copyOf(content, content.length + 1), " bytes, expected are ");

        private final UnaryOperator<byte[]> change;
        private final String found;

        Wrong(UnaryOperator<byte[]> change, String found) {
            this.change = change;
            this.found = found;
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesALargeFileThatIsNotWhatTheTreeSays(Wrong wrong) throws Exception {
        project.hub.fault(Place.STORE, LARGE, Fault.content(wrong.change));
        assertThat(project.failure())
                .hasMessageContaining(LARGE)
                .hasMessageContaining(wrong.found)
                .hasMessageContaining("cache.endpoint");
        project.assertNotPublished(LARGE);
        assertThat(project.partials()).isEmpty();
        repairs();
    }

    @ParameterizedTest
    @EnumSource
    void refusesASmallFileThatIsNotWhatTheTreeSays(Wrong wrong) throws Exception {
        project.hub.fault(Place.FILE, SMALL, Fault.content(wrong.change));
        assertThat(project.failure()).hasMessageContaining(SMALL).hasMessageContaining(wrong.found);
        project.assertNotPublished(SMALL);
        assertThat(project.partials()).isEmpty();
        repairs();
    }

    @Test
    void refusesBytesBeyondTheEndOfAnAnswerWithoutALength() throws Exception {
        project.hub.fault(Place.STORE, LARGE, asked -> {
            asked.exchange().sendResponseHeaders(200, 0);
            asked.exchange().getResponseBody().write(asked.content());
            asked.exchange().getResponseBody().write('x');
            return true;
        });
        assertThat(project.failure()).hasMessageContaining("more than the 10000 bytes");
        project.assertNotPublished(LARGE);
        assertThat(project.partials()).isEmpty();
    }

    @Test
    void believesTheContentAndNotItsHeaders() throws Exception {
        project.hub.fault(
                Place.FILE,
                SMALL,
                Fault.headers("ETag: \"" + "0".repeat(40) + "\"", "X-Repo-Commit: " + "1".repeat(40)));
        project.hub.fault(Place.STORE, LARGE, Fault.headers("ETag: \"lie\"", "X-Linked-Size: 7"));
        project.download();
        project.assertComplete();
    }

    @Test
    void goesOnWhereTheSecondHostCutTheBody() throws Exception {
        project.hub.fault(Place.STORE, LARGE, Fault.cutAfter(4_000), Fault.HONEST);
        project.download();
        project.assertComplete();
        assertThat(project.asked(Place.STORE, LARGE)).isEqualTo(2);
        assertThat(project.hub.bytesSent()).isEqualTo(6_000 + Files.size(project.origin.resolve(SMALL)));
    }

    @Test
    void keepsWhatArrivedWhenTheSecondHostStaysAway() throws Exception {
        project.hub.fault(Place.STORE, LARGE, Fault.cutAfter(4_000), Fault.cutAfter(0));
        assertThat(project.failure())
                .hasMessageContaining(LARGE)
                .hasMessageContaining("ended after 4000 of 10000 bytes")
                .hasMessageContaining("gave up after 6 attempts")
                .hasMessageContaining("run it again to go on from there");
        project.assertNotPublished(LARGE);
        assertThat(project.partials())
                .singleElement()
                .satisfies(partial -> assertThat(partial).hasSize(4_000));
        project.hub.repent();
        project.hub.forget();
        project.download();
        project.assertComplete();
        assertThat(project.hub.bytesSent()).isEqualTo(6_000);
    }

    @Test
    void goesOnAfterAStall() throws Exception {
        givingUp(() -> {
            project.hub.fault(Place.STORE, LARGE, Fault.stallAfter(4_000), Fault.HONEST);
            project.download();
            project.assertComplete();
            assertThat(project.pauses).containsExactly(Duration.ofSeconds(1));
        });
    }

    @Test
    void reportsAHubThatNeverAnswers() throws Exception {
        givingUp(() -> {
            project.hub.fault(Place.FILE, SMALL, Fault.SILENCE);
            assertThat(project.failure()).hasMessageContaining(SMALL).hasMessageContaining("no answer within the time");
        });
    }

    private interface Scenario {
        void run() throws Exception;
    }

    private void givingUp(Scenario scenario) throws Exception {
        Patience.growing(patience -> {
            stop();
            serve();
            project.patience = patience;
            scenario.run();
        });
    }

    @Test
    void keepsPlainFilesWhereLinksCanBeMadeAndNotFollowed() throws Exception {
        try (SmallDisk disk = SmallDisk.whichFollowsNoLinks(folder.resolve("mount"))) {
            stop();
            project = new HubProject(disk.folder());
            project.download();
            project.assertComplete();
            try (Stream<Path> all = Files.walk(project.files.root().resolve(".cache"))) {
                assertThat(all).noneMatch(Files::isSymbolicLink);
            }
        }
    }

    @Test
    void goesOnAfterAReset() throws Exception {
        byte[] content = LARGE_CONTENT.getBytes(UTF_8);
        try (FaultyServer raw = new FaultyServer()) {
            raw.on("/reset", FaultyServer.resetAfter(content, 4_000, "ETag: \"x\""));
            project.hub.fault(Place.FILE, LARGE, Fault.elsewhere(raw.uri("/reset")), Fault.HONEST);
            project.download();
        }
        project.assertComplete();
    }

    @Test
    void refusesACompressedAnswer() throws Exception {
        project.hub.fault(Place.FILE, SMALL, Fault.COMPRESSED);
        assertThat(project.failure())
                .hasMessageContaining(SMALL)
                .hasMessageContaining("'gzip'")
                .hasMessageContaining("mirror or proxy");
        project.assertNotPublished(SMALL);
        assertThat(project.partials()).isEmpty();
    }

    @Test
    void saysThatAPageCameInPlaceOfAFile() throws Exception {
        for (Fault page : List.of(Fault.PAGE, Fault.PAGE_IN_CHUNKS)) {
            project.hub.fault(Place.STORE, LARGE, page);
            assertThat(project.failure()).hasMessageContaining(LARGE).hasMessageContaining("an HTML page");
            project.assertNotPublished(LARGE);
            assertThat(project.partials()).isEmpty();
        }
    }

    @Test
    void keepsAPartialThroughAnswersThatHaveNothingToDoWithIt() throws Exception {
        project.leavePartial(HALF);
        for (Fault fault : List.of(Fault.PAGE, Fault.COMPRESSED, Fault.CIRCLE, Fault.status(500))) {
            project.hub.fault(Place.STORE, LARGE, fault);
            project.failure();
            assertThat(project.partials())
                    .singleElement()
                    .satisfies(partial -> assertThat(partial).hasBinaryContent(HALF));
        }
        project.hub.repent();
        project.hub.forget();
        project.download();
        project.assertComplete();
        assertThat(project.hub.bytesSent()).isEqualTo(5_000);
    }

    @Test
    void fetchesAPoisonedPartialAnew() throws Exception {
        project.leavePartial(flipped(HALF));
        project.download();
        project.assertComplete();
        assertThat(project.asked(Place.STORE, LARGE)).isEqualTo(2);
    }

    @Test
    void throwsAPartialAwayThatIsWrongToItsEnd() throws Exception {
        project.leavePartial(HALF);
        project.hub.fault(Place.STORE, LARGE, Fault.content(HubFaultTest::flipped));
        assertThat(project.failure()).hasMessageContaining("the content is sha256:");
        assertThat(project.partials()).isEmpty();
        project.assertNotPublished(LARGE);
    }

    @Test
    void endsRedirectsThatLeadInACircle() throws Exception {
        project.hub.fault(Place.FILE, SMALL, Fault.CIRCLE);
        assertThat(project.failure()).hasMessageContaining(SMALL).hasMessageContaining("redirects in a loop");
        assertThat(project.asked(Place.FILE, SMALL)).isLessThan(25);
        project.assertNotPublished(SMALL);
    }

    @Test
    void startsAnewWhereRangesAreRefused() throws Exception {
        project.leavePartial(HALF);
        project.hub.fault(Place.STORE, LARGE, Fault.NO_RANGES);
        project.download();
        project.assertComplete();
    }

    @Test
    void asksTheHubAgainWhenASignedAddressHasExpired() throws Exception {
        project.leavePartial(HALF);
        project.hub.fault(Place.STORE, LARGE, Fault.status(403), Fault.HONEST);
        project.download();
        project.assertComplete();
        assertThat(project.asked(Place.FILE, LARGE)).isEqualTo(2);
        assertThat(project.hub.bytesSent()).isEqualTo(5_000);
        assertThat(project.pauses).isEmpty();
    }

    @Test
    void asksTheHubForANewSignatureEachTimeOneExpiresInTheMiddle() throws Exception {
        project.hub.fault(
                Place.STORE,
                LARGE,
                Fault.cutAfter(3_000),
                Fault.status(403),
                Fault.cutAfter(3_000),
                Fault.status(403),
                Fault.HONEST);
        project.download();
        project.assertComplete();
        assertThat(project.asked(Place.FILE, LARGE)).isEqualTo(5);
    }

    @Test
    void givesUpWhenANewSignatureIsRefusedToo() throws Exception {
        project.leavePartial(HALF);
        project.hub.fault(Place.STORE, LARGE, Fault.status(403));
        assertThat(project.failure())
                .hasMessageContaining(LARGE)
                .hasMessageContaining("403")
                .hasMessageContaining("the clock of this machine")
                .hasMessageNotContaining("secret");
        assertThat(project.asked(Place.STORE, LARGE)).isEqualTo(2);
        assertThat(project.partials()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | RateLimit: \"resolvers\";r=0;t=55 | 56",
                "429 | Retry-After: 7 | 7",
                "429 | Retry-After: Sun, 01 Nov 2037 10:00:30 GMT | -1",
                "429 | X-Nothing: said | 1",
                "503 | Retry-After: 12 | 12",
                "503 | X-Nothing: said | 1",
            })
    void waitsAsLongAsTheHubAsks(int status, String header, long seconds) throws Exception {
        project.hub.fault(Place.FILE, SMALL, Fault.status(status, header), Fault.HONEST);
        if (seconds < 0) {
            assertThat(project.failure()).hasMessageContaining("longer than the 300 s that are waited here");
            project.assertNotPublished(SMALL);
            return;
        }
        project.download();
        project.assertComplete();
        assertThat(project.pauses).containsExactly(Duration.ofSeconds(seconds));
    }

    @Test
    void waitsForTheRevisionAndTheTreeToo() throws Exception {
        project.hub.fault(Place.REVISION, "acme/tiny", Fault.status(429, "Retry-After: 3"), Fault.HONEST);
        project.hub.fault(Place.TREE, "acme/tiny", Fault.status(503), Fault.HONEST);
        project.download();
        project.assertComplete();
        assertThat(project.pauses).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void givesUpOnAHubThatIsAlwaysBusy(int status) throws Exception {
        project.hub.fault(Place.FILE, SMALL, Fault.status(status));
        assertThat(project.failure())
                .hasMessageContaining(SMALL)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining("gave up after 6 attempts");
        project.assertNotPublished(SMALL);
        repairs();
    }

    @Test
    void leavesACompleteModelAloneWhateverTheHubSays() throws Exception {
        project.download();
        project.hub.fault(Place.REVISION, "acme/tiny", Fault.status(500));
        project.hub.fault(Place.FILE, SMALL, Fault.PAGE);
        var before = TestProject.contents(project.files.root());
        Files.delete(project.files.lock().path());
        assertThat(project.failure()).hasMessageContaining("500");
        before.remove("config/models.lock.json");
        assertThat(TestProject.contents(project.files.root())).isEqualTo(before);
    }

    private void repairs() throws Exception {
        project.hub.repent();
        project.download();
        project.assertComplete();
    }

    private static byte[] flipped(byte[] content) {
        byte[] other = content.clone();
        other[content.length / 2] ^= 1;
        return other;
    }
}
