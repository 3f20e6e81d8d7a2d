package io.github.modelcache.inventory.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class FingerprintsTest {

    @TempDir
    Path root;

    @Test
    void recognisesAnUnchangedFileLinkAndFolder() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "x");
        Path link = Files.createSymbolicLink(root.resolve("link"), file);
        Fingerprints seen = new Fingerprints();
        for (Path path : new Path[] {link, file, root}) {
            seen.add(CacheEntry.of(path));
            assertThat(seen.contains(path, attributes(path))).isTrue();
            assertThat(seen.contains(CacheEntry.of(path))).isTrue();
        }
    }

    @Test
    void doesNotRecogniseAChangedOrReplacedFile() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "x");
        Path other = Files.writeString(root.resolve("other"), "y");
        FileTime time = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(other, time);
        Fingerprints seen = new Fingerprints();
        seen.add(CacheEntry.of(file));
        assertThat(seen.contains(other, attributes(other))).isFalse();

        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
        assertThat(seen.contains(file, attributes(file))).isFalse();

        Files.delete(file);
        Files.move(other, file);
        assertThat(seen.contains(file, attributes(file))).isFalse();
    }

    @Test
    void theNumberOfHardLinksIsRemembered() throws Exception {
        Path alone = Files.writeString(root.resolve("alone"), "x");
        Path file = Files.writeString(root.resolve("file"), "x");
        Path twice = Files.createLink(root.resolve("twice"), file);
        Fingerprints seen = new Fingerprints();
        for (Path path : new Path[] {alone, file, twice}) {
            seen.add(CacheEntry.of(path));
        }
        assertThat(seen.containsAlone(alone, attributes(alone))).isTrue();
        assertThat(seen.containsAlone(file, attributes(file))).isFalse();

        Files.delete(twice);

        assertThat(seen.contains(file, attributes(file))).isTrue();
        assertThat(seen.containsAlone(file, attributes(file))).isFalse();
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
