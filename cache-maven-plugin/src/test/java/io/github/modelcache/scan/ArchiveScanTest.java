package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.HOSTILE;
import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.ScanAssertions.CALL;
import static io.github.modelcache.scan.ScanAssertions.assertFine;
import static io.github.modelcache.scan.ScanAssertions.assertUnreadable;
import static io.github.modelcache.scan.ScanAssertions.assertUnsafe;
import static io.github.modelcache.scan.ScanAssertions.packed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.files.RandomBytes;
import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class ArchiveScanTest {

    @Nested
    class Archives {

        @Test
        void areUnpackedWhateverTheyAre() throws IOException {
            assertUnsafe(packed(HOSTILE, GZIPOutputStream::new), CALL);
            assertUnsafe(packed(HOSTILE, DeflaterOutputStream::new), CALL);
            assertUnsafe(packed(HOSTILE, out -> new XZOutputStream(out, new LZMA2Options(1))), CALL);
            assertUnsafe(Samples.tar("weights", HOSTILE), "in weights: " + CALL);
            // printf '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.' | bzip2
            byte[] bzip2 = Base64.getDecoder().decode(BZIP2);
            assertUnsafe(bzip2, CALL);
        }

        /** Python loads it as a pickle: a byte string of 800 MB, and a call. */
        @Test
        void thatArePicklesAsWellAreUnsafe() throws IOException {
            byte[] start = bytes("BZh91AY&SY");
            long length = 5 + 0x3139685aL;
            RandomBytes content = new RandomBytes() {
                @Override
                public long size() {
                    return length + HOSTILE.length;
                }

                @Override
                public int read(ByteBuffer target, long position) {
                    byte[] part = position < start.length ? start : HOSTILE;
                    long from = position < start.length ? position : position - length;
                    if (position >= start.length && from < 0) {
                        int zeros = (int) Math.min(target.remaining(), -from);
                        target.put(new byte[zeros]);
                        return zeros;
                    }
                    int count = (int) Math.min(target.remaining(), part.length - from);
                    target.put(part, (int) from, count);
                    return count;
                }
            };

            assertThat(new ModelScanner().scan(content, "model.bin").issues())
                    .contains(new ScanIssue(Kind.UNSAFE, CALL));
        }

        @Test
        void areUnpackedInEachOther() throws IOException {
            byte[] inner = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(packed(Samples.tar("m.zip", inner), GZIPOutputStream::new), "in m.zip > data.pkl: " + CALL);
        }

        @Test
        void tooDeepAreUnsafe() throws IOException {
            byte[] content = {1, 2, 3, 4};
            for (int i = 0; i < 12; i++) {
                content = packed(content, GZIPOutputStream::new);
            }
            assertUnsafe(content, "more than 8 deep");
        }

        @Test
        void thatGrowWithoutMeasureAreUnsafe() throws IOException {
            byte[] once = packed(new byte[8 << 20], GZIPOutputStream::new);
            byte[] many = concat(once, once, once, once, once, once, once, once, once, once);

            assertUnsafe(
                    concat(many, many, many, many, many, many, many, many, many, many, many, many, many),
                    "more than a thousand times");
        }

        @Test
        void thatBreakOffAreLookedIntoUpToThere() throws IOException {
            byte[] packed = packed(concat(HOSTILE, new byte[100_000]), GZIPOutputStream::new);
            byte[] cut = Arrays.copyOf(packed, packed.length - 20);

            assertUnsafe(cut, CALL);
        }

        @Test
        void withTwoNamesForAnEntryAreUnsafe() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", new byte[] {1}));
            archive[30] = 'x';

            assertUnsafe(archive, "in two ways");
        }

        @Test
        void thatAreMarkedAsEncryptedAreLookedIntoAllTheSame() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));
            archive[6] |= 1;
            int central = new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
            archive[central + 8] |= 1;

            assertUnsafe(archive, CALL);
        }

        @Test
        void behindOtherContentAreFound() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(concat(new byte[5000], archive, new byte[10]), CALL);
        }

        @Test
        void behindACompressedContentAreFound() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(concat(packed(new byte[9], GZIPOutputStream::new), new byte[5000], archive), CALL);
        }

        @Test
        void ofTheOldestPyTorchAreUnsafe() throws IOException {
            byte[] all = new byte[0];
            for (String name : new String[] {"storages", "tensors", "pickle"}) {
                byte[] one = Samples.tar(name, HARMLESS);
                all = concat(all, Arrays.copyOf(one, one.length - 1024));
            }
            assertUnsafe(concat(all, new byte[1024]), "the format of PyTorch before 0.1.10");
            assertFine(Samples.tar("storages", HARMLESS), "tar");
        }

        @Test
        void ofPyTorchHaveNothingBehindTheirNumbersThatALibraryOpens() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));
            byte[] hidden = concat(new byte[5000], archive);

            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", hidden)), CALL);
            byte[] chance = concat(new byte[5000], bytes("PK\5\6"), new byte[40]);
            assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", chance)), "torch");
            for (String start : new String[] {"\u001f\u008b", "#!", "(\u00b5/\u00fd"}) {
                byte[] numbers = concat(bytes(start), new byte[34]);
                assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", numbers)), "torch");
                assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants/0", numbers)), "torch");
            }
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", HOSTILE)), CALL);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/other/0", hidden)), CALL);
        }

        @Test
        void ofPyTorchHaveOnlyNumbersAsStorages() throws IOException {
            byte[] array = Samples.npy("|O", HOSTILE);
            byte[] program = concat(bytes("\u007fELF\2\1\1"), new byte[2000]);
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(Samples.zip(Map.of("x/data.pkl", HARMLESS, "x/data/0", array)), CALL);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/aotinductor/evil.so", program)), "program");
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/x.pt", archive)), CALL);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants/1", archive)), CALL);
            byte[] packed = packed(HOSTILE, GZIPOutputStream::new);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/model.gz", packed)), CALL);
            byte[] integers = concat(Samples.le(9, 8), Samples.le('{', 8), new byte[80]);
            assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", integers)), "torch");
        }

        @Test
        void hideNothingBetweenTheirEntries() throws IOException {
            byte[] archive = Samples.zip(Map.of("a", new byte[] {1}));
            byte[] prefix = concat(bytes("PK\3\4"), new byte[60], HOSTILE, new byte[5000]);

            assertUnsafe(concat(prefix, archive), "zip archive that cannot be followed");
        }

        @Test
        void thatCannotBeUnpackedHereAreNotScannable() throws IOException {
            assertUnreadable(concat(bytes("7z\u00bc\u00af'\u001c"), new byte[100]), "7z");
            assertUnreadable(concat(bytes("(\u00b5/\u00fd"), new byte[100]), "zstd");
        }
    }

    private static final String BZIP2 =
            "QlpoOTFBWSZTWTV8HO4AAAlT4BUAAAEQAAICniBCBAgAIAAimjQZMyQoaaYADYJsyH5kvJg4DLS18XckU4UJA1fBzuA=";

    @Nested
    class Programs {

        @ParameterizedTest
        @ValueSource(strings = {"\u007fELF\2\1\1", "\u00cf\u00fa\u00ed\u00fe", "\u00ca\u00fe\u00ba\u00be\0\0\0\2"})
        void areUnsafe(String mark) throws IOException {
            assertUnsafe(concat(bytes(mark), new byte[2000]), "program");
        }

        @Test
        void ofWindowsAreUnsafe() throws IOException {
            byte[] program = new byte[400];
            System.arraycopy(bytes("MZ"), 0, program, 0, 2);
            program[60] = (byte) 0x80;
            System.arraycopy(bytes("PE\0\0"), 0, program, 0x80, 4);
            assertUnsafe(program, "program");
            assertUnsafe(concat(bytes("MZqFpD='\n"), new byte[2000]), "program");
        }

        @Test
        void inPythonAreUnsafe() throws IOException {
            assertUnsafe(concat(bytes("\u00a7\r\r\n\0\0\0\0"), new byte[50]), "compiled Python");
        }

        /** CVE-2024-27322. */
        @Test
        void inRAreNotScannable() throws IOException {
            assertUnreadable(concat(bytes("X\n\0\0\0\3\0\4\3\2"), new byte[50]), "stream of R objects");
            assertUnreadable(packed(concat(bytes("RDX3\nX\n"), new byte[50]), GZIPOutputStream::new), "R objects");
        }

        @Test
        void thatAreScriptsAreUnsafeUnderAnotherName() throws IOException {
            byte[] script = bytes("#!/bin/sh\necho\n");
            assertUnsafe(script, "script");
            assertThat(Samples.scan(script, "tools/convert.sh").issues()).isEmpty();
        }
    }

    @Nested
    class NumpyArrays {

        @Test
        void ofNumbersAreFine() throws IOException {
            assertFine(Samples.npy("<f8", new byte[8]), "numpy");
        }

        @Test
        void ofObjectsAreFollowed() throws IOException {
            assertUnsafe(Samples.npy("|O", HOSTILE), CALL);
            assertUnsafe(Samples.npy("|O", new byte[8]), "array of objects that cannot be followed");
        }

        @ParameterizedTest
        @ValueSource(strings = {"object", "\\x4f", "i4,O", "=O8", "(2,)O", "ob' 'ject", "<f8', 'descr': 'O"})
        void ofObjectsAreFollowedHoweverTheyAreSpelled(String type) throws IOException {
            assertUnsafe(Samples.npy(type, HOSTILE), CALL);
        }

        @Test
        void withFieldsAreFine() throws IOException {
            String fields = "{'descr': [('a', '<i8'), ('b', '<f8')], 'fortran_order': False, 'shape': (1,), }\n";
            byte[] array =
                    concat(bytes("\u0093NUMPY\1\0"), Samples.le(fields.length(), 2), bytes(fields), new byte[16]);

            assertFine(array, "numpy");
            assertUnsafe(concat(Arrays.copyOf(array, array.length - 16), HOSTILE), CALL);
        }
    }
}
