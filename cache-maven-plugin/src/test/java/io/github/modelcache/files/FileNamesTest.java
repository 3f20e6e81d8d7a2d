package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.InvalidPathException;
import org.junit.jupiter.api.Test;

class FileNamesTest {

    @Test
    void saysWhichLocaleToSetWhereFileNamesAreNotUnicode() {
        InvalidPathException problem = new InvalidPathException("\u6a21\u578b.bin", "Malformed input");
        assertThat(FileNames.message(problem, "ANSI_X3.4-1968"))
                .isEqualTo("'\u6a21\u578b.bin' can't be a file name in this Java, whose file names are in"
                        + " ANSI_X3.4-1968. Start Maven with a UTF-8 locale, for example with the environment variable"
                        + " LC_ALL=C.UTF-8");
    }

    @Test
    void namesTheSystemsOwnReasonElsewhere() {
        assertThat(FileNames.message(new InvalidPathException("a?", "Illegal char <?>"), "ANSI_X3.4-1968"))
                .isEqualTo("'a?' can't be a file name on this system: Illegal char <?>");
        assertThat(FileNames.message(new InvalidPathException("\u00e9?", "Illegal char <?>"), "UTF-8"))
                .contains("Illegal char");
    }
}
