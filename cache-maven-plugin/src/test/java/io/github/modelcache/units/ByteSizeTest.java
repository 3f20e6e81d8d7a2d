package io.github.modelcache.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "1 b, 1",
        "1kB, 1000",
        "1KiB, 1024",
        "20GB, 20000000000",
        "20gib, 21474836480",
        "' 1.5 GB ', 1500000000",
        "0.1KiB, 102",
        "1TB, 1000000000000",
        "1 TiB, 1099511627776",
        "5MB, 5000000",
        "5MiB, 5242880",
        "9223372036854775807, 9223372036854775807"
    })
    void readsSizesInDecimalAndBinaryUnits(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "abc", "-1", "-1GB", "1.5", "1.5B", "20 G", "20XB", "GB", "1e3", "1,5GB", ".5GB", "1.GB",
                "1 G B", "0x10", "20iB"
            })
    void rejectsInvalidSizes(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessage("'" + text + "' is not a size; write it like 20GB or 20GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "8388608TiB", "999999999999999999999999TB"})
    void rejectsSizesThatDoNotFit(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("too large");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1049, 1.0 kB",
        "9949, 9.9 kB",
        "9999, 10 kB",
        "10400, 10 kB",
        "999499, 999 kB",
        "999999, 1.0 MB",
        "10000000, 10 MB",
        "1500000000, 1.5 GB",
        "20000000000, 20 GB",
        "1500000000000, 1.5 TB",
        "9223372036854775807, 9223372 TB"
    })
    void printsSizesAsMavenDoes(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
    }

    @Test
    void printsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(ByteSize.format(1_500_000_000)).isEqualTo("1.5 GB");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void rejectsToPrintANegativeSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.format(-1));
    }
}
