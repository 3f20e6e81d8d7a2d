package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.TransferException.Kind;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetriesTest {

    private final List<Long> waits = new ArrayList<>();

    private Retries retries(int most, Sleeper pause) {
        HttpOptions options = new HttpOptions(
                Duration.ZERO, Duration.ZERO, most, pause, Credentials.NONE, ProxySelection.NONE, "test");
        return new Retries(URI.create("https://h/x?secret"), options);
    }

    private Retries retries(int most) {
        return retries(most, wait -> waits.add(wait.toSeconds()));
    }

    private static TransferException status(int status, Map<String, String> headers) {
        return new TransferException(Kind.SERVER_ERROR, "failed", status, headers, null);
    }

    @Test
    void waitsLongerEachTimeAndThenGivesUp() throws Exception {
        Retries retries = retries(6);
        for (int i = 0; i < 6; i++) {
            retries.next(status(503, Map.of()));
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 8L, 8L);
        assertThatThrownBy(() -> retries.next(status(503, Map.of()))).hasMessage("failed (gave up after 7 attempts)");
    }

    @Test
    void aServerThatAsksForMoreThanTheLongestWaitIsGivenUpAtOnce() throws Exception {
        HttpOptions impatient = new HttpOptions(
                Duration.ZERO,
                Duration.ZERO,
                2,
                wait -> waits.add(wait.toSeconds()),
                Credentials.NONE,
                ProxySelection.NONE,
                Duration.ofSeconds(5),
                "test");
        Retries retries = new Retries(URI.create("https://h/x"), impatient);

        retries.next(status(503, Map.of("Retry-After", "5")));
        assertThatThrownBy(() -> retries.next(status(503, Map.of("Retry-After", "6"))))
                .isInstanceOfSatisfying(
                        TransferException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED))
                .hasMessageContaining("asks to wait 6 s, longer than the 5 s");
        assertThat(waits).containsExactly(5L);
    }

    @Test
    void newBytesStartTheCountAgain() throws Exception {
        Retries retries = retries(2);
        retries.next(status(503, Map.of()));
        retries.next(status(503, Map.of()));
        retries.progressed();
        retries.next(status(503, Map.of()));
        assertThat(waits).containsExactly(1L, 2L, 1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 501})
    void whatWillNotChangeIsNotTriedAgain(int status) {
        TransferException failure = status(status, Map.of());
        assertThatThrownBy(() -> retries(5).next(failure)).isSameAs(failure);
        assertThat(waits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void whatMayChangeIsTriedAgain(int status) throws Exception {
        retries(5).next(status(status, Map.of()));
        assertThat(waits).containsExactly(1L);
    }

    @Test
    void aServersWishCountsOnlyWhereItIsBusy() throws Exception {
        Retries retries = retries(5);
        retries.next(status(429, Map.of("Retry-After", "33")));
        retries.next(status(503, Map.of("Retry-After", "34")));
        retries.next(status(500, Map.of("Retry-After", "35")));
        assertThat(waits).containsExactly(33L, 34L, 4L);
    }

    @Test
    void fiveMinutesAreTheLongestWait() throws Exception {
        Retries retries = retries(5);
        retries.next(status(429, Map.of("Retry-After", "300")));
        assertThat(waits).containsExactly(300L);
        assertThatThrownBy(() -> retries.next(status(429, Map.of("Retry-After", "301"))))
                .hasMessageStartingWith("https://h/x asks to wait 301 s, longer than the 300 s")
                .isInstanceOfSatisfying(TransferException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED);
                    assertThat(e.status()).hasValue(429);
                    assertThat(e.headers()).containsKey("retry-after");
                });
    }

    @Test
    void anInterruptEndsTheWait() {
        Retries retries = retries(5, wait -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> retries.next(status(503, Map.of())))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("https://h/x: interrupted while waiting to try again");
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RateLimit | \"api\";r=0;t=55 | 56",
                "RateLimit | r = 0 ; t = 7 | 8",
                "RateLimit | \"a\";r=0;t=5, \"b\";r=0;t=9, \"c\";r=1;t=99 | 10",
                "RateLimit | \"a\";r=0;t=0 | 1",
                "Retry-After | 12 | 12",
                "RateLimit-Reset | 13 | 13"
            })
    void readsHowLongToWait(String header, String value, long seconds) {
        assertThat(Retries.asked(Map.of(header, value))).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RateLimit | \"api\";r=3;t=55",
                "RateLimit | \"api\";r=0",
                "RateLimit | xr=0;t=5",
                "Retry-After | soon",
                "Retry-After | -1",
                "Retry-After | 9999999999999",
                "RateLimit-Reset | later",
                "Other | 1"
            })
    void passesOverWhatTellsNothing(String header, String value) {
        assertThat(Retries.asked(Map.of(header, value))).isEmpty();
    }

    @Test
    void aDateIsTakenAgainstTheServersClock() {
        String date = "Sun, 22 Nov 2026 10:00:00 GMT";
        assertThat(Retries.asked(Map.of("Retry-After", "Sun, 22 Nov 2026 10:00:40 GMT", "Date", date)))
                .contains(Duration.ofSeconds(40));
        assertThat(Retries.asked(Map.of("Retry-After", "Sun, 22 Nov 2026 09:00:00 GMT", "Date", date)))
                .contains(Duration.ZERO);
        assertThat(Retries.asked(Map.of("Retry-After", "Sat, 01 Jan 2000 00:00:00 GMT", "Date", "nonsense")))
                .contains(Duration.ZERO);
    }

    @Test
    void theFirstHeaderThatTellsWins() {
        assertThat(Retries.asked(Map.of("RateLimit", "r=0;t=1", "Retry-After", "5", "RateLimit-Reset", "9")))
                .contains(Duration.ofSeconds(2));
        assertThat(Retries.asked(Map.of("Retry-After", "5", "RateLimit-Reset", "9")))
                .contains(Duration.ofSeconds(5));
    }
}
