package io.github.modelcache.archive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Writes archives that {@link ZipArchive} reads or rejects. */
abstract class ZipArchiveCase {

    @TempDir
    Path folder;

    void refuses(RawZip raw, String reason) throws IOException {
        refuses(raw.bytes(), reason);
    }

    void refuses(byte[] archive, String reason) throws IOException {
        Path file = Files.write(folder.resolve("test.zip"), archive);
        assertThatThrownBy(() -> ZipArchive.open(file))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("test.zip")
                .hasMessageContaining(reason);
    }

    Path write(RawZip raw) throws IOException {
        return Files.write(folder.resolve("test.zip"), raw.bytes());
    }
}
