package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.HOSTILE;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.Samples.tar;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TarScanTest {
    private static final int BLOCK = 512;

    private static List<String> found(byte[] content) throws IOException {
        return Samples.scan(content, "model.tar").issues().stream()
                .map(ScanIssue::what)
                .toList();
    }

    /** One entry without the end of an archive. */
    private static byte[] entry(String name, byte[] content) {
        byte[] one = tar(name, content);
        return Arrays.copyOf(one, one.length - 2 * BLOCK);
    }

    @Test
    void anEntryWithoutANameIsNotTheEnd() throws IOException {
        assertThat(found(concat(entry("a", HARMLESS), tar("", HOSTILE))))
                .containsExactly("in an entry without a name: it would call os.system");
        assertThat(found(tar("", HOSTILE))).hasSize(1);
    }

    @Test
    void whatStartsWithAZeroByteAndIsNoHeaderIsDamaged() throws IOException {
        byte[] block = new byte[BLOCK];
        block[BLOCK - 1] = 1;

        assertThat(found(concat(entry("a", HARMLESS), block)))
                .containsExactly("it is a tar archive that is damaged after 1 entries");
    }
}
