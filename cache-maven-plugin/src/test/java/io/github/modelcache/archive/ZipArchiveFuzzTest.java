package io.github.modelcache.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.files.deletion.TreeDeleter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes of an archive. */
@Timeout(120)
class ZipArchiveFuzzTest {

    private static final long MOST_BYTES = 4 << 20;

    @TempDir
    Path folder;

    @FuzzTest
    void unpacksIntoItsFolderOrIsRefused(byte[] input) throws IOException {
        Path file = folder.resolve("archive.zip");
        Path target = folder.resolve("target");
        Files.write(file, input);
        Set<Path> expected = new HashSet<>();
        try (ZipArchive archive = ZipArchive.open(file)) {
            assertThat(archive.comment()).isNotNull();
            for (ZipArchive.Entry entry : archive.entries()) {
                extract(archive, entry, target, expected);
            }
        } catch (ArchiveException e) {
            assertThat(e.getMessage()).contains("archive.zip");
        }
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(path -> !Files.isDirectory(path)).toList();
            assertThat(expected)
                    .containsAll(
                            files.stream().filter(path -> !path.equals(file)).toList());
        }
        new TreeDeleter().deleteTree(folder, target, path -> false);
    }

    private static void extract(ZipArchive archive, ZipArchive.Entry entry, Path target, Set<Path> expected)
            throws IOException {
        if (entry.size() > MOST_BYTES || SafeRelativePath.problem(entry.name()).isPresent()) {
            return;
        }
        Path place = SafeRelativePath.resolve(target, entry.name());
        Digest digest = archive.extract(entry, place);
        expected.add(place);
        assertThat(archive.digest(entry)).isEqualTo(digest);
        assertThat(Files.size(place)).isEqualTo(entry.size());
    }
}
