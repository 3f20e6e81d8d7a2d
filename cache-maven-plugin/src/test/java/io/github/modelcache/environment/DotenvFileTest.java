package io.github.modelcache.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DotenvFileTest {

    private static String with(String text, String value) {
        return new DotenvFile(text).with(new TreeMap<>(Map.of("HF_HOME", value)));
    }

    @Test
    void changesALineInItsPlaceAndKeepsTheRest() {
        assertThat(with("# mine\nA=1\nHF_HOME=/old\n\nB='x y' # why\n", "/new"))
                .isEqualTo("# mine\nA=1\nHF_HOME=/new\n\nB='x y' # why\n");
    }

    @Test
    void addsMissingEntriesAtTheEnd() {
        assertThat(with("A=1", "/new")).isEqualTo("A=1\nHF_HOME=/new\n");
        assertThat(with("", "/new")).isEqualTo("HF_HOME=/new\n");
    }

    @Test
    void keepsAnExportAndWindowsLineEnds() {
        assertThat(with("export HF_HOME=/old\r\nA=1\r\n", "/new")).isEqualTo("export HF_HOME=/new\r\nA=1\r\n");
    }

    @Test
    void keepsALineWithTheSameValue() {
        assertThat(with("HF_HOME = \"/new\"  # ours\n", "/new")).isEqualTo("HF_HOME = \"/new\"  # ours\n");
    }

    @Test
    void aLineInAQuotedValueIsNotAVariable() {
        String text = "KEY=\"first\nHF_HOME=/inside\nlast\"\n";
        assertThat(with(text, "/new")).isEqualTo(text + "HF_HOME=/new\n");
    }

    @Test
    void replacesAQuotedValueOfSeveralLinesAsAWhole() {
        assertThat(with("HF_HOME='a\nb'\nC=1\n", "/new")).isEqualTo("HF_HOME=/new\nC=1\n");
    }

    @Test
    void anUnclosedQuoteEndsWithItsLine() {
        assertThat(with("A='open\nHF_HOME=/old\n", "/new")).isEqualTo("A='open\nHF_HOME=/new\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"it's \"$x\"", "\\\\nas\\a b", "C:\\$x\\", "a\\'b\\", "'", "''", "\"", "a #b", " a ", "\\\\"})
    void readsItsOwnOutput(String value) {
        String written = with("A=1\n", value);
        assertThat(new DotenvFile(written + "B='2'\n").variables())
                .isEqualTo(Map.of("A", "1", "HF_HOME", value, "B", "2"));
        assertThat(with(written, value)).isEqualTo(written);
    }

    @Test
    void aBackslashBeforeTheLastQuoteOfALineIsTheEndOfAFolder() {
        assertThat(with("A='C:\\dir\\'\nHF_HOME='/old'\n", "/new")).isEqualTo("A='C:\\dir\\'\nHF_HOME=/new\n");
    }

    @Test
    void tellsTheValues() {
        assertThat(new DotenvFile("A=1 # one\nB=\"x \\\"y\\\"\"\nexport C='z'\n#D=2\n").variables())
                .isEqualTo(Map.of("A", "1", "B", "x \"y\"", "C", "z"));
    }
}
