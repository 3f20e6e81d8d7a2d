package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.HOSTILE;
import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.Samples.le;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of PyTorch before 1.6: five pickles, then numbers. */
class TorchStoragesTest {
    static final byte[] START = bytes("\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\31.\u0080\2M\u00e9\3.\u0080\2}.");
    private static final String KEYS = "\u0080\2]q\0(X\1\0\0\0aq\1X\1\0\0\0bq\2e.";
    private static final int BYTES = 4000;

    private static String id(String type, String key, String view) {
        return "(X\7\0\0\0storagectorch\n" + type + "Storage\nX\1\0\0\0" + key + "X\3\0\0\0cpuM\u00a0\17" + view + "tQ";
    }

    private static byte[] ids(String... ids) {
        return bytes("\u0080\2](" + String.join("", ids) + "e.");
    }

    /** A storage of bytes with a pickle in the middle, as nobody reads it. */
    private static byte[] storage(long elements, byte[] middle) {
        byte[] numbers = Arrays.copyOf(new byte[BYTES], BYTES);
        System.arraycopy(middle, 0, numbers, 1000, middle.length);
        return concat(le(elements, 8), numbers);
    }

    private static byte[] file(byte[] ids, String keys, byte[]... behind) {
        return concat(START, ids, bytes(keys), concat(behind));
    }

    private static List<String> unsafe(byte[] content) throws IOException {
        return Samples.scan(content, "model.bin").issues().stream()
                .filter(issue -> issue.kind() == Kind.UNSAFE)
                .map(ScanIssue::what)
                .toList();
    }

    private static final byte[] IDS = ids(id("Byte", "b", "N"), id("Byte", "a", "N"));

    @Test
    void areSteppedOver() throws IOException {
        byte[] numbers = storage(BYTES, HOSTILE);

        assertThat(unsafe(file(IDS, KEYS, numbers, numbers))).isEmpty();
        assertThat(unsafe(file(ids(id("Byte", "a", "N")), "\u0080\2]q\0X\1\0\0\0aq\1a.", numbers)))
                .isEmpty();
    }

    @Test
    void areFollowedByWhatTheNextLoadReads() throws IOException {
        byte[] numbers = storage(BYTES, new byte[0]);
        byte[] first = file(IDS, KEYS, numbers, numbers);

        assertThat(unsafe(concat(first, HOSTILE))).containsExactly("it would call os.system");
        assertThat(unsafe(concat(first, bytes("cos\nsystem\n)R.")))).containsExactly("it would call os.system");
        assertThat(unsafe(concat(first, new byte[100], HOSTILE))).containsExactly("it would call os.system");
        assertThat(unsafe(concat(first, first, HOSTILE))).containsExactly("it would call os.system");
    }

    /** The length is the start of a text, and the end of a pickle follows it. */
    @Test
    void areFollowedIfTheirLengthIsAPickle() throws IOException {
        byte[] ids = ids(id("Float", "a", "N").replace("M\u00a0\17", "K\u008d"));
        byte[] code = concat(bytes("\0.cos\nsystem\n(S'true'\ntR."), new byte[141 * 4]);
        byte[] numbers = concat(le(141, 8), Arrays.copyOf(code, 141 * 4));

        assertThat(unsafe(file(ids, "\u0080\2]q\0X\1\0\0\0aq\1a.", numbers)))
                .containsExactly("it would call os.system");
    }

