package io.github.modelcache.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarArchiveTest {

    /** Two bzip2 streams, by Python's bz2 and tarfile (pax): top/am/final.mdl, and a long name with runs of bytes. */
    private static final byte[] BZIP2 = Base64.getDecoder()
            .decode(
                    "QlpoOTFBWSZTWRqe6O8ACoffrP2QQAH/gkBAUAR3795AAACBAAgACEgwANmsIUADQAAAABo9QGpqaZAmJiYJiZqYEwBBJKhkep5Q"
                            + "aMjJoaGgD1ALescZ+ZNCSUBTUZnKBOzMElD5kw4FYAABcEWAAAMo3iDfqcltRFd3Vj09kk9MJK3hdNaRjCUiCB6r7aOuVagd"
                            + "j2EhZKiXDTYUz+lUi4sSNSAAAU3FJJJKuLqlXTYAAApwAAIKUEAOatIt0QVBrl9N1gL4DmYFscF1xOQzGIVJi8eITKufB8UY"
                            + "D+LuSKcKEgNT3R3gQlpoOTFBWSZTWTv1ARYAEbHBAeEAMAAABAAIIABAUqmMoQwGg5yhYEqYBKnaoqb0KkNCVMg/F3JFOFCQ"
                            + "O/UBFg==");

    @TempDir
    Path folder = Path.of("");

    private Archive open(byte[] content) throws IOException {
        return Archive.open(Files.write(folder.resolve("a.tar"), content), folder.resolve("scratch"));
    }

    /** A header with a right checksum, and its content. */
    private static byte[] entry(String name, char type, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        byte[] blocks = new byte[512 + (bytes.length + 511) / 512 * 512];
        put(blocks, 0, name);
        put(blocks, 124, String.format("%011o", bytes.length));
        put(blocks, 148, "        ");
        blocks[156] = (byte) type;
        put(blocks, 257, "ustar");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += blocks[i] & 0xff;
        }
        put(blocks, 148, String.format("%06o", sum));
        System.arraycopy(bytes, 0, blocks, 512, bytes.length);
        return blocks;
    }

    private static void put(byte[] blocks, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, blocks, at, bytes.length);
    }

    private static byte[] gzip(byte[]... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (byte[] entry : entries) {
                gzip.write(entry);
            }
            gzip.write(new byte[1024]);
        }
        return out.toByteArray();
    }

    @Nested
    class AGoodArchive {

        @Test
        void isUnpackedFromGzip() throws Exception {
            byte[] tar = gzip(
                    entry("m/", '5', ""),
                    entry("m/a.bin", '0', "A"),
                    entry("././@LongLink", 'L', "m/" + "l".repeat(120) + "\0"),
                    entry("m/lll", '0', "long"),
                    entry("x", 'x', "26 path=m/of-a-pax-header\n"),
                    entry("m/short", '0', "pax"));
            try (Archive archive = open(tar)) {
                assertThat(archive.entries())
                        .extracting(ZipArchive.Entry::name)
                        .containsExactly("m/a.bin", "m/" + "l".repeat(120), "m/of-a-pax-header");
                Path target = folder.resolve("out/pax");
                archive.extract(archive.entries().get(2), target);
                assertThat(target).hasContent("pax");
            }
            assertThat(folder.resolve("scratch")).isEmptyDirectory();
        }

        @Test
        void isUnpackedFromBzip2OfSeveralStreams() throws Exception {
            try (Archive archive = open(BZIP2)) {
                List<ZipArchive.Entry> entries = archive.entries();
                assertThat(entries)
                        .extracting(ZipArchive.Entry::name)
                        .containsExactly("top/am/final.mdl", "top/" + "d".repeat(120) + "/größe.txt");
                Path target = folder.resolve("out/text");
                archive.extract(entries.get(1), target);
                assertThat(target).hasContent("aaaaaaaaaabbbbb".repeat(2000));
            }
        }
    }

    @Nested
    class AHostileArchive {

        @ParameterizedTest
        @CsvSource({
            "../x, 0, leads out of the folder",
            "/etc/x, 0, has an absolute path",
            "C:x, 0, has an absolute path",
            "a/../../x, 0, leads out of the folder",
            "link, 2, is a link",
            "hard, 1, is a link",
            "device, 3, is neither a file nor a folder",
            "pipe, 6, is neither a file nor a folder",
            "sparse, S, is neither a file nor a folder"
        })
        void isRefusedAsAWhole(String name, char type, String problem) throws Exception {
            byte[] tar = gzip(entry("good", '0', "x"), entry(name, type, ""));
            assertThatThrownBy(() -> open(tar))
                    .isInstanceOf(ArchiveException.class)
                    .hasMessageContaining(problem);
            assertThat(folder.resolve("scratch")).isEmptyDirectory();
        }

        @Test
        void isRefusedIfAnExtendedHeaderLeadsOut() throws Exception {
            byte[] tar = gzip(entry("x", 'x', "16 path=../../x\n"), entry("good", '0', "x"));
            assertThatThrownBy(() -> open(tar)).hasMessageContaining("leads out of the folder");
        }

        @ParameterizedTest
        @ValueSource(strings = {"25", "0 path=x\n", "9999 path=x\n", "2 \n", "-3 path=x\n", "9999999999999 path=x\n"})
        void isRefusedIfAnExtendedHeaderIsBroken(String records) throws Exception {
            byte[] tar = gzip(entry("x", 'x', records), entry("good", '0', "x"));
            assertThatThrownBy(() -> open(tar)).isInstanceOf(ArchiveException.class);
        }

        @Test
        void isRefusedIfTwoNamesAreOneOnSomeDisks() throws Exception {
            byte[] tar = gzip(entry("a", '0', "x"), entry("A", '0', "y"));
            assertThatThrownBy(() -> open(tar)).hasMessageContaining("occurs twice");
        }

        @Test
        void isRefusedIfItGrowsBeyondMeasure() throws Exception {
            byte[] zeros = new byte[66 << 20];
            byte[] header = entry("zeros", '0', "");
            put(header, 124, String.format("%011o", zeros.length));
            put(header, 148, "        ");
            int sum = 0;
            for (int i = 0; i < 512; i++) {
                sum += header[i] & 0xff;
            }
            put(header, 148, String.format("%06o\0 ", sum));
            byte[] tar = gzip(header, zeros);
            assertThatThrownBy(() -> open(tar)).hasMessageContaining("200 times its size");
        }

        @Test
        void isRefusedIfItIsTruncatedOrDamagedAnywhere() throws Exception {
            for (byte[] whole : List.of(BZIP2, gzip(entry("a", '0', "x".repeat(3000))))) {
                for (int cut = 4; cut < whole.length - 10; cut += 7) {
                    byte[] part = Arrays.copyOf(whole, cut);
                    assertThatThrownBy(() -> open(part).close()).isInstanceOf(IOException.class);
                }
            }
            for (int i = 10; i < BZIP2.length; i += 3) {
                byte[] damaged = BZIP2.clone();
                damaged[i] ^= 0x55;
                assertThatThrownBy(() -> open(damaged).close()).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void bzip2IsReadByteByByteToo() throws Exception {
        try (Bzip2Stream one = new Bzip2Stream(new ByteArrayInputStream(BZIP2));
                Bzip2Stream all = new Bzip2Stream(new ByteArrayInputStream(BZIP2))) {
            byte[] bytes = all.readAllBytes();
            for (byte each : bytes) {
                assertThat(one.read()).isEqualTo(each & 0xff);
            }
            assertThat(one.read()).isEqualTo(-1);
        }
    }
}
