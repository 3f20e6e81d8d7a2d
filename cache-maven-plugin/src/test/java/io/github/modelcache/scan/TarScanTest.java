package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.HOSTILE;
import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.Samples.le;
import static io.github.modelcache.scan.Samples.tar;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** A text of the third pickle covers the header of the first entry. */
    @Test
    void isFollowedIfItIsAFileOfPyTorchToo() throws IOException {
        String start = new String(TorchStoragesTest.START, StandardCharsets.ISO_8859_1);
        String system = start.substring(0, start.length() - 2) + "X";
        byte[] text = new byte[BLOCK - system.length() - 4];
        byte[] ids = bytes("\u0080\2]((X\7\0\0\0storagectorch\nByteStorage\nX\1\0\0\0aX\3\0\0\0cpuM\0\4NtQe.");
        byte[] keys = bytes("\u0080\2]q\0X\1\0\0\0aa.");
        byte[] pickles = concat(bytes("."), ids, keys, le(1024, 8));
        byte[] first = concat(bytes(system), le(text.length, 4), text);
        byte[] header = Arrays.copyOf(tar(system, pickles), BLOCK);
        System.arraycopy(le(text.length, 4), 0, header, system.length(), 4);
        Samples.checksum(header);
        byte[] padded = Arrays.copyOf(pickles, BLOCK);

        assertThat(first).hasSize(BLOCK);
        assertThat(found(concat(header, padded, entry("weights", HOSTILE), new byte[2 * BLOCK])))
                .contains("in weights: it would call os.system");
    }

    /** As {@link #entry}, of another type. */
    private static byte[] typed(char type, byte[] content) {
        byte[] entry = entry("x", content);
        entry[156] = (byte) type;
        byte[] header = Arrays.copyOf(entry, BLOCK);
        Samples.checksum(header);
        System.arraycopy(header, 0, entry, 0, BLOCK);
        return entry;
    }

    @Test
    void namesOfTheOldestPyTorchAreFoundInTheirExtensions() throws IOException {
        byte[] storages = concat(typed('x', bytes("17 path=storages\n")), entry("a", HARMLESS));
        byte[] tensors = concat(typed('L', bytes("tensors\0")), entry("b", HARMLESS));

        assertThat(found(concat(storages, tensors, tar("pickle", HARMLESS))))
                .singleElement()
                .asString()
                .contains("PyTorch before 0.1.10");
        byte[] other = typed('L', bytes("my/tensors\0"));
        assertThat(found(concat(storages, other, entry("b", HARMLESS), tar("pickle", HARMLESS))))
                .isEmpty();
    }

    @Test
    void sparseEntriesAreUnsafe() throws IOException {
        String unsafe = "it is a tar archive with a sparse entry, whose content cannot be followed";

        assertThat(found(concat(entry("a", HARMLESS), typed('S', HARMLESS), new byte[2 * BLOCK])))
                .containsExactly(unsafe);
        for (char type : new char[] {'x', 'g', 'X'}) {
            assertThat(found(concat(typed(type, bytes("22 GNU.sparse.major=1\n")), tar("a", HARMLESS))))
                    .containsExactly(unsafe);
        }
    }

    /** Python takes no checksum for the sum 0, which signed bytes may have. */
    @Test
    void aFirstEntryWithoutANameAndAChecksumIsUnsafe() throws IOException {
        byte[] header = new byte[BLOCK];
        header[300] = -128;
        header[301] = -128;

        assertThat(found(concat(header, tar("weights", HOSTILE))))
                .contains("it is a tar archive whose first entry has neither a name nor a checksum");
        assertThat(found(concat(header, new byte[4 * BLOCK]))).isEmpty();
    }

    /** The name of the first entry is the start of another format. */
    @Test
    void anArchiveThatIsSomethingElseTooIsUnsafe() throws IOException {
        byte[] json = bytes("{}" + " ".repeat(66));
        byte[] both = tar(new String(concat(le(json.length, 8), json), StandardCharsets.ISO_8859_1), HARMLESS);

        assertThat(found(both)).contains("it is a tar archive as well as safetensors");
    }

    /** The entry ends earlier than its header says, and another header lies in the middle of its content. */
    @Test
    void anEntryWithTwoSizesIsUnsafe() throws IOException {
        byte[] hidden = concat(new byte[BLOCK], tar("weights", HOSTILE));
        byte[] archive = concat(typed('x', bytes("12 size=512\n")), tar("a", hidden));

        assertThat(found(archive)).containsExactly("it is a tar archive that gives an entry two sizes");
        byte[] same = concat(typed('x', bytes("12 size=" + HARMLESS.length + "\n")), tar("a", HARMLESS));
        assertThat(found(same)).isEmpty();
        byte[] global = concat(typed('g', bytes("12 size=" + HARMLESS.length + "\n")), tar("a", HARMLESS));
        assertThat(found(global)).hasSize(1);
        byte[] text = concat(typed('x', bytes("12 size=+512\n")), tar("a", hidden));
        assertThat(found(text)).containsExactly("it is a tar archive that ends early");
    }
}
