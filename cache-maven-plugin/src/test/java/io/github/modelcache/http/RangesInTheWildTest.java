package io.github.modelcache.http;

import static io.github.modelcache.http.TransferProgress.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        Files.write(partial, Arrays.copyOf(content, there));
        new PartialNote(Optional.of("\"v1\""), Optional.empty()).write(PartialFile.sidecar(partial), server.uri("/m"));
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
        Files.write(partial, Arrays.copyOf(content, SEGMENT));
        new PartialNote(Optional.of("\"v1\""), Optional.empty()).write(PartialFile.sidecar(partial), server.uri("/m"));
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
