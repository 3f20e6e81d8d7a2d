package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

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
        assertThat(pauses).as("no error to wait for").isEmpty();
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
