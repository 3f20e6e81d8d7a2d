package io.github.modelcache.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
    void rejectsNamesOutsideTheFolder(String name) throws Exception {
        refuses(new RawZip().entry("good", "1").entry(name, "2"), "the entry '");
    }

    @Test
    void rejectsNamesTooLongForADisk() throws Exception {
        refuses(new RawZip().entry("a/" + "n".repeat(256), "1"), "longer than 255 bytes");
        refuses(new RawZip().entry("é".repeat(128), "1"), "longer than 255 bytes");
    }

    @Test
    void rejectsDuplicateNames() throws Exception {
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
    void rejectsLinksDevicesAndSecrets() throws Exception {
        refuses(new RawZip().entry("link", "/etc/passwd").with(e -> e.mode = 0120777), "symbolic link");
        refuses(new RawZip().entry("device", "").with(e -> e.mode = 0020666), "neither a file nor a folder");
        refuses(new RawZip().entry("secret", "x").with(e -> e.flags |= 1), "encrypted");
        refuses(new RawZip().entry("lzma", "x").with(e -> e.method = 14), "method 14");
    }

    @Test
    void acceptsModesThatMeanNothing() throws Exception {
        RawZip raw = new RawZip()
                .entry("META-INF/", "")
                .with(e -> e.mode = 0177777) // as maven-jar-plugin 2.4 writes it
                .entry("model.bin", "1")
                .with(e -> e.mode = 0177777)
                .entry("other.bin", "2")
                .with(e -> e.mode = 0000644);
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries()).hasSize(2);
            assertThat(archive.extract(archive.entries().get(0), folder.resolve("model.bin")))
                    .isNotNull();
        }
    }

    @Test
    void unpacksALinkAsTextOnRequest() throws Exception {
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
    void rejectsBombs() throws Exception {
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
    void rejectsEntriesThatShareTheirData() throws Exception {
        RawZip raw = new RawZip().entry("a", "x".repeat(100)).entry("b", "y");
        raw.entries.get(1).offset = 0;
        refuses(raw, "overlaps");
        refuses(new RawZip().entry("a", "1").with(e -> e.compressedSize = 1 << 20), "more data than the file holds");
        refuses(new RawZip().entry("a", "1").with(e -> e.offset = 1 << 20), "outside of the file");
        refuses(new RawZip().entry("a", "1").with(e -> e.offset = 3), "does not start");
    }

    @Test
    void acceptsEntriesListedInAnotherOrderThanTheyLieIn() throws Exception {
        RawZip raw = new RawZip().entry("a", "first").entry("b", "second");
        raw.bytes(); // where they lie
        Collections.reverse(raw.entries);
        raw.localOrder = List.of(1, 0);
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries()).extracting(ZipArchive.Entry::name).containsExactly("b", "a");
        }
    }

    @Test
    void rejectsAnEntryThatBeginsOneByteTooEarly() throws Exception {
        for (int extra : new int[] {0, 10}) {
            RawZip raw = new RawZip()
                    .entry("a", "first")
                    .with(e -> e.localExtra = extra)
                    .entry("b", "second");
            raw.bytes();
            try (ZipArchive archive = ZipArchive.open(write(raw))) {
                assertThat(archive.entries()).hasSize(2);
            }
            raw.with(e -> e.offset--);
            refuses(raw, "the entry 'b' overlaps another entry");
        }
    }

    @Test
    void readsEntriesWithExtraFieldsAndCommentsOfTheirOwn() throws Exception {
        RawZip raw = new RawZip()
                .entry("a", "first")
                .with(e -> e.centralExtra = new byte[] {9, 9, 3, 0, 1, 2, 3})
                .with(e -> e.comment = "a comment")
                .entry("b", "second");
        raw.zip64 = true;
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries())
                    .extracting(ZipArchive.Entry::name, ZipArchive.Entry::size)
                    .containsExactly(tuple("a", 5L), tuple("b", 6L));
            archive.extract(archive.entries().get(0), folder.resolve("a"));
        }
        assertThat(folder.resolve("a")).hasContent("first");
    }

    @Test
    void rejectsALargeEntryWhoseSizeIsNowhere() throws Exception {
        for (byte[] extra : new byte[][] {{}, {1, 0, 24, 0}, {1, 0, 4, 0, 1, 2, 3, 4}, {1, 0}}) {
            RawZip raw = new RawZip().entry("a", "first").with(e -> e.centralExtra = extra);
            raw.with(e -> e.compressedSize = 0xffff_ffffL);
            refuses(raw, "more data than the file holds");
        }
    }

    @Test
    void takesASizeFromAnExtraFieldOnlyWhereItIsSaidToBeThere() throws Exception {
        ByteBuffer extra = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        extra.putShort((short) 1).putShort((short) 8).putLong(0);
        RawZip raw = new RawZip().entry("a", "first").with(e -> e.centralExtra = extra.array());
        raw.with(e -> e.shownOffset = 0xffff_ffffL);
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries().get(0).size()).isEqualTo(5);
        }
    }

    @Test
    void rejectsNegativeSizesAndPositions() throws Exception {
        for (int negative = 0; negative < 3; negative++) {
            RawZip raw = new RawZip().entry("a", "first");
            raw.zip64 = true;
            raw.bytes();
            if (negative == 0) {
                raw.with(e -> e.size = -1);
            } else if (negative == 1) {
                raw.with(e -> e.compressedSize = -1);
            } else {
                raw.with(e -> e.shownOffset = -1);
            }
            refuses(raw, "negative size or position");
        }
    }

    @Test
    void readsAnArchiveThatLiesBehindSomethingElse() throws Exception {
        byte[] archive = new RawZip().entry("a", "first").entry("b", "second").bytes();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("#!/bin/sh, and more of a program".getBytes(UTF_8));
        all.writeBytes(archive);
        Path file = Files.write(folder.resolve("program.zip"), all.toByteArray());
        try (ZipArchive read = ZipArchive.open(file)) {
            read.extract(read.entries().get(1), folder.resolve("b"));
        }
        assertThat(folder.resolve("b")).hasContent("second");
    }

    @Test
    void acceptsAnEntryThatEndsWhereTheListBegins() throws Exception {
        RawZip raw = new RawZip().entry("empty", "").with(e -> {
            e.localName = new byte[0];
            e.method = ZipEntry.STORED;
            e.data = new byte[0];
            e.compressedSize = 0;
        });
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries()).hasSize(1);
        }
        raw.with(e -> e.offset++);
        refuses(raw, "lies outside of the file");
    }

    @Test
    void rejectsAnEntryThatBeginsInTheList() throws Exception {
        RawZip raw = new RawZip().entry("a", "first");
        raw.bytes();
        raw.with(e -> e.offset = 30L + e.localName.length + e.data.length);
        refuses(raw, "lies outside of the file");
    }

    @Test
    void rejectsAPartOfAnArchiveInSeveralFiles() throws Exception {
        for (int at : new int[] {4, 6}) {
            for (int disk : new int[] {1, 0xfffe}) {
                byte[] whole = new RawZip().entry("a", "1").bytes();
                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putShort(whole.length - 22 + at, (short) disk);
                refuses(whole, "one part of an archive in several files");
            }
            byte[] unsaid = new RawZip().entry("a", "1").bytes();
            ByteBuffer.wrap(unsaid).order(ByteOrder.LITTLE_ENDIAN).putShort(unsaid.length - 22 + at, (short) 0xffff);
            Path file = Files.write(folder.resolve("unsaid.zip"), unsaid);
            try (ZipArchive archive = ZipArchive.open(file)) {
                assertThat(archive.entries()).hasSize(1);
            }
        }
    }

    @Test
    void rejectsAZip64EndThatIsNotThere() throws Exception {
        RawZip raw = new RawZip().entry("a", "first");
        raw.zip64 = true;
        int locator = raw.bytes().length - 22 - 20;
        for (long end : new long[] {-1, locator, locator - 55, Long.MAX_VALUE}) {
            byte[] whole = raw.bytes();
            ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(locator + 8, end);
            refuses(whole, "its zip64 end record lies outside of the file");
        }
        for (long end : new long[] {0, locator - 57}) {
            byte[] whole = raw.bytes();
            ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(locator + 8, end);
            refuses(whole, "its zip64 end record is missing");
        }
    }

    @Test
    void aCountThatMayMeanZip64IsACountWhereThereIsNoZip64() throws Exception {
        RawZip raw = new RawZip();
        raw.announcedEntries = 0xffff;
        refuses(raw, "it has 0 entries and announces 65535");
        RawZip one = new RawZip().entry("a", "first");
        one.announcedEntries = 0xffff;
        refuses(one, "it has 1 entries and announces 65535");
        RawZip all = new RawZip();
        for (int i = 0; i < 0xffff; i++) {
            all.entry(Integer.toString(i, 36), "");
        }
        try (ZipArchive archive = ZipArchive.open(write(all))) {
            assertThat(archive.entries()).hasSize(0xffff);
        }
    }

    @Test
    void rejectsAListThatLiesOutsideOfTheFile() throws Exception {
        byte[] whole = new RawZip().entry("a", "first").bytes();
        for (int[] change : new int[][] {{12, whole.length}, {16, whole.length}}) {
            byte[] changed = whole.clone();
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(whole.length - 22 + change[0], change[1]);
            refuses(changed, "its list of entries lies outside of the file");
        }
        byte[] large = whole.clone();
        ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putInt(whole.length - 22 + 12, (32 << 20) + 1);
        refuses(large, "its list of entries is larger than 33554432 bytes");
    }

    @Test
    void rejectsAnUncompressedEntryWithTwoSizes() throws Exception {
        refuses(
                new RawZip().entry("a", "first").with(e -> {
                    e.method = ZipEntry.STORED;
                    e.compressedSize = 1;
                }),
                "is not compressed but has two sizes");
    }

    @Test
    void aLargeEntryMayShrinkToLittleMoreThanA200th() throws Exception {
        int compressed = (64 << 20) / 200 + 1;
        RawZip raw = new RawZip().entry("zeros", "").with(e -> {
            e.data = new byte[compressed + 1];
            e.compressedSize = compressed + 1L;
            e.size = 200L * compressed;
        });
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries()).hasSize(1);
        }
        raw.with(e -> e.compressedSize = compressed);
        refuses(raw, "would grow");
        raw.with(e -> e.compressedSize = 1).with(e -> e.size = 64 << 20);
        try (ZipArchive archive = ZipArchive.open(write(raw))) {
            assertThat(archive.entries()).hasSize(1);
        }
        raw.with(e -> e.size++);
        refuses(raw, "would grow");
    }

    @Test
    void rejectsTooManyEntries() throws Exception {
        RawZip raw = new RawZip();
        raw.zip64 = true;
        raw.announcedEntries = 100_001;
        refuses(raw, "100000 entries");
        RawZip wrong = new RawZip().entry("a", "1");
        wrong.announcedEntries = 2;
        refuses(wrong, "announces 2");
        RawZip most = new RawZip();
        most.zip64 = true;
        most.announcedEntries = 100_000;
        refuses(most, "it has 0 entries and announces 100000");
        most.announcedEntries = -2;
        refuses(most, "100000 entries");
    }

    @Test
    void rejectsContentWithAnotherDigest() throws Exception {
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.size = 10), "more than the 10 bytes");
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.size = 2000), "damaged");
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.crc ^= 1), "damaged");
        extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.data[0] ^= 0x7f), "damaged");
    }

    @Test
    void rejectsEveryTruncation() throws Exception {
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
    void rejectsNamesThatAreNotUtf8() throws Exception {
        RawZip raw = new RawZip().entry("a", "1").with(e -> e.name = new byte[] {'b', (byte) 0xff});
        refuses(raw, "not UTF-8");
    }

    @Test
    void needsTheFile() {
        assertThatThrownBy(() -> ZipArchive.open(folder.resolve("none.zip"))).isInstanceOf(NoSuchFileException.class);
    }

    private void refuses(RawZip raw, String reason) throws IOException {
        refuses(raw.bytes(), reason);
    }

    private void refuses(byte[] archive, String reason) throws IOException {
        Path file = Files.write(folder.resolve("test.zip"), archive);
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
        private List<Integer> localOrder = List.of();

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
            for (int i = 0; i < entries.size(); i++) {
                RawEntry entry = entries.get(localOrder.isEmpty() ? i : localOrder.get(i));
                entry.offset = entry.offset < 0 ? out.size() : entry.offset;
                out.writeBytes(entry.local());
            }
            int start = out.size();
            entries.forEach(entry -> out.writeBytes(entry.central(zip64)));
            out.writeBytes(end(start, out.size() - start, out.size()));
            return out.toByteArray();
        }

        private byte[] end(int start, int size, int position) {
            long count = announcedEntries == -1 ? entries.size() : announcedEntries;
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
        private byte[] localName;
        private int localExtra;
        private byte[] centralExtra = {};
        private String comment = "";
        private long shownOffset = -2;
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
            ByteBuffer out = ByteBuffer.allocate(30 + localName.length + localExtra + data.length)
                    .order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0x04034b50).putShort((short) 20).putShort((short) flags).putShort((short) method);
            out.putInt(0).putInt((int) crc).putInt((int) compressedSize).putInt((int) size);
            out.putShort((short) localName.length)
                    .putShort((short) localExtra)
                    .put(localName)
                    .put(new byte[localExtra])
                    .put(data);
            return out.array();
        }

        byte[] central(boolean zip64) {
            byte[] text = comment.getBytes(UTF_8);
            int extra = centralExtra.length + (zip64 ? 28 : 0);
            long position = shownOffset == -2 ? offset : shownOffset;
            ByteBuffer out =
                    ByteBuffer.allocate(46 + name.length + extra + text.length).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0x02014b50).putShort((short) (3 << 8 | 45)).putShort((short) 45);
            out.putShort((short) flags).putShort((short) method).putInt(0).putInt((int) crc);
            out.putInt(zip64 ? -1 : (int) compressedSize).putInt(zip64 ? -1 : (int) size);
            out.putShort((short) name.length).putShort((short) extra).putShort((short) text.length);
            out.putInt(0).putInt(mode << 16).putInt(zip64 ? -1 : (int) position).put(name);
            out.put(centralExtra);
            if (zip64) {
                out.putShort((short) 1).putShort((short) 24);
                out.putLong(size).putLong(compressedSize).putLong(position);
            }
            return out.put(text).array();
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
