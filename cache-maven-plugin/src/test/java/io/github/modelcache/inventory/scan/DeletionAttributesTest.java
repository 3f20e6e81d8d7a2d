package io.github.modelcache.inventory.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.inventory.fingerprint.Fingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DeletionAttributesTest {

    @TempDir
    Path root;

    @Test
    void tellsTheNamesOfEveryFileAndKnowsEveryEntryAgain() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "x");
        Path twice = Files.createLink(root.resolve("twice"), file);
        Path link = Files.createSymbolicLink(root.resolve("link"), file);
        DeletionAttributes look = new DeletionAttributes();
        Fingerprints seen = new Fingerprints();
        for (Path path : new Path[] {link, file, twice, link, link, file, root}) {
            CacheEntry entry = look.at(path);
            assertThat(entry.kind()).isEqualTo(CacheEntry.of(path).kind());
            if (entry.kind() == CacheEntry.Kind.FILE) {
                assertThat(entry).isEqualTo(CacheEntry.of(path));
                assertThat(entry.links()).isEqualTo(2);
            }
            seen.add(entry);
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            assertThat(seen.contains(path, now)).isTrue();
        }
    }

    @Test
    void aFileIsKnownToBeAloneOnlyAsLongAsItsContentHasOneName() throws Exception {
        Path alone = Files.writeString(root.resolve("alone"), "x");
        Path file = Files.writeString(root.resolve("file"), "x");
        Path twice = Files.createLink(root.resolve("twice"), file);
        Fingerprints seen = new Fingerprints();
        for (Path path : new Path[] {alone, file, twice}) {
            seen.add(new DeletionAttributes().at(path));
        }
        assertThat(seen.containsAlone(alone, attributes(alone))).isTrue();
        assertThat(seen.containsAlone(file, attributes(file))).isFalse();

        Files.delete(twice);

        assertThat(seen.contains(file, attributes(file))).isTrue();
        assertThat(seen.contains(CacheEntry.of(file))).isTrue();
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
