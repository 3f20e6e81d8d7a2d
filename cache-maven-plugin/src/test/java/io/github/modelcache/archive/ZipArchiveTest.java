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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ZipArchiveTest extends ZipArchiveCase {

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

    @Nested
    class Reading {

        @Test
        void filesAreUnpackedAndHashed() throws Exception {
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
        void aLinkAtTheTargetIsReplaced() throws Exception {
            Path shared = Files.writeString(folder.resolve("shared"), "payload of others");
            Path target = Files.createSymbolicLink(folder.resolve("target"), shared);
            try (ZipArchive archive = ZipArchive.open(write(new RawZip().entry("a", "mine")))) {
                archive.extract(archive.entries().get(0), target);
            }
            assertThat(target).hasContent("mine");
            assertThat(shared).hasContent("payload of others");
        }

        @Test
        void anArchiveMayBeEmptyOrHaveAComment() throws Exception {
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
        void theCommentIsRead() throws Exception {
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
        void zip64IsRead() throws Exception {
            RawZip raw = new RawZip().entry("a", "first").entry("b", "second");
            raw.zip64 = true;
            try (ZipArchive archive = ZipArchive.open(write(raw))) {
                archive.extract(archive.entries().get(1), folder.resolve("b"));
                assertThat(archive.entries().get(1).size()).isEqualTo(6);
            }
            assertThat(folder.resolve("b")).hasContent("second");
        }

        @Test
        void aFileMayHaveTheNameOfAFolderInUpperCase() throws Exception {
            RawZip raw = new RawZip()
                    .entry("META-INF/LICENSE", "1")
                    .entry("META-INF/license/", "")
                    .entry("META-INF/license/x", "2");
            try (ZipArchive archive = ZipArchive.open(write(raw))) {
                assertThat(archive.entries()).hasSize(2);
            }
        }

        @Test
        void meaninglessFileModesAreAccepted() throws Exception {
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
        void aLinkIsUnpackedAsTextOnRequest() throws Exception {
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
        void theListMayHaveAnotherOrderThanTheEntries() throws Exception {
            RawZip raw = new RawZip().entry("a", "first").entry("b", "second");
            raw.bytes(); // where they lie
            Collections.reverse(raw.entries);
            raw.localOrder = List.of(1, 0);
            try (ZipArchive archive = ZipArchive.open(write(raw))) {
                assertThat(archive.entries()).extracting(ZipArchive.Entry::name).containsExactly("b", "a");
            }
        }

        @Test
        void entriesMayHaveExtraFieldsAndComments() throws Exception {
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
        void anArchiveMayFollowOtherBytes() throws Exception {
            byte[] archive =
                    new RawZip().entry("a", "first").entry("b", "second").bytes();
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
        void aSizeIsReadFromAnExtraFieldOnlyIfTheHeaderSaysSo() throws Exception {
            ByteBuffer extra = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            extra.putShort((short) 1).putShort((short) 8).putLong(0);
            RawZip raw = new RawZip().entry("a", "first").with(e -> e.centralExtra = extra.array());
            raw.with(e -> e.shownOffset = 0xffff_ffffL);
            try (ZipArchive archive = ZipArchive.open(write(raw))) {
                assertThat(archive.entries().get(0).size()).isEqualTo(5);
            }
        }

        @Test
        void aMissingFileIsAnError() {
            assertThatThrownBy(() -> ZipArchive.open(folder.resolve("none.zip")))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    @Nested
    class DamagedContent {

        @Test
        void contentWithAnotherChecksumIsRejected() throws Exception {
            extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.size = 10), "more than the 10 bytes");
            extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.size = 2000), "damaged");
            extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.crc ^= 1), "damaged");
            extractionFails(new RawZip().entry("a", "x".repeat(1000)).with(e -> e.data[0] ^= 0x7f), "damaged");
        }

        @Test
        void everyTruncatedArchiveIsRejected() throws Exception {
            byte[] whole = new RawZip().entry("a", "first").entry("b", "second").bytes();
            for (int length = 0; length < whole.length; length++) {
                Path file = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> ZipArchive.open(file))
                        .isInstanceOf(ArchiveException.class)
                        .hasMessageContaining("cut.zip");
            }
        }

        @Test
        void randomDamageNeverEscapesAsAnotherException() throws Exception {
            byte[] whole =
                    new RawZip().entry("a", "first").entry("b/c", "second").bytes();
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
    }
}
