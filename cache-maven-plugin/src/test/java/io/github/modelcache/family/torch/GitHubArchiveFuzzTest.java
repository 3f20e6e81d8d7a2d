package io.github.modelcache.family.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.archive.ZipArchive;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.TorchHubRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes that GitHub, or a mirror, sends for a commit. */
@Timeout(120)
class GitHubArchiveFuzzTest {

    private static final long MOST_BYTES = 4 << 20;

    @TempDir
    Path folder;

    @FuzzTest
    void holdsFilesBelowOneFolderOrIsRefused(byte[] input) throws IOException {
        Path file = folder.resolve("archive.zip");
        Files.write(file, input);
        Path target = folder.resolve("content");
        try (GitHubArchive archive = GitHubArchive.open(file)) {
            archive.commit()
                    .ifPresent(commit ->
                            assertThat(TorchHubRepository.isCommit(commit)).isTrue());
            for (Map.Entry<String, ZipArchive.Entry> entry : archive.files().entrySet()) {
                assertThat(SafeRelativePath.resolve(folder, entry.getKey())).startsWithRaw(folder);
                if (entry.getValue().size() <= MOST_BYTES) {
                    // A link arrives as text.
                    ModelFile wanted = new ModelFile(
                            entry.getKey(), entry.getValue().size(), Optional.empty(), "https://github.com/acme/tiny");
                    archive.content(ModelReference.parse("torchhub:acme/tiny")).fetch(wanted, target);
                    assertThat(target).isRegularFile().hasSize(entry.getValue().size());
                }
            }
        } catch (IOException | ModelException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
