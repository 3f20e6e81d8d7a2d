package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedRepositoryTest {

    private static final String COMMIT = "0123456789".repeat(4);
    private static final String ETAG = "a".repeat(40);

    @TempDir
    Path hub;

    private Path folder;

    @BeforeEach
    void chooseFolder() {
        folder = hub.resolve("models--acme--tiny");
    }

    @Nested
    class Parts {

        @Test
        void aRepositoryThatIsMissingHasNoParts() {
            assertThat(read().parts()).isEmpty();
            assertThat(read().unreadable()).isEmpty();
            assertThat(read().lastPartialWrite()).isEmpty();
        }

        @Test
        void theFolderOfAFileDecidesWhatItIs() throws IOException {
            write("blobs/" + ETAG);
            write("snapshots/" + COMMIT + "/onnx/model.onnx");
            write("refs/main");
            write("refs/refs/pr/1");
            write("trees/" + COMMIT + ".json");

            assertThat(names(HubPart.BLOB)).containsExactly(ETAG);
            assertThat(names(HubPart.SNAPSHOT_FILE)).containsExactly("model.onnx");
            assertThat(names(HubPart.REF)).containsExactlyInAnyOrder("main", "1");
            assertThat(names(HubPart.FILE_LIST)).containsExactly(COMMIT + ".json");
        }

        @Test
        void locksNotesAndPlatformFilesAreDisposable() throws IOException {
            write("blobs/" + ETAG + ".lock");
            write("blobs/.DS_Store");
            write(".no_exist/" + COMMIT + "/vocab.txt");

            assertThat(names(HubPart.DISPOSABLE)).containsExactlyInAnyOrder(ETAG + ".lock", ".DS_Store", "vocab.txt");
        }

        @Test
        void aSnapshotMayHaveFilesWithTheNamesOfPlatformFiles() throws IOException {
            write("snapshots/" + COMMIT + "/.DS_Store");

            assertThat(names(HubPart.SNAPSHOT_FILE)).containsExactly(".DS_Store");
        }

        @Test
        void whatNobodyKnowsIsUnknown() throws IOException {
            write("notes.txt");
            write("blobs/copies/" + ETAG);
            write("refs/main (conflicted copy)");

            assertThat(names(HubPart.UNKNOWN)).containsExactlyInAnyOrder("notes.txt", ETAG, "main (conflicted copy)");
        }

        @Test
        void theLastWriteToAPartialDownloadIsKnown() throws IOException {
            Path partial = write("blobs/" + ETAG + ".incomplete");

            assertThat(read().lastPartialWrite())
                    .contains(Files.getLastModifiedTime(partial).toInstant());
        }
    }

    @Nested
    class Links {

        private Path link;

        @BeforeEach
        void chooseLink() throws IOException {
            link = folder.resolve("snapshots/" + COMMIT + "/config.json");
            Files.createDirectories(link.getParent());
        }

        @Test
        void aRelativeLinkNamesItsBlobEvenIfTheBlobIsMissing() throws IOException {
            Files.createSymbolicLink(link, Path.of("../../blobs/" + ETAG));

            assertThat(read().blobName(link)).contains(Path.of(ETAG));
            assertThat(read().isRelative(link, Path.of(ETAG))).isTrue();
        }

        @Test
        void anAbsoluteLinkBreaksWhenTheRepositoryIsMoved() throws IOException {
            Files.createSymbolicLink(link, write("blobs/" + ETAG));

            assertThat(read().blobName(link)).contains(Path.of(ETAG));
            assertThat(read().isRelative(link, Path.of(ETAG))).isFalse();
        }

        @Test
        void aLinkOutOfTheRepositoryHasNoBlob() throws IOException {
            Files.createSymbolicLink(link, Files.writeString(hub.resolve("elsewhere"), "x"));

            assertThat(read().blobName(link)).isEmpty();
        }

        @Test
        void linkedBlobsLeaveOutTheGivenSnapshots() throws IOException {
            Files.createSymbolicLink(link, Path.of("../../blobs/" + ETAG));
            Path blob = write("blobs/" + ETAG);

            assertThat(LinkedBlobs.of(folder, List.of()).contains(blob)).isTrue();
            assertThat(LinkedBlobs.of(folder, List.of(link.getParent())).isEmpty())
                    .isTrue();
        }
    }

    private CachedRepository read() {
        return CachedRepository.read(new HubPlaces(hub), folder);
    }

    private List<String> names(HubPart part) {
        return read().paths(part).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "x");
    }
}
