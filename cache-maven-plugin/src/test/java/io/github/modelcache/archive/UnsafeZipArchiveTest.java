package io.github.modelcache.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsafeZipArchiveTest extends ZipArchiveCase {

    @Nested
    class Names {

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
        void namesOutsideTheFolderAreRejected(String name) throws Exception {
            refuses(new RawZip().entry("good", "1").entry(name, "2"), "the entry '");
        }

        @Test
        void namesThatAreTooLongForADiskAreRejected() throws Exception {
            refuses(new RawZip().entry("a/" + "n".repeat(256), "1"), "longer than 255 bytes");
            refuses(new RawZip().entry("é".repeat(128), "1"), "longer than 255 bytes");
        }

        @Test
        void duplicateNamesAreRejected() throws Exception {
            refuses(new RawZip().entry("a/b", "1").entry("a/b", "2"), "twice");
            refuses(new RawZip().entry("README", "1").entry("ReadMe", "2"), "twice");
            refuses(new RawZip().entry("a/b", "1").entry("a/./b", "2"), "twice");
            refuses(new RawZip().entry("a\\b", "1").entry("a/b", "2"), "twice");
            refuses(new RawZip().entry("a", "1").entry("a/b", "2"), "a file and a folder");
        }

        @Test
        void namesThatAreNotUtf8AreRejected() throws Exception {
            RawZip raw = new RawZip().entry("a", "1").with(e -> e.name = new byte[] {'b', (byte) 0xff});
            refuses(raw, "not UTF-8");
        }
    }

    @Nested
    class Entries {

        @Test
        void linksDevicesAndEncryptedEntriesAreRejected() throws Exception {
            refuses(new RawZip().entry("link", "/etc/passwd").with(e -> e.mode = 0120777), "symbolic link");
            refuses(new RawZip().entry("device", "").with(e -> e.mode = 0020666), "neither a file nor a folder");
            refuses(new RawZip().entry("secret", "x").with(e -> e.flags |= 1), "encrypted");
            refuses(new RawZip().entry("lzma", "x").with(e -> e.method = 14), "method 14");
        }

        @Test
        void entriesThatShareTheirDataAreRejected() throws Exception {
            RawZip raw = new RawZip().entry("a", "x".repeat(100)).entry("b", "y");
            raw.entries.get(1).offset = 0;
            refuses(raw, "overlaps");
            refuses(
                    new RawZip().entry("a", "1").with(e -> e.compressedSize = 1 << 20),
                    "more data than the file holds");
            refuses(new RawZip().entry("a", "1").with(e -> e.offset = 1 << 20), "outside of the file");
            refuses(new RawZip().entry("a", "1").with(e -> e.offset = 3), "does not start");
        }

        @Test
        void anEntryThatBeginsOneByteTooEarlyIsRejected() throws Exception {
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
        void aLargeEntryWithoutASizeIsRejected() throws Exception {
            for (byte[] extra : new byte[][] {{}, {1, 0, 24, 0}, {1, 0, 4, 0, 1, 2, 3, 4}, {1, 0}}) {
                RawZip raw = new RawZip().entry("a", "first").with(e -> e.centralExtra = extra);
                raw.with(e -> e.compressedSize = 0xffff_ffffL);
                refuses(raw, "more data than the file holds");
            }
        }

        @Test
        void negativeSizesAndPositionsAreRejected() throws Exception {
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
        void anEntryMayEndWhereTheListBegins() throws Exception {
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
        void anEntryThatBeginsInTheListIsRejected() throws Exception {
            RawZip raw = new RawZip().entry("a", "first");
            raw.bytes();
            raw.with(e -> e.offset = 30L + e.localName.length + e.data.length);
            refuses(raw, "lies outside of the file");
        }

        @Test
        void anUncompressedEntryWithTwoSizesIsRejected() throws Exception {
            refuses(
                    new RawZip().entry("a", "first").with(e -> {
                        e.method = ZipEntry.STORED;
                        e.compressedSize = 1;
                    }),
                    "is not compressed but has two sizes");
        }
    }

    @Nested
    class Bombs {

        @Test
        void entriesThatGrowTooMuchAreRejected() throws Exception {
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
        void aLargeEntryMayBeCompressedToA200th() throws Exception {
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
        void tooManyEntriesAreRejected() throws Exception {
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
    }

    @Nested
    class ListOfEntries {

        @Test
        void aPartOfASplitArchiveIsRejected() throws Exception {
            for (int at : new int[] {4, 6}) {
                for (int disk : new int[] {1, 0xfffe}) {
                    byte[] whole = new RawZip().entry("a", "1").bytes();
                    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putShort(whole.length - 22 + at, (short)
                            disk);
                    refuses(whole, "one part of an archive in several files");
                }
                byte[] unsaid = new RawZip().entry("a", "1").bytes();
                ByteBuffer.wrap(unsaid).order(ByteOrder.LITTLE_ENDIAN).putShort(unsaid.length - 22 + at, (short)
                        0xffff);
                Path file = Files.write(folder.resolve("unsaid.zip"), unsaid);
                try (ZipArchive archive = ZipArchive.open(file)) {
                    assertThat(archive.entries()).hasSize(1);
                }
            }
        }

        @Test
        void aMissingZip64EndIsRejected() throws Exception {
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
        void aCountOf65535IsACountWithoutZip64() throws Exception {
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
        void aListOutsideOfTheFileIsRejected() throws Exception {
            byte[] whole = new RawZip().entry("a", "first").bytes();
            for (int[] change : new int[][] {{12, whole.length}, {16, whole.length}}) {
                byte[] changed = whole.clone();
                ByteBuffer.wrap(changed)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(whole.length - 22 + change[0], change[1]);
                refuses(changed, "its list of entries lies outside of the file");
            }
            byte[] large = whole.clone();
            ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putInt(whole.length - 22 + 12, (32 << 20) + 1);
            refuses(large, "its list of entries is larger than 33554432 bytes");
        }
    }
}
