package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColoursTest {

    @ParameterizedTest
    @ValueSource(strings = {"always", "yes", "force"})
    void areAlwaysThereWhenAskedFor(String value) {
        assertThat(Colours.wanted(style(value), false, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "no", "none"})
    void areNeverThereWhenNotWanted(String value) {
        assertThat(Colours.wanted(style(value), true, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "tty", "if-tty", "nonsense"})
    void areOtherwiseForTerminalsOnlyAndNotForBatchMode(String value) {
        assumeTrue(System.getenv("NO_COLOR") == null, "colours are switched off here");
        assertThat(Colours.wanted(style(value), true, true)).isTrue();
        assertThat(Colours.wanted(style(value), false, true)).isFalse();
        assertThat(Colours.wanted(style(value), true, false)).isFalse();
    }

    @Test
    void areForTerminalsWhenNothingIsSaid() {
        assumeTrue(System.getenv("NO_COLOR") == null, "colours are switched off here");
        assertThat(Colours.wanted(new Properties(), true, true)).isTrue();
        assertThat(Colours.wanted(new Properties(), true, false)).isFalse();
    }

    private static Properties style(String value) {
        Properties properties = new Properties();
        properties.setProperty("style.color", value);
        return properties;
    }
}
