package io.github.modelcache.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarWriterTest {

    private static final long EIGHT_GIB = 8L << 30;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/config.json",
                "models/模型/é ü.bin",
                "models/line\nbreak",
                "a b/c'd\"e",
                "%s/%s/%s",
                "models/%s%s/x"
            })
    void writesNamesThatAReaderReads(String pattern) throws Exception {
        String name = pattern.replace("%s", "n".repeat(99));
        if (name.indexOf('\n') >= 0) {
            assertThat(text(TarWriter.file(name, 1))).contains("26 path=models/line\nbreak\n");
            return; // the reader refuses such names
        }
        assertThat(read(tar(name, "content"))).containsExactly(name + " 7");
    }

    @Test
    void writesAFolderAndTheFileInIt() throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(TarWriter.folder("models"));
        tar.writeBytes(tar("models/a", ""));
        assertThat(read(tar.toByteArray())).containsExactly("models/a 0");
        assertThat(TarWriter.folder("models")).hasSize(512).startsWith("models/\0".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void needsNoPaxHeaderForASizeBelowEightGib() {
        assertThat(TarWriter.file("models/a", EIGHT_GIB - 1)).hasSize(512);
        assertThat(text(TarWriter.file("models/a", EIGHT_GIB - 1))).contains("77777777777\0");
    }

    @Test
    void writesASizeOfEightGibAsAPaxRecord() {
        byte[] header = TarWriter.file("models/a", EIGHT_GIB);
        assertThat(header).hasSize(3 * 512);
        assertThat(text(header)).contains("19 size=8589934592\n");
        // some readers skip pax headers: containers/olot#210
        assertThat(text(header).substring(1024 + 124, 1024 + 136)).isEqualTo("\u0080\0\0\0\0\0\0\2\0\0\0\0");
    }

    @Test
    void countsTheDigitsOfTheLengthOfARecord() {
        // 93 bytes of name make a record of 100 bytes, whose length has a digit more
        for (int length = 80; length < 120; length++) {
            String name = "é" + "x".repeat(length);
            String text = text(TarWriter.file(name, 1)).substring(512);
            String record = text.substring(0, text.indexOf('\n') + 1);
            assertThat(record).hasSize(Integer.parseInt(record.substring(0, record.indexOf(' '))));
        }
    }

    @Test
    void dependsOnNothingButNameAndSize() {
        assertThat(TarWriter.file("models/a", 5)).isEqualTo(TarWriter.file("models/a", 5));
        String header = text(TarWriter.file("models/a", 5));
        assertThat(header.substring(100, 148))
                .isEqualTo("0000644\0" + "0000000\0" + "0000000\0" + "00000000005\0" + "00000000000\0");
        assertThat(header.substring(257, 345)).isEqualTo("ustar\0" + "00" + "\0".repeat(80));
    }

    @Test
    void fillsTheLastBlock() {
        assertThat(TarWriter.padding(0)).isEmpty();
        assertThat(TarWriter.padding(1)).hasSize(511);
        assertThat(TarWriter.padding(512)).isEmpty();
        assertThat(TarWriter.end()).hasSize(1024).containsOnly(0);
    }

    private static byte[] tar(String name, String content) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.writeBytes(TarWriter.file(name, bytes.length));
        tar.writeBytes(bytes);
        tar.writeBytes(TarWriter.padding(bytes.length));
        tar.writeBytes(TarWriter.end());
        return tar.toByteArray();
    }

    private List<String> read(byte[] tar) throws Exception {
        Path file = folder.resolve("a.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(tar);
        }
        try (Archive archive = Archive.open(file, folder.resolve("scratch"))) {
            return archive.entries().stream()
                    .map(entry -> entry.name() + " " + entry.size())
                    .toList();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
