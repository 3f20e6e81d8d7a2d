package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.RangeServer.Asked;
import io.github.modelcache.testing.RangeServer.Behaviour;
import io.github.modelcache.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large file over several connections; here a segment has 64 KiB and the file 21. */
class SegmentedDownloadTest extends SegmentedDownloadSetUp {
    @Test
    void usesSeveralConnectionsAndOneAddress() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        server.on("/hub", asked -> asked.status(302, "Location: /store?signature=1"));
        server.on("/store?signature=1", asked -> {
            if (asked.number() > 1 && asked.number() <= 4) {
                await(together);
            }
            asked.honest(V1);
        });
        AtomicLong reported = new AtomicLong();
        TransferResult arrived = transfer(4).fetch(server.uri("/hub"), partial, digested(), counting(reported));
        requireWhole();
        assertThat(arrived)
                .isEqualTo(new TransferResult(
                        content.length, sha256(), content.length, Optional.of("\"v1\""), Optional.empty()));
        assertThat(server.requests("/hub")).hasSize(1);
        assertThat(server.requests("/store?signature=1"))
                .hasSize(SEGMENTS)
                .allMatch(asked -> asked.to() - asked.from() <= SEGMENT)
                .as("a digest tells in the end")
                .allMatch(asked -> asked.header("If-Range").isEmpty());
        assertThat(server.connections()).isEqualTo(4);
        assertThat(reported).hasValue(content.length);
    }

    @Test
    void aFileOfUnknownLengthIsSplitOnceItsHeadIsThere() throws Exception {
        server.on("/m", asked -> asked.honest(V1, RANGES));
        TransferResult arrived =
                transfer(4).fetch(server.uri("/m"), partial, ExpectedContent.NONE, TransferProgress.NONE);
        requireWhole();
        assertThat(arrived.digest()).isEqualTo(sha256());
        assertThat(server.requests("/m")).hasSize(SEGMENTS);
        assertThat(server.requests("/m").get(0).from()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ETag: W/\"v1\"", "X-Other: none"})
    void withoutAVersionAndADigestOneConnectionIsUsed(String header) throws Exception {
        server.on("/m", asked -> asked.honest(header, RANGES));
        transfer(4).fetch(server.uri("/m"), partial, ExpectedContent.NONE, TransferProgress.NONE);
        requireWhole();
        assertThat(server.requests("/m")).hasSize(1);
    }

    @Test
    void withOneConnectionNothingIsSplit() throws Exception {
        transfer(1).fetch(server.uri("/m"), partial, digested(), TransferProgress.NONE);
        requireWhole();
        assertThat(server.requests("/m")).hasSize(1);
    }

    @Nested
    class AServerThatDoesNotSendRangesAsItShould {

        @Test
        void fromTheStart() throws Exception {
            server.on("/m", Asked::whole);
            fetch();
            assertThat(server.requests("/m")).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "whole",
                    "whole as part",
                    "other start",
                    "shorter",
                    "other total",
                    "other etag",
                    "416",
                    "encoded"
                })
        void fromTheThirdRequestOn(String lie) throws Exception {
            Behaviour lying = Objects.requireNonNull(lies().get(lie));
            AtomicInteger asked = new AtomicInteger();
            server.on("/m", one -> {
                boolean segment = one.header("Range").matches("bytes=\\d+-\\d+");
                if (segment && asked.incrementAndGet() > 2) {
                    lying.answer(one);
                } else {
                    one.honest(V1);
                }
            });
            fetch();
            assertThat(server.requests("/m").stream().skip(1))
                    .as("the rest over one connection")
                    .anyMatch(one -> !one.header("Range").matches("bytes=\\d+-\\d+"));
            assertThat(pauses).as("no error to wait for").isEmpty();
        }

        private Map<String, Behaviour> lies() {
            int length = content.length;
            return Map.of(
                    "whole", asked -> asked.whole(V1),
                    "whole as part", asked -> asked.part(0, length, length, length, V1),
                    "other start", asked -> asked.part(asked.from() - 1, asked.to() - 1, length, SEGMENT, V1),
                    "shorter", asked -> asked.part(asked.from(), asked.to() - 1, length, SEGMENT, V1),
                    "other total", asked -> asked.part(asked.from(), asked.to(), length + 1L, SEGMENT, V1),
                    "other etag", asked -> asked.honest("ETag: \"v2\""),
                    "416", asked -> asked.status(416),
                    "encoded", asked -> asked.honest(V1, "Content-Encoding: gzip"));
        }

        @Test
        void wrongBytesAreFoundByTheDigestAndFetchedOnceMore() throws Exception {
            server.on("/m", asked -> {
                if (asked.from() == 3 * SEGMENT) {
                    asked.forged();
                } else {
                    asked.honest();
                }
            });
            fetch();
            Asked last = server.requests("/m").get(server.requests("/m").size() - 1);
            assertThat(last.from()).isEqualTo(-1);
        }
    }

    @Nested
    class AServerThatRefusesConnections {

        @ParameterizedTest
        @ValueSource(ints = {429, 503, 403, 0, -1})
        void fromTheThirdOn(int refusal) throws Exception {
            CountDownLatch refused = new CountDownLatch(1);
            server.on("/m", asked -> {
                if (asked.connection() > 2) {
                    refused.countDown();
                    refuse(asked, refusal);
                } else if (asked.number() > 1) {
                    await(refused);
                }
                asked.honest(V1);
            });
            fetch();
            assertThat(server.connections())
                    .as("those that are refused are not tried for ever")
                    .isLessThan(8);
            assertThat(pauses).isEmpty();
        }

        private void refuse(Asked asked, int refusal) throws IOException {
            if (refusal == 0) {
                throw asked.reset();
            } else if (refusal < 0) {
                throw new IOException("closed without a word");
            } else {
                asked.status(refusal, "Retry-After: 100");
                throw new IOException("and closed");
            }
        }

        @Test
        void andAnswersThemAllALittleLater() throws Exception {
            AtomicInteger down = new AtomicInteger();
            server.on("/m", asked -> {
                if (asked.number() > 6 && down.incrementAndGet() < 20) {
                    asked.status(503);
                } else {
                    asked.honest(V1);
                }
            });
            retries = 30;
            fetch();
            assertThat(pauses).isNotEmpty();
            assertThat(bytesAskedFor())
                    .as("no segment twice but for those that failed")
                    .isLessThan(content.length + 30L * SEGMENT);
        }
    }

    @Test
    void aConnectionThatIsCutAgainAndAgainGoesOnWhereItWas() throws Exception {
        server.on("/m", asked -> asked.part(asked.from(), asked.to(), content.length, SEGMENT / 2 + 7, V1));
        fetch();
        assertThat(pauses).isEmpty();
        assertThat(bytesAskedFor()).isLessThan(content.length * 2L);
    }

    @Test
    void anAddressThatExpiresIsAskedForOnceMore() throws Exception {
        AtomicInteger signatures = new AtomicInteger();
        server.on("/hub", asked -> asked.status(302, "Location: /store?signature=" + signatures.incrementAndGet()));
        for (int i = 1; i < 9; i++) {
            String now = "/store?signature=" + i;
            server.on(now, asked -> {
                if (asked.number() > 5) {
                    asked.status(403);
                } else {
                    asked.honest(V1);
                }
            });
        }
        transfer(4).fetch(server.uri("/hub"), partial, digested(), TransferProgress.NONE);
        requireWhole();
        assertThat(server.requests("/hub")).hasSizeBetween(4, 6);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aConnectionThatLagsIsGivenUp() throws Exception {
        server.on("/m", asked -> {
            if (asked.connection() == 2 || asked.connection() == 3) {
                asked.stall(1000, V1);
            }
            asked.honest(V1);
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(SEGMENTS + 2);
    }

    @Test
    void aSlowConnectionIsKeptWhereTheProcessorsAreBusy() throws Exception {
        load = 1;
        server.on("/m", asked -> {
            boolean slow = asked.connection() == 2;
            asked.slowly(slow ? 1 << 10 : 4 << 10, TimeUnit.MILLISECONDS.toNanos(slow ? 50 : 5), V1);
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(SEGMENTS);
        assertThat(server.connections()).isEqualTo(4);
    }

    @Test
    void aConnectionThatNeverAnswersIsNotWaitedForInTheEnd() throws Exception {
        server.on("/m", asked -> {
            if (asked.connection() == 3) {
                asked.silence();
            }
            asked.honest(V1);
        });
        fetch();
    }

    @Test
    void aDiskThatFillsUpIsNamedAndWhatArrivedIsKept() throws Exception {
        try (SmallDisk disk = SmallDisk.on(folder.resolve("disk"), 2048)) {
            partial = disk.folder().resolve("model.part");
            AtomicInteger asked = new AtomicInteger();
            Path[] ballast = new Path[1];
            server.on("/m", one -> {
                if (asked.incrementAndGet() == 8) {
                    ballast[0] = disk.fill();
                }
                one.honest(V1);
            });
            TransferException failure = catchThrowableOfType(TransferException.class, this::fetch);
            assertThat(failure.kind()).isEqualTo(Kind.DISK_FULL);
            assertThat(failure).hasMessageContaining("is full");
            Files.delete(ballast[0]);
            long before = bytesAskedFor();
            fetch();
            assertThat(bytesAskedFor() - before).isLessThan(content.length);
        }
    }

    @Test
    void anInterruptEndsIt() {
        server.on("/m", asked -> {
            if (asked.number() > 3) {
                asked.stall(10, V1);
            }
            asked.honest(V1);
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