    @Test
    void areSearchedIfOneHasAnotherLength() throws IOException {
        byte[] numbers = storage(BYTES, HOSTILE);

        assertThat(unsafe(file(IDS, KEYS, numbers, storage(BYTES - 1, HOSTILE))))
                .isNotEmpty();
        assertThat(unsafe(file(IDS, KEYS, numbers))).isNotEmpty();
        assertThat(unsafe(file(IDS, KEYS, numbers, Arrays.copyOf(numbers, 3000))))
                .isNotEmpty();
        assertThat(unsafe(file(IDS, KEYS, storage(Long.MIN_VALUE, HOSTILE), numbers)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080\2](X\1\0\0\0aX\1\0\0\0ce.", // a storage that nobody named
                "\u0080\2]X\1\0\0\0a(e.", // not the list, but its last text
                "\u0080\2](X\1\0\0\0a.",
                "\u0080\2X\1\0\0\0a].",
                "\u0080\2]X\1\0\0\0aX\1\0\0\0ba.",
                "\u0080\2](X\1\0\0\0aN0e.",
                "\u0080\4](X\1\0\0\0aX\1\0\0\0be.0."
            })
    void areSearchedIfTheirOrderIsNotKnown(String keys) throws IOException {
        byte[] numbers = storage(BYTES, HOSTILE);

        assertThat(unsafe(file(IDS, keys, numbers, numbers))).isNotEmpty();
    }

    @Test
    void areSearchedIfTheirLengthIsNotKnown() throws IOException {
        byte[] numbers = storage(BYTES, HOSTILE);

        for (String view : List.of("]", "(X\1\0\0\0aK\0K\1t", "K\0")) {
            assertThat(unsafe(file(ids(id("Byte", "b", view), id("Byte", "a", "N")), KEYS, numbers, numbers)))
                    .as(view)
                    .isNotEmpty();
        }
        byte[] twoWays = ids(id("Byte", "a", "N"), id("Short", "a", "N"), id("Byte", "b", "N"));
        assertThat(unsafe(file(twoWays, KEYS, numbers, numbers))).isNotEmpty();
    }

    /** A state with one tensor of four numbers, in an archive of PyTorch. */
    private static byte[] tensor(String type, int elements, String offset, String shape, String strides) {
        String storage =
                "(X\7\0\0\0storagectorch\n" + type + "Storage\nX\1\0\0\0000X\3\0\0\0cpuK" + (char) elements + "tQ";
        return bytes("\u0080\2}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n(" + storage + offset + shape + strides
                + "\u0089ccollections\nOrderedDict\n)RtRs.");
    }

    private static byte[] archive(byte[] pickle, int bytes) {
        return Samples.zip(Map.of("m/data.pkl", pickle, "m/data/0", new byte[bytes]));
    }

    /** CVE-2026-24747: PyTorch took the length of a storage from the pickle. */
    @Test
    void longerThanTheirEntriesAreUnsafe() throws IOException {
        byte[] four = tensor("Float", 4, "K\0", "K\4\u0085", "K\1\u0085");

        assertThat(unsafe(archive(four, 16))).isEmpty();
        assertThat(unsafe(archive(four, 15)))
                .containsExactly("in m/data.pkl: its storage '0' is longer than its entry");
        assertThat(unsafe(Samples.zip(Map.of("m/data.pkl", four, "m/DATA/0", new byte[15]))))
                .hasSize(1);
        byte[] unknown = tensor("QUInt4x2", 17, "K\0", "K\4\u0085", "K\1\u0085");
        assertThat(unsafe(archive(unknown, 16))).hasSize(1);
        byte[] program =
                Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants.pkl", four, "m/constants/0", new byte[15]));
        assertThat(unsafe(program)).containsExactly("in m/constants.pkl: its storage '0' is longer than its entry");
    }

    @Test
    void shorterThanTheirTensorsAreUnsafe() throws IOException {
        String call = "in m/data.pkl: it would call torch._utils._rebuild_tensor_v2"
                + " with a tensor that is larger than its storage";

        assertThat(unsafe(archive(tensor("Float", 4, "K\0", "K\2K\2\u0086", "K\2K\1\u0086"), 16)))
                .isEmpty();
        assertThat(unsafe(archive(tensor("Float", 4, "K\4", "K\0\u0085", "K\1\u0085"), 16)))
                .isEmpty();
        assertThat(unsafe(archive(tensor("Float", 4, "K\3", ")", ")"), 16))).isEmpty();
        for (byte[] larger : List.of(
                tensor("Float", 4, "K\1", "K\4\u0085", "K\1\u0085"),
                tensor("Float", 4, "K\4", ")", ")"),
                tensor("Float", 4, "K\0", "K\4\u0085", "K\2\u0085"),
                tensor("Float", 4, "J\u00ff\u00ff\u00ff\u00ff", "K\1\u0085", "K\1\u0085"),
                tensor("Float", 4, "K\0", "K\4\u0085", "J\u00ff\u00ff\u00ff\u00ff\u0085"),
                tensor("Float", 4, "K\0", "K\4\u0085", ")"),
                tensor("Float", 4, "K\0", "K\4K\4\u0086", "\u008a\10\0\0\0\0\0\0\0\177K\1\u0086"),
                tensor("Float", 4, "K\0", "N", "N"))) {
            assertThat(unsafe(archive(larger, 16))).containsExactly(call);
        }
    }

    @Test
    void areNothingSpecialBehindOtherPickles() throws IOException {
        byte[] numbers = storage(BYTES, HOSTILE);
        byte[] more = concat(START, HARMLESS, IDS, bytes(KEYS), numbers, numbers);
        byte[] other = file(IDS, KEYS, numbers, numbers);
        other[5] ^= 1;

        assertThat(unsafe(more)).isNotEmpty();
        assertThat(unsafe(other)).isNotEmpty();
    }
}
