package io.github.modelcache.http;

import static io.github.modelcache.http.TransferProgress.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and stores of ranges that people reported to other download programs. */
class RangesInTheWildTest extends SegmentedDownloadSetUp {
    @Test
    void aStoreThatTakesOnlyADateAsTheVersionOfARange() throws Exception {
        server.on("/m", asked -> {
            if (asked.header("If-Range").startsWith("\"")) {
                asked.whole(V1);
            } else {
                asked.honest(V1);
            }
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(SEGMENTS);
        assertThat(pauses).as("no error to wait for").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStoreThatComparesOnlyDatesIsContinuedWithoutADigest(boolean segments) throws Exception {
        String date = "Sun, 01 Nov 2026 10:00:00 GMT";
        int there = 5 * SEGMENT;
        there(there);
        server.on("/m", asked -> {
            if (asked.header("If-Range").equals(date)) {
                asked.honest(V1, "Last-Modified: " + date);
            } else {
                asked.whole(V1, "Last-Modified: " + date);
            }
        });
        TransferResult arrived = transfer(segments ? 4 : 1)
                .fetch(server.uri("/m"), partial, new ExpectedContent(content.length, Optional.empty()), NONE);
        requireWhole();
        assertThat(arrived.bytesReceived()).isEqualTo(content.length - there);
    }

    @Test
    void aStoreWithoutADateThatSendsTheWholeToATag() throws Exception {
        there(SEGMENT);
        server.on("/m", asked -> asked.whole(V1));
        transfer(4).fetch(server.uri("/m"), partial, new ExpectedContent(content.length, Optional.empty()), NONE);
        requireWhole();
        assertThat(server.requests("/m")).hasSize(1);
    }

    @Test
    void aServerThatNamesRangesAsRequestsDo() throws Exception {
        server.on("/m", asked -> {
            if (asked.from() < 0) {
                asked.whole(V1);
            } else {
                String range = "Content-Range: bytes=" + asked.from() + "-" + (asked.to() - 1) + "/" + content.length;
                asked.unlabelled(V1, range);
            }
        });
        fetch();
        assertThat(pauses).as("no error to wait for").isEmpty();
    }

    @Test
    void aStoreThatSendsPartsWithTheStatusOfTheWhole() throws Exception {
        server.on("/m", asked -> {
            if (asked.from() < 0) {
                asked.whole(V1);
            } else {
                asked.bytes(200, asked.from(), asked.to(), V1, range(asked.from(), asked.to() - 1, content.length));
            }
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(SEGMENTS);
    }

    @Test
    void aStoreThatSendsTheRestWithTheStatusOfTheWhole() throws Exception {
        there(5 * SEGMENT);
        server.on(
                "/m",
                asked -> asked.bytes(
                        200, asked.from(), asked.to(), V1, range(asked.from(), asked.to() - 1, content.length)));
        TransferResult arrived = transfer(1).fetch(server.uri("/m"), partial, digested(), NONE);
        requireWhole();
        assertThat(arrived.bytesReceived()).isEqualTo(content.length - 5 * SEGMENT);
    }

    @Test
    void aServerThatSendsTheWholeWithARangeAndTheStatusOfTheWhole() throws Exception {
        server.on("/m", asked -> asked.whole(V1, range(0, content.length - 1, content.length)));
        fetch();
        there(5 * SEGMENT);
        fetch();
    }

    @Test
    void aCacheThatSendsWrongBytesForEachRange() throws Exception {
        server.on("/m", asked -> {
            if (asked.from() < 0) {
                asked.whole("Accept-Ranges: bytes");
            } else {
                asked.forged();
            }
        });
        fetch();
    }

    @Test
    void aCacheThatBeginsAtAnEarlierBlock() throws Exception {
        there(5 * SEGMENT + 7);
        server.on("/m", asked -> {
            int from = asked.from() / SEGMENT * SEGMENT;
            if (asked.from() < 0) {
                asked.whole(V1);
            } else {
                asked.bytes(206, from, asked.to(), V1, range(from, asked.to() - 1, content.length));
            }
        });
        fetch();
    }

    @Test
    void aServerWhoseLengthsAreOneByteShort() throws Exception {
        server.on("/m", asked -> {
            if (asked.from() < 0) {
                asked.whole(V1);
            } else {
                asked.bytes(206, asked.from(), asked.to() - 1, V1, range(asked.from(), asked.to() - 1, content.length));
            }
        });
        fetch();
    }

    @Test
    void aServerThatSendsNothingOfACompleteFile() throws Exception {
        there(content.length);
        server.on("/m", asked -> {
            if (asked.from() == content.length) {
                asked.bytes(206, 0, 0, V1, range(content.length, content.length - 1, content.length));
            } else {
                asked.honest(V1);
            }
        });
        transfer(4).fetch(server.uri("/m"), partial, ExpectedContent.NONE, NONE);
        requireWhole();
    }

    @Test
    void aMirrorThatSendsRangesWithoutSayingWhich() throws Exception {
        server.on("/m", asked -> {
            if (asked.from() < 0) {
                asked.whole(V1);
            } else {
                asked.unlabelled(V1);
            }
        });
        fetch();
    }

    @Test
    void aRegistryThatSendsTheWholeUntilItIsCached() throws Exception {
        server.on("/m", asked -> {
            if (asked.number() == 1) {
                asked.whole(V1);
            } else {
                asked.honest(V1);
            }
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(1);
    }

    @Test
    void aCacheThatRefusesSomeRangesOfAShorterError() throws Exception {
        server.on("/m", asked -> {
            if (asked.number() % 3 == 0) {
                asked.status(416, "Content-Range: bytes */177", "Content-Type: text/html");
            } else {
                asked.honest(V1);
            }
        });
        fetch();
    }

    @Test
    void aServerThatDoesNotTellTheLengthOfTheWhole() throws Exception {
        server.on("/m", asked -> {
            if (asked.from() < 0) {
                asked.whole(V1);
            } else {
                asked.unlabelled(V1, "Content-Range: bytes " + asked.from() + "-" + (asked.to() - 1) + "/*");
            }
        });
        fetch();
    }

    @Test
    void aCdnThatIgnoresRangesOfWhatItMayCompress() throws Exception {
        server.on("/m", asked -> {
            if (asked.header("Accept-Encoding").contains("gzip")) {
                asked.whole(V1);
            } else {
                asked.honest(V1);
            }
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(SEGMENTS);
    }

    private void there(int bytes) throws IOException {
        Files.write(partial, Arrays.copyOf(content, bytes));
        new PartialNote(Optional.of("\"v1\""), Optional.empty()).write(PartialFile.sidecar(partial), server.uri("/m"));
    }

    private static String range(int from, int last, int total) {
        return "Content-Range: bytes " + from + "-" + last + "/" + total;
    }

    @Test
    void aStoreThatForbidsRanges() throws Exception {
        server.on("/hub", asked -> asked.status(302, "Location: " + store("/store?signature=" + asked.number())));
        for (int i = 1; i < 5; i++) {
            server.on("/store?signature=" + i, asked -> {
                if (asked.from() < 0) {
                    asked.whole(V1);
                } else {
                    asked.status(403);
                }
            });
        }
        transfer(4).fetch(server.uri("/hub"), partial, digested(), TransferProgress.NONE);
        requireWhole();
    }

    @Test
    void aStoreThatForbidsEverything() {
        server.on("/hub", asked -> asked.status(302, "Location: " + store("/store?signature=1")));
        server.on("/store?signature=1", asked -> asked.status(403));
        assertThatThrownBy(() -> transfer(4).fetch(server.uri("/hub"), partial, digested(), TransferProgress.NONE))
                .hasMessageContaining("answered 403");
    }

    /** The same server under the name of another host. */
    private String store(String path) {
        return "http://localhost:" + server.uri("/").getPort() + path;
    }
}
