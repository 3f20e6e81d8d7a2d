package io.github.modelcache.inventory.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.inventory.scan.CacheWalk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the platform tells no ctime and inode, nothing is ever recorded. */
@DisabledOnOs(OS.WINDOWS)
class TreeRecordTest {

    private static final byte[] KEY = new byte[TreeRecord.KEY_BYTES];
    private static final byte[] NOTE = "all is well".getBytes(StandardCharsets.UTF_8);

    /** So that the stamps of files that a test has just written count as settled. */
    private static final long LATER = TimeUnit.HOURS.toNanos(1);

    @TempDir
    Path folder;

    private Path root;
    private Path blob;
    private Path link;
    private Path record;

    @BeforeEach
    void fillACache() throws Exception {
        root = folder.resolve("hub");
        blob = root.resolve("blobs/abc");
        link = root.resolve("snapshots/1/deep/model.bin");
        record = folder.resolve("own/verified.bin");
        Files.createDirectories(blob.getParent());
        Files.createDirectories(link.getParent());
        Files.createDirectories(record.getParent());
        Files.writeString(blob, "a model");
        Files.createSymbolicLink(link, Path.of("../../../blobs/abc"));
    }

    @Test
    void holdsAsLongAsNothingChanges() throws Exception {
        assertThat(recorded()).isTrue();
        assertThat(TreeRecord.unchanged(record, KEY)).contains(NOTE);
        assertThat(TreeRecord.unchanged(record, KEY)).contains(NOTE);
    }

    @Test
    void noticesAChangedFileWhoseSizeAndTimeAreAsBefore() throws Exception {
        assertThat(recorded()).isTrue();
        FileTime before = Files.getLastModifiedTime(blob);
        Files.writeString(blob, "a m0del");
        Files.setLastModifiedTime(blob, before);
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
    }

    @Test
    void noticesALinkThatLeadsElsewhere() throws Exception {
        assertThat(recorded()).isTrue();
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("../../../blobs/xyz"));
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
    }

    @Test
    void noticesWhatIsNewAndWhatIsGone() throws Exception {
        assertThat(recorded()).isTrue();
        Path more = Files.createDirectory(link.resolveSibling("more"));
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
        assertThat(recorded()).isTrue();
        Files.delete(more);
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
        assertThat(recorded()).isTrue();
        Files.delete(blob);
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
    }

    @Test
    void noticesAFileThatTookAnothersPlace() throws Exception {
        assertThat(recorded()).isTrue();
        Path other = Files.writeString(folder.resolve("other"), "a m0del");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(blob));
        Files.move(other, blob, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
    }

    @Test
    void saysNothingForAnotherKey() throws Exception {
        assertThat(recorded()).isTrue();
        byte[] other = KEY.clone();
        other[0] = 1;
        assertThat(TreeRecord.unchanged(record, other)).isEmpty();
    }

    @Test
    void saysNothingWhereTheRecordIsMissingOrCutShort() throws Exception {
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
        assertThat(recorded()).isTrue();
        byte[] whole = Files.readAllBytes(record);
        for (int length = 0; length < whole.length; length++) {
            Files.write(record, Arrays.copyOf(whole, length));
            assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
        }
    }

    @Test
    void isNotMadeWhereALinkLeadsOutOfItsTree() throws Exception {
        Path out = Files.createSymbolicLink(root.resolve("out"), Path.of("../elsewhere"));
        assertThat(recorded()).isFalse();
        Files.delete(out);
        Files.createSymbolicLink(out, folder.resolve("elsewhere"));
        assertThat(recorded()).isFalse();
        Files.delete(out);
        Files.createSymbolicLink(out, Path.of("blobs/../../elsewhere"));
        assertThat(recorded()).isFalse();
        assertThat(record).doesNotExist();
    }

    @Test
    void isNotMadeOfFilesAsYoungAsItself() throws Exception {
        assertThat(recorded(0)).isFalse();
        assertThat(record).doesNotExist();
    }

    @Test
    void remembersMoreFilesThanFitIntoOnePiece() throws Exception {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(blob.resolveSibling("file-" + i));
        }
        assertThat(recorded()).isTrue();
        assertThat(TreeRecord.unchanged(record, KEY)).contains(NOTE);
        Files.writeString(blob.resolveSibling("file-2999"), "x");
        assertThat(TreeRecord.unchanged(record, KEY)).isEmpty();
    }

    @Test
    void leavesNoTemporaryFileBehind() throws Exception {
        try (TreeRecorder recorder = new TreeRecorder(record, KEY, LATER)) {
            recorder.start(root);
        }
        assertThat(record.getParent()).isEmptyDirectory();
    }

    private boolean recorded() throws Exception {
        return recorded(LATER);
    }

    private boolean recorded(long later) throws Exception {
        // As if the folder had been left alone for long; its clock may stand still between two records.
        Files.setLastModifiedTime(record.getParent(), FileTime.fromMillis(0));
        try (TreeRecorder recorder = new TreeRecorder(record, KEY, later)) {
            recorder.start(root);
            CacheWalk.walk(root, recorder);
            return recorder.publish(NOTE);
        }
    }
}
