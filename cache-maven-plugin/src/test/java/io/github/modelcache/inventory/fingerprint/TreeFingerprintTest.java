package io.github.modelcache.inventory.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS) // tells no ctime and inode
class TreeFingerprintTest {

    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    @TempDir
    Path folder;

    private Path root;
    private Path blob;
    private Path link;

    @BeforeEach
    void fillACache() throws Exception {
        root = folder.resolve("hub");
        blob = root.resolve("blobs/abc");
        link = root.resolve("snapshots/1/deep/model.bin");
        Files.createDirectories(blob.getParent());
        Files.createDirectories(link.getParent());
        Files.writeString(blob, "a model");
        Files.createSymbolicLink(link, Path.of("../../../blobs/abc"));
    }

    @Test
    void isTheSameWhileNothingChanges() throws Exception {
        TreeFingerprint before = fingerprint();
        assertThat(before.settled()).isTrue();
        assertThat(fingerprint().value()).isEqualTo(before.value());
    }

    @Test
    void changesWithAFileOfTheSameSizeAndTime() throws Exception {
        long before = fingerprint().value();
        FileTime time = Files.getLastModifiedTime(blob);
        Files.writeString(blob, "a m0del");
        Files.setLastModifiedTime(blob, time);
        assertThat(fingerprint().value()).isNotEqualTo(before);
    }

    @Test
    void changesWithALinkThatLeadsElsewhere() throws Exception {
        long before = fingerprint().value();
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("../../../blobs/xyz"));
        assertThat(fingerprint().value()).isNotEqualTo(before);
    }

    @Test
    void changesWhenAnEntryIsAddedOrDeleted() throws Exception {
        long before = fingerprint().value();
        Files.createDirectory(link.resolveSibling("more"));
        long more = fingerprint().value();
        assertThat(more).isNotEqualTo(before);
        Files.delete(blob);
        assertThat(fingerprint().value()).isNotIn(before, more);
    }

    @Test
    void changesWhenAFileIsReplaced() throws Exception {
        long before = fingerprint().value();
        Path other = Files.writeString(folder.resolve("other"), "a m0del");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(blob));
        Files.move(other, blob, StandardCopyOption.REPLACE_EXISTING);
        assertThat(fingerprint().value()).isNotEqualTo(before);
    }

    @Test
    void changesWithAFileOutsideThatALinkLeadsTo() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "a model");
        Files.createSymbolicLink(root.resolve("out"), outside);
        TreeFingerprint before = fingerprint();
        assertThat(before.settled()).isTrue();
        Files.writeString(outside, "another model");
        assertThat(fingerprint().value()).isNotEqualTo(before.value());
    }

    @Test
    void isNotSettledWhereALinkLeadsToAFolder() throws Exception {
        Files.createSymbolicLink(root.resolve("out"), Files.createDirectory(folder.resolve("elsewhere")));
        assertThat(fingerprint().settled()).isFalse();
    }

    @Test
    void isNotSettledWhileAFileIsYoung() throws Exception {
        TreeFingerprint young = new TreeFingerprint(Clock.fixed(Instant.now().minusSeconds(1), ZoneOffset.UTC));
        young.add(root);
        assertThat(young.settled()).isFalse();
    }

    private TreeFingerprint fingerprint() throws Exception {
        TreeFingerprint fingerprint = new TreeFingerprint(LATER);
        fingerprint.add(root);
        return fingerprint;
    }
}
