package io.github.modelcache.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
    @TempDir
    Path folder;

    @Test
    void unpacksAndHashes() throws Exception {
        byte[] content = new byte[500_000];
        new Random(1).nextBytes(content);
        Path file = folder.resolve("good.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("META-INF/"));
            zip.putNextEntry(new ZipEntry("META-INF/LICENSE"));
            zip.write("licence".getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("models/ünïcode 模型.bin"));
            zip.write(content);
        }
        try (ZipArchive archive = ZipArchive.open(file)) {
            assertThat(archive.entries())
                    .extracting(ZipArchive.Entry::name)
                    .containsExactly("META-INF/LICENSE", "models/ünïcode 模型.bin");
            Path target = folder.resolve("new/model.bin");
            Digest digest = archive.extract(archive.entries().get(1), target);
            assertThat(target).hasBinaryContent(content);
            assertThat(digest).isEqualTo(Hashing.digest(target, DigestAlgorithm.SHA256));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void replacesALinkAtTheTarget() throws Exception {
        Path shared = Files.writeString(folder.resolve("shared"), "payload of others");
        Path target = Files.createSymbolicLink(folder.resolve("target"), shared);
        try (ZipArchive archive = ZipArchive.open(write(new RawZip().entry("a", "mine")))) {
            archive.extract(archive.entries().get(0), target);
        }
        assertThat(target).hasContent("mine");
        assertThat(shared).hasContent("payload of others");
    }

    @Test
    void opensAnArchiveWithoutEntriesAndOneWithAComment() throws Exception {
        try (ZipArchive archive = ZipArchive.open(write(new RawZip()))) {
            assertThat(archive.entries()).isEmpty();
        }
        RawZip commented = new RawZip().entry("a", "1");
        commented.comment = "PK\u0005\u0006 not the end".repeat(10);
        try (ZipArchive archive = ZipArchive.open(write(commented))) {
            assertThat(archive.entries()).hasSize(1);
        }
    }

    @Test
    void readsZip64() throws Exception {
        RawZip raw = new RawZip().entry("a", "first").entry("b", "second");
        raw.zip64 = true;
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            archive.extract(archive.entries().get(1), folder.resolve("b"));
            assertThat(archive.entries().get(1).size()).isEqualTo(6);
        }
        assertThat(folder.resolve("b")).hasContent("second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "a/../../b",
                "a/..",
                "..",
                "/etc/passwd",
                "\\evil",
                "..\\evil",
                "a\\..\\..\\evil",
                "C:evil",
                "c:\\evil",
                "a\u0000b",
                "a\nb",
                "",
                "."
            })
    void refusesNamesThatLeadElsewhere(String name) throws Exception {
        refuses(new RawZip().entry("good", "1").entry(name, "2"), "the entry '");
    }

    @Test
    void refusesNamesTooLongForADisk() throws Exception {
        refuses(new RawZip().entry("a/" + "n".repeat(256), "1"), "longer than 255 bytes");
        refuses(new RawZip().entry("é".repeat(128), "1"), "longer than 255 bytes");
    }

    @Test
    void refusesNamesThatAreThereTwice() throws Exception {
        refuses(new RawZip().entry("a/b", "1").entry("a/b", "2"), "twice");
        refuses(new RawZip().entry("README", "1").entry("ReadMe", "2"), "twice");
        refuses(new RawZip().entry("a/b", "1").entry("a/./b", "2"), "twice");
        refuses(new RawZip().entry("a\\b", "1").entry("a/b", "2"), "twice");
        refuses(new RawZip().entry("a", "1").entry("a/b", "2"), "a file and a folder");
    }

    @Test
    void acceptsALicenceBesideAFolderOfLicences() throws Exception {
        RawZip raw = new RawZip()
                .entry("META-INF/LICENSE", "1")
                .entry("META-INF/license/", "")
                .entry("META-INF/license/x", "2");
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries()).hasSize(2);
        }
    }

    @Test
    void refusesLinksDevicesAndSecrets() throws Exception {
        refuses(new RawZip().entry("link", "/etc/passwd").with(e -> e.mode = 0120777), "symbolic link");
        refuses(new RawZip().entry("device", "").with(e -> e.mode = 0020666), "neither a file nor a folder");
        refuses(new RawZip().entry("secret", "x").with(e -> e.flags |= 1), "encrypted");
        refuses(new RawZip().entry("lzma", "x").with(e -> e.method = 14), "method 14");
    }

    @Test
    void unpacksALinkAsItsTextWhereAsked() throws Exception {
        RawZip raw = new RawZip().entry("link", "/etc/passwd").with(e -> e.mode = 0120777);
        try (ZipArchive archive = ZipArchive.openWithLinksAsText(write(raw))) {
            archive.extract(archive.entries().get(0), folder.resolve("link"));
        }
        assertThat(Files.isSymbolicLink(folder.resolve("link"))).isFalse();
        assertThat(folder.resolve("link")).hasContent("/etc/passwd");
        Path device = write(new RawZip().entry("device", "").with(e -> e.mode = 0020666));
        assertThatThrownBy(() -> ZipArchive.openWithLinksAsText(device))
                .hasMessageContaining("neither a file nor a folder");
    }

    @Test
    void readsTheComment() throws Exception {
        RawZip commented = new RawZip().entry("a", "1");
        commented.comment = "a commit";
        try (ZipArchive archive = ZipArchive.open(write(commented))) {
            assertThat(archive.comment()).isEqualTo("a commit");
        }
        try (ZipArchive archive = ZipArchive.open(write(new RawZip().entry("a", "1")))) {
            assertThat(archive.comment()).isEmpty();
        }
    }

    @Test
    void refusesBombs() throws Exception {
        refuses(new RawZip().entry("zeros", "x".repeat(1000)).with(e -> e.size = 1L << 31), "would grow");
        Path zeros = folder.resolve("zeros.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(zeros))) {
            zip.putNextEntry(new ZipEntry("zeros"));
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 65; i++) {
                zip.write(block);
            }
        }
        assertThatThrownBy(() -> ZipArchive.open(zeros))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("would grow");
    }

    @Test
    void refusesEntriesThatShareTheirData() throws Exception {
        RawZip raw = new RawZip().entry("a", "x".repeat(100)).entry("b", "y");
        raw.entries.get(1).offset = 0;
        refuses(raw, "overlaps");
        refuses(new RawZip().entry("a", "1").with(e -> e.compressedSize = 1 << 20), "more data than the file holds");
        refuses(new RawZip().entry("a", "1").with(e -> e.offset = 1 << 20), "outside of the file");
        refuses(new RawZip().entry("a", "1").with(e -> e.offset = 3), "does not start");
    }

    @Test
    void refusesTooManyEntries() throws Exception {
        RawZip raw = new RawZip();
        raw.zip64 = true;
        raw.announcedEntries = 100_001;
        refuses(raw, "100000 entries");
        RawZip wrong = new RawZip().entry("a", "1");
        wrong.announcedEntries = 2;
        refuses(wrong, "announces 2");
    }

    @Test
    void refusesWhatUnpacksToSomethingElse() throws Exception {
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.size = 10), "more than the 10 bytes");
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.size = 2000), "damaged");
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.crc ^= 1), "damaged");
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.data[0] ^= 0x7f), "damaged");
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        byte[] whole = new RawZip().entry("a", "first").entry("b", "second").bytes();
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ZipArchive.open(file))
                    .isInstanceOf(ArchiveException.class)
                    .hasMessageContaining("cut.zip");
        }
    }

    @Test
    void survivesRandomDamage() throws Exception {
        byte[] whole = new RawZip().entry("a", "first").entry("b/c", "second").bytes();
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            Path file = Files.write(folder.resolve("damaged.zip"), damaged);
            try (ZipArchive archive = ZipArchive.open(file)) {
                for (ZipArchive.Entry entry : archive.entries()) {
                    archive.extract(entry, folder.resolve("out"));
                }
            } catch (ArchiveException e) {
                assertThat(e).hasMessageContaining("damaged.zip");
            }
        }
    }

    @Test
    void refusesNamesThatAreNotUtf8() throws Exception {
        RawZip raw = new RawZip().entry("a", "1").with(e -> e.name = new byte[] {'b', (byte) 0xff});
        refuses(raw, "not UTF-8");
    }

    @Test
    void needsTheFile() {
        assertThatThrownBy(() -> ZipArchive.open(folder.resolve("none.zip"))).isInstanceOf(NoSuchFileException.class);
    }

    private void refuses(RawZip raw, String reason) throws IOException {
        Path file = write(raw);
        assertThatThrownBy(() -> ZipArchive.open(file))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("test.zip")
                .hasMessageContaining(reason);
    }

    private void extractionFails(RawZip raw, String reason) throws IOException {
        Path target = folder.resolve("out/model");
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThatThrownBy(() -> archive.extract(archive.entries().get(0), target))
                    .isInstanceOf(ArchiveException.class)
                    .hasMessageContaining("'a'")
                    .hasMessageContaining(reason);
        }
        try (Stream<Path> left = Files.list(folder.resolve("out"))) {
            assertThat(left).isEmpty();
        }
    }

    private Path write(RawZip raw) throws IOException {
        return Files.write(folder.resolve("test.zip"), raw.bytes());
    }

    /** Writes zip files that no honest program writes. */
    private static final class RawZip {
        private final List<RawEntry> entries = new ArrayList<>();
        private String comment = "";
        private boolean zip64;
        private long announcedEntries = -1;

        RawZip entry(String name, String content) {
            entries.add(new RawEntry(name, content.getBytes(UTF_8)));
            return this;
        }

        RawZip with(Consumer<RawEntry> change) {
            change.accept(entries.get(entries.size() - 1));
            return this;
        }

        byte[] bytes() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (RawEntry entry : entries) {
                entry.offset = entry.offset < 0 ? out.size() : entry.offset;
                out.writeBytes(entry.local());
            }
            int start = out.size();
            entries.forEach(entry -> out.writeBytes(entry.central(zip64)));
            out.writeBytes(end(start, out.size() - start, out.size()));
            return out.toByteArray();
        }

        private byte[] end(int start, int size, int position) {
            long count = announcedEntries < 0 ? entries.size() : announcedEntries;
            byte[] text = comment.getBytes(UTF_8);
            ByteBuffer end = ByteBuffer.allocate(98 + text.length).order(ByteOrder.LITTLE_ENDIAN);
            if (zip64) {
                end.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
                end.putInt(0)
                        .putInt(0)
                        .putLong(count)
                        .putLong(count)
                        .putLong(size)
                        .putLong(start);
                end.putInt(0x07064b50).putInt(0).putLong(position).putInt(1);
            }
            short shown = zip64 ? (short) 0xffff : (short) count;
            end.putInt(0x06054b50).putInt(0).putShort(shown).putShort(shown);
            end.putInt(zip64 ? -1 : size).putInt(zip64 ? -1 : start).putShort((short) text.length);
            end.put(text);
            return Arrays.copyOf(end.array(), end.position());
        }
    }

    private static final class RawEntry {
        private final byte[] localName;
        private byte[] name;
        private byte[] data;
        private int flags = 1 << 11;
        private int method = ZipEntry.DEFLATED;
        private int mode = 0100644;
        private long crc;
        private long size;
        private long compressedSize;
        private long offset = -1;

        RawEntry(String name, byte[] content) {
            this.localName = name.getBytes(UTF_8);
            this.name = localName;
            CRC32 sum = new CRC32();
            sum.update(content);
            crc = sum.getValue();
            size = content.length;
            data = deflated(content);
            compressedSize = data.length;
        }

        byte[] local() {
            ByteBuffer out =
                    ByteBuffer.allocate(30 + localName.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0x04034b50).putShort((short) 20).putShort((short) flags).putShort((short) method);
            out.putInt(0).putInt((int) crc).putInt((int) compressedSize).putInt((int) size);
            out.putShort((short) localName.length)
                    .putShort((short) 0)
                    .put(localName)
                    .put(data);
            return out.array();
        }

        byte[] central(boolean zip64) {
            ByteBuffer out =
                    ByteBuffer.allocate(46 + name.length + (zip64 ? 28 : 0)).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0x02014b50).putShort((short) (3 << 8 | 45)).putShort((short) 45);
            out.putShort((short) flags).putShort((short) method).putInt(0).putInt((int) crc);
            out.putInt(zip64 ? -1 : (int) compressedSize).putInt(zip64 ? -1 : (int) size);
            out.putShort((short) name.length).putShort((short) (zip64 ? 28 : 0)).putShort((short) 0);
            out.putInt(0).putInt(mode << 16).putInt(zip64 ? -1 : (int) offset).put(name);
            if (zip64) {
                out.putShort((short) 1).putShort((short) 24);
                out.putLong(size).putLong(compressedSize).putLong(offset);
            }
            return out.array();
        }

        private static byte[] deflated(byte[] content) {
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            deflater.setInput(content);
            deflater.finish();
            byte[] buffer = new byte[content.length + 100];
            int length = deflater.deflate(buffer);
            deflater.end();
            return Arrays.copyOf(buffer, length);
        }
    }
}
