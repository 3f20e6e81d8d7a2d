package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.files.SafeRelativePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes of {@code trees/<commit>.json}, which any program may have put into the cache. */
@Timeout(120)
class HubTreeFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void isReadOrExplained(byte[] input) throws IOException {
        Path file = folder.resolve("tree.json");
        Files.write(file, input);
        Optional<String> problem = HubTree.read(file, entry -> {
            assertThat(SafeRelativePath.resolve(folder, entry.path())).startsWithRaw(folder);
            assertThat(entry.size()).isGreaterThanOrEqualTo(-1);
        });
        problem.ifPresent(why -> assertThat(why).isNotEmpty());
    }
}
