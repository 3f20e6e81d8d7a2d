package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.SafeRelativePath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What just fits, and what just does not. */
class BoundariesTest {

    private static final int LONGEST_NAME = 255;
    private static final int DIGITS_AND_ENDING = ".01234567.tmp".length();

    @TempDir
    Path folder;

    @Test
    void aSizeIsUnknownOrNotNegative() {
        assertThat(new ExpectedContent(-1, Optional.empty())).isEqualTo(ExpectedContent.NONE);
        assertThat(new ExpectedContent(0, Optional.empty()).size()).isZero();
        assertThatThrownBy(() -> new ExpectedContent(-2, Optional.empty())).hasMessageContaining("-2 bytes");
    }

    @Test
    void aSegmentMayHaveAsManyBytesAsFileSystemsTake() {
        assertThat(SafeRelativePath.problem("a/" + "é".repeat(127) + "b")).isEmpty();
        assertThat(SafeRelativePath.problem("a/" + "é".repeat(128))).contains("has a segment longer than 255 bytes");
    }

    @Test
    void aNulIsRefusedWhereverItStands() {
        assertThat(SafeRelativePath.problem("\0a")).contains("holds a NUL");
        assertThat(SafeRelativePath.problem("a\0")).contains("holds a NUL");
    }

    @Test
    void aTemporaryShortensOnlyANameThatIsTooLong() {
        String fits = "é" + "x".repeat(LONGEST_NAME - DIGITS_AND_ENDING - 2);

        assertThat(temporary(fits)).startsWith(fits + ".");
        assertThat(temporary(fits + "y")).startsWith(fits + ".");
        assertThat(temporary(fits + "y").getBytes(StandardCharsets.UTF_8)).hasSize(LONGEST_NAME);
    }

    private String temporary(String name) {
        return AtomicFiles.temporaryBeside(folder.resolve(name)).getFileName().toString();
    }

    @Test
    void lettersAndDigitsOfALocationStayAsTheyAre() {
        URI base = URI.create("https://h/a");

        assertThat(Urls.resolve(base, "/09azAZ")).contains(URI.create("https://h/09azAZ"));
        assertThat(Urls.resolve(base, "#end"))
                .hasValueSatisfying(uri -> assertThat(uri.getFragment()).isNull());
    }

    @Test
    void aUserNameIsSeenWhereAddressesHaveTheirs() {
        assertThat(Urls.holdsUser("https://me@host/x")).isTrue();
        assertThat(Urls.holdsUser("https://host/me@x")).isFalse();
    }

    @Test
    void aFileIsPublishedIntoAFolderThatIsNotThereYet() throws Exception {
        Path temporary = Files.writeString(folder.resolve("model.part"), "x");

        AtomicFiles.publish(temporary, folder.resolve("new/deep/model.bin"));

        assertThat(folder.resolve("new/deep/model.bin")).hasContent("x");
        assertThat(temporary).doesNotExist();
    }

    @Test
    void aContentInMemoryIsHashedLikeAFile() throws Exception {
        for (int length : new int[] {0, 1, 128 * 1024, 128 * 1024 + 1}) {
            byte[] content = new byte[length];
            Path file = Files.write(folder.resolve("content"), content);
            for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
                assertThat(Hashing.digest(content, algorithm)).isEqualTo(Hashing.digest(file, algorithm));
            }
        }
    }

    @Test
    void aFileIsReadByteByByteToo() throws Exception {
        Path file = Files.write(folder.resolve("two"), new byte[] {7, -1});
        try (RequestFileStream in = new RequestFileStream(file)) {
            assertThat(new int[] {in.read(), in.read(), in.read()}).containsExactly(7, 255, -1);
        }
    }

    @Test
    void onlyAContentThatIsCalledSecretIsOne() {
        assertThat(HttpContent.of(new byte[1]).isSecret()).isFalse();
        assertThat(HttpContent.ofSecret(new byte[1]).isSecret()).isTrue();
        assertThat(HttpContent.of(folder, 0, TransferProgress.NONE).isSecret()).isFalse();
    }
}
