package io.github.modelcache.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgeTest {
    @ParameterizedTest
    @CsvSource({
        "45s, PT45S",
        "30m, PT30M",
        "12h, PT12H",
        "90d, P90D",
        "90, P90D",
        "2w, P14D",
        "6mo, P180D",
        "1y, P365D",
        "' 3 D ', P3D",
        "0, PT0S"
    })
    void readsAges(String text, Duration age) {
        assertThat(Age.parse(text)).isEqualTo(age);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d", "-1d", "1.5d", "90 days", "1h30m", "P90D", "ninety"})
    void rejectsInvalidAges(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Age.parse(text))
                .withMessage("'" + text + "' is not an age; write it like 90d, 12h or 6mo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999999y", "999999999999999999"})
    void rejectsAgesThatDoNotFit(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Age.parse(text)).withMessageContaining("too long");
    }

    @ParameterizedTest
    @CsvSource({
        "P90D, 90 days",
        "P1D, 1 day",
        "PT47H, 1 day",
        "PT3H59M, 3 hours",
        "PT1H, 1 hour",
        "PT5M, 5 minutes",
        "PT1M1S, 1 minute",
        "PT1S, 1 second",
        "PT0.5S, 0 seconds",
        "PT-5M, 0 seconds"
    })
    void printsTheLargestWholeUnit(Duration age, String text) {
        assertThat(Age.format(age)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "-3, today",
        "0, today",
        "1, yesterday",
        "3, 3 days ago",
        "59, 59 days ago",
        "60, 2 months ago",
        "729, 24 months ago",
        "730, 2 years ago"
    })
    void saysHowLongAgoADayWas(long days, String text) {
        assertThat(Age.ago(days)).isEqualTo(text);
    }
}
