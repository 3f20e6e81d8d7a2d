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
