package io.github.modelcache.files.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class AtomicFileOperationsTest {

    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    Path folder;

    private final List<Path> told = new ArrayList<>();
    private final AtomicFileOperations relay = new AtomicFileOperations(told::add);
    private Path source;
    private Path temporary;
    private Path target;

    @BeforeEach
    void create() throws IOException {
        source = Files.writeString(folder.resolve("source"), "a model");
        Files.setLastModifiedTime(source, LONG_AGO);
        temporary = folder.resolve("there/.target.tmp");
        target = folder.resolve("there/target");
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void aSecondNameCopiesNoByte() throws IOException {
        assertThat(new AtomicFileOperations().hardLink(source, temporary, target))
                .isTrue();
        assertThat(inode(target)).isEqualTo(inode(source));
        assertThat(temporary).doesNotExist();
    }

    @Test
    void nothingIsCopiedThroughALinkBelowTheFolder() throws IOException {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        Path elsewhere = Files.createDirectories(folder.resolve("private/d"));
        Files.writeString(elsewhere.resolve("f"), "private");
        Path link = Files.createSymbolicLink(cache.resolve("a"), elsewhere.getParent());
        assertThatThrownBy(() -> relay.copy(cache, link.resolve("d/f"), temporary, target))
                .hasMessageContaining("cache/a: is a link or no folder any more");
        assertThatThrownBy(() -> relay.copy(cache, cache.resolve("none/f"), temporary, target))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(target).doesNotExist();

        relay.copy(link, link.resolve("d/f"), temporary, target);
        assertThat(target).as("the folder itself may be a link").hasContent("private");
    }

    @Test
    void aHardLinkToAnotherFileIsRemoved() {
        assertThatThrownBy(() -> relay.hardLink(source, temporary, target, linked -> {
                    throw new IOException(linked + " is another file");
                }))
                .hasMessage(temporary + " is another file");
        assertThat(temporary).doesNotExist();
        assertThat(target).doesNotExist();
    }

    @Test
    void aHardLinkReplacesAnExistingFile() throws IOException {
        Files.createDirectories(folder.resolve("there"));
        Files.writeString(temporary, "left by a run that died");
        Files.writeString(target, "older");
        assertThat(relay.hardLink(source, temporary, target)).isTrue();
        assertThat(inode(target)).isEqualTo(inode(source));
        assertThat(told).containsExactly(temporary, target);
        assertThat(relay.hardLink(source, temporary, target)).isTrue();
        assertThat(temporary).doesNotExist();
    }

    @Test
    void aFolderHasNoSecondName() throws IOException {
        Files.createDirectories(folder.resolve("folder"));
        assertThat(relay.hardLink(folder.resolve("folder"), temporary, target)).isFalse();
        assertThatThrownBy(() -> relay.hardLink(folder.resolve("gone"), temporary, target))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void aCopyKeepsTimeAndContent() throws IOException {
        Digest digest = Hashing.digest(source, DigestAlgorithm.SHA256);
        Files.createDirectories(folder.resolve("there"));
        Files.writeString(temporary, "left by a run that died");
        relay.copy(source, temporary, target, digest);
        assertThat(target).hasContent("a model");
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(LONG_AGO);
        assertThat(inode(target)).isNotEqualTo(inode(source));
        assertThat(temporary).doesNotExist();
        assertThat(told).containsExactly(temporary, target);
    }

    @Test
    void aCopyWithAnotherContentIsDeleted() throws IOException {
        Digest other = Digest.sha256("ab".repeat(32));
        assertThatThrownBy(() -> relay.copy(source, temporary, target, other))
                .hasMessageContaining("the copy of " + source)
                .hasMessageContaining("expected " + other);
        assertThat(target).doesNotExist();
        assertThat(temporary).doesNotExist();
    }

    @Test
    void aCopyWithoutADigestKeepsPermissionsToo() throws IOException {
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-----"));
        relay.copy(folder, source, temporary, target);
        assertThat(target).hasContent("a model");
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(LONG_AGO);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .startsWith("rwxr");
        assertThat(Files.isExecutable(target)).isTrue();
        assertThat(temporary).doesNotExist();
        assertThat(told).containsExactly(temporary, target);
    }

    @Test
    void filesLargerThanABufferAreCopiedCompletely() throws IOException {
        byte[] bytes = new byte[(1 << 20) * 2 + 17];
        new java.util.Random(3).nextBytes(bytes);
        Files.write(source, bytes);
        relay.copy(folder, source, temporary, target);
        assertThat(target).hasBinaryContent(bytes);
        relay.copy(source, temporary, target, Hashing.digest(source, DigestAlgorithm.SHA256));
        assertThat(target).hasBinaryContent(bytes);
    }

    @Test
    void aLinkIsNotCopied() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), source);
        assertThatThrownBy(() -> relay.copy(folder, link, temporary, target)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> relay.copy(link, temporary, target, Digest.sha256("ab".repeat(32))))
                .isInstanceOf(IOException.class);
        assertThat(target).doesNotExist();
        assertThat(temporary).doesNotExist();
    }

    @Test
    void permissionsAreCopied() throws IOException {
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("r-x------"));
        Path other = Files.writeString(folder.resolve("other"), "");
        CopiedAttributes.keepPermissions(source, other);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other)))
                .isEqualTo("r-x------");
    }

    @Test
    void renamesIntoAFolderThatIsMade() throws IOException {
        relay.rename(source, target);
        assertThat(target).hasContent("a model");
        assertThat(source).doesNotExist();
        assertThat(told).containsExactly(target);
    }

    @Test
    void aFolderThatIsNotEmptyIsNotReplaced() throws IOException {
        Files.createDirectories(folder.resolve("one"));
        Files.createDirectories(target.resolve("full"));
        assertThatThrownBy(() -> relay.rename(folder.resolve("one"), target)).isInstanceOf(FileSystemException.class);
        assertThat(target.resolve("full")).exists();
    }

    @Test
    void aLinkIsCreatedUnlessItIsRight() throws IOException {
        relay.symbolicLink(target, temporary, Path.of("../source"));
        assertThat(target).isSymbolicLink().hasContent("a model");
        Object before = inode(folder.resolve("there"));
        relay.symbolicLink(target, temporary, Path.of("../source"));
        assertThat(told).containsExactly(target);
        assertThat(inode(folder.resolve("there"))).isEqualTo(before);
    }

    @Test
    void aLinkReplacesAnotherLinkOrAFileButNotAFolder() throws IOException {
        relay.symbolicLink(target, temporary, Path.of("elsewhere"));
        relay.symbolicLink(target, temporary, Path.of("../source"));
        assertThat(Files.readSymbolicLink(target)).isEqualTo(Path.of("../source"));
        Path file = Files.writeString(folder.resolve("there/file"), "x");
        relay.symbolicLink(file, temporary, Path.of("../source"));
        assertThat(file).isSymbolicLink();
        Path full = folder.resolve("there/full");
        Files.createDirectories(full.resolve("x"));
        assertThatThrownBy(() -> relay.symbolicLink(full, temporary, Path.of("../source")))
                .isInstanceOf(IOException.class);
        assertThat(full.resolve("x")).exists();
        try (var left = Files.list(folder.resolve("there"))) {
            assertThat(left).containsExactlyInAnyOrder(target, file, full);
        }
    }

    @Test
    void writesAndDeletesUnderTheWatchersEyes() throws IOException {
        relay.write(target, temporary, new byte[] {1, 2, 3});
        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(relay.delete(folder, target)).isEqualTo(3);
        assertThat(target).doesNotExist();
        assertThat(told).containsExactly(temporary, target, target);
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoTemporaryFile() throws IOException {
        Files.createDirectories(target.resolve("full"));
        assertThatThrownBy(() -> relay.write(target, temporary, new byte[] {1})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> relay.copy(folder, source, temporary, target)).isInstanceOf(IOException.class);
        assertThat(folder.resolve("there").toFile().list()).containsExactly("target");
    }

    @Test
    void aFileThatIsWrittenAgainKeepsItsPermissions() throws IOException {
        relay.write(target, temporary, new byte[] {1});
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw-r-x"));
        Files.writeString(temporary, "left by a run that died");
        relay.write(target, temporary, new byte[] {2});
        assertThat(target).hasBinaryContent(new byte[] {2});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-rw-r-x");
    }

    @Test
    void setsAFolderAsideUnderTheWatchersEyes() throws IOException {
        Path full = Files.createDirectories(folder.resolve("full/deep"));
        Path aside = folder.resolve("aside");
        assertThat(relay.setAside(folder, folder.resolve("full"), aside)).isTrue();
        assertThat(full).doesNotExist();
        assertThat(aside.resolve("deep")).exists();
        assertThat(told).containsExactly(aside);
        assertThat(relay.setAside(folder, folder.resolve("full"), aside)).isFalse();
    }

    @Test
    void theTestForLinksLeavesNoFile() throws IOException {
        Path probe = folder.resolve("new/probe");
        assertThat(relay.canLink(probe)).isTrue();
        assertThat(told).containsExactly(probe);
        assertThat(probe.getParent()).isEmptyDirectory();
        Files.writeString(probe, "left by a run that died");
        assertThat(relay.canLink(probe)).isTrue();
        assertThat(probe.getParent()).isEmptyDirectory();
    }

    @Test
    void aFolderIsEmptiedAsTheJudgeAllows() throws IOException {
        Path below = folder.resolve("there");
        relay.write(target, temporary, new byte[] {1, 2, 3});
        Path kept = Files.writeString(below.resolve("kept"), "kept");
        told.clear();
        assertThat(relay.deleteAll(below, (path, attributes) -> path.equals(target)))
                .isEqualTo(3);
        assertThat(told).containsExactly(target);
        assertThat(below.toFile().list()).containsExactly("kept");
        assertThat(kept).hasContent("kept");
    }

    @Test
    void emptiesAFolder() throws IOException {
        Path below = folder.resolve("there");
        relay.write(target, temporary, new byte[] {1, 2, 3});
        told.clear();
        assertThat(relay.deleteAll(below, (path, attributes) -> true)).isEqualTo(3);
        assertThat(told).contains(target);
        assertThat(below).isEmptyDirectory();
    }

    @Test
    void anExceptionOfTheWatcherStopsTheNextStep() {
        AtomicFileOperations stopped = new AtomicFileOperations(changed -> {
            if (changed.equals(target)) {
                throw new IllegalStateException("stop");
            }
        });
        assertThatThrownBy(() -> stopped.copy(folder, source, temporary, target))
                .hasMessage("stop");
        assertThat(target).doesNotExist();
        assertThatThrownBy(() -> stopped.write(target, temporary, new byte[1])).hasMessage("stop");
        assertThat(target).doesNotExist();
    }
}
