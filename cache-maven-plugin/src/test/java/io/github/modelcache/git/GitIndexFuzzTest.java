package io.github.modelcache.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes of a repository's index, written by git or by whoever made the repository. */
@Timeout(20)
class GitIndexFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void readsItOrSaysWhyNot(byte[] input) throws IOException {
        Path file = Files.write(folder.resolve("index"), input);
        for (int hashBytes : new int[] {20, 32}) {
            try {
                GitIndex.read(file, hashBytes, name -> {});
            } catch (IOException expected) {
                assertThat(expected).hasMessageContaining(file.toString());
            }
        }
    }
}
