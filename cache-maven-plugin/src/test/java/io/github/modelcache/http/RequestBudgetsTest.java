package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBudgetsTest {
    private static final URI FILE = URI.create("https://hub.example/org/name/resolve/main/a.bin");
    private static final URI API = URI.create("https://hub.example/api/models/org/name");

    private final AtomicLong clock = new AtomicLong();
    private final RequestBudgets budgets = new RequestBudgets(clock::get);

    @Test
    void nothingWaitsForAServerThatTellsNoLimit() {
        budgets.learn(FILE, Map.of());
        assertThat(budgets.take(FILE)).isZero();
    }

    @Test
    void nothingWaitsWhileMuchIsLeft() {
        learn(FILE, "\"resolvers\";r=2900;t=280", "\"fixed window\";\"resolvers\";q=3000;w=300");
        for (int i = 0; i < 2000; i++) {
            assertThat(budgets.take(FILE)).isZero();
        }
    }

    @Test
    void theLastRequestsAreSpreadOverTheRestOfTheTime() {
        learn(FILE, "\"resolvers\";r=10;t=99", "\"resolvers\";q=3000;w=300");
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Duration wait = budgets.take(FILE);
            waits.add(wait);
            clock.addAndGet(wait.toNanos());
        }
        assertThat(waits.get(0)).isZero();
        assertThat(waits.subList(1, 10)).allMatch(wait -> wait.toSeconds() == 9);
        Duration next = budgets.take(FILE);
        assertThat(next.plusNanos(clock.get())).as("the next window").isEqualTo(Duration.ofSeconds(100));
        clock.addAndGet(next.toNanos());
        assertThat(budgets.take(FILE)).isZero();
    }

    @Test
    void requestsThatComeTogetherAreSpreadToo() {
        learn(FILE, "\"resolvers\";r=4;t=99", "\"resolvers\";q=3000;w=300");
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            seconds.add(budgets.take(FILE).toSeconds());
        }
        assertThat(seconds).isSorted().doesNotHaveDuplicates().startsWith(0L);
        assertThat(seconds.get(3)).isLessThanOrEqualTo(100);
    }

    @Test
    void whereNothingIsLeftTheNextWindowIsAwaited() {
        learn(FILE, "\"resolvers\";r=0;t=55", "");
        assertThat(budgets.take(FILE).toSeconds()).isEqualTo(56);
        clock.set(TimeUnit.SECONDS.toNanos(57));
        assertThat(budgets.take(FILE)).isZero();
    }

    @Test
    void filesDoNotWaitForTheLimitOfAnInterface() {
        learn(API, "\"api\";r=0;t=300", "\"api\";q=500;w=300");
        learn(FILE, "\"resolvers\";r=2000;t=300", "\"resolvers\";q=3000;w=300");
        assertThat(budgets.take(API)).isPositive();
        assertThat(budgets.take(FILE)).isZero();
        assertThat(budgets.take(URI.create("https://other.example/api/models/x")))
                .isZero();
    }

    @Test
    void anAnswerThatWasOvertakenGivesNothingBack() {
        learn(FILE, "\"resolvers\";r=1;t=100", "\"resolvers\";q=3000;w=300");
        learn(FILE, "\"resolvers\";r=900;t=100", "\"resolvers\";q=3000;w=300");
        budgets.take(FILE);
        assertThat(budgets.take(FILE)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ";", "r=0;t=5", "\"a\"", "\"a\";r=0", "\"a\";r=x;t=y", "\"a\";r=-1;t=-5", ",,,", "\";r=0;t=9"
            })
    void aHeaderThatMakesNoSenseChangesNothing(String header) {
        learn(FILE, header, header);
        assertThat(budgets.take(FILE)).isZero();
    }

    private void learn(URI uri, String limit, String policy) {
        budgets.learn(uri, Map.of("RateLimit", limit, "RateLimit-Policy", policy));
    }
}
