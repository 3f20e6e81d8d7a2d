package io.github.modelcache.files.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.modelcache.files.Mounts;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledOnOs(OS.WINDOWS)
class TreeDeleterTest extends TreeDeleterCase {

    @ParameterizedTest
    @EnumSource
    void deletesATreeAndCountsItsBytes(Way way) throws Exception {
        Path tree = Files.createDirectories(root.resolve("a/b/c"));
        Files.write(tree.resolve("1"), new byte[10]);
        Files.write(root.resolve("a/2"), new byte[5]);
        Files.write(root.resolve("other"), new byte[7]);
        assertThat(way.deleter().deleteTree(root, root.resolve("a"), TreeDeleterTest::nothing))
                .isEqualTo(15);
        assertThat(listing(root)).containsOnlyKeys("other");
    }

    @ParameterizedTest
    @EnumSource
    void mountsAreKeptAndOtherFilesDeleted(Way way) throws Exception {
        Path mount = Files.createDirectories(root.resolve("a/mnt/deep"));
        Files.write(mount.resolve("keep"), new byte[3]);
        Path file = Files.write(root.resolve("a/config"), new byte[2]);
        Files.write(root.resolve("a/gone"), new byte[4]);
        Mounts mounts = new Mounts(List.of(
                "/",
                root.toRealPath().resolve("a/mnt").toString(),
                file.toRealPath().toString()));
        TreeDeleter deleter = way.deleter(mounts);

        assertThatThrownBy(() -> deleter.deleteTree(root, root, TreeDeleterTest::nothing))
                .hasMessageContaining("something else is mounted there")
                .hasMessageContaining("1 more could not be deleted");
        assertThat(listing(root)).containsOnlyKeys("a", "a/config", "a/mnt", "a/mnt/deep", "a/mnt/deep/keep");
        assertThatThrownBy(() -> deleter.deleteFile(root, mount.resolve("keep")))
                .isInstanceOf(UnsafeRootException.class)
                .hasMessageContaining("a/mnt: something else is mounted there");
        assertThatThrownBy(() -> deleter.deleteTree(root, mount, TreeDeleterTest::nothing))
                .isInstanceOf(UnsafeRootException.class);
        assertThat(deleter.rename(root, root.resolve("a"), root.resolve("b"))).isFalse();
        assertThat(mount.resolve("keep")).exists();
    }

    @ParameterizedTest
    @EnumSource
    void emptiesARootThatIsAMountItself(Way way) throws Exception {
        Files.write(root.resolve("gone"), new byte[3]);
        Mounts mounts = new Mounts(List.of("/", root.toRealPath().toString()));
        assertThat(way.deleter(mounts).deleteTree(root, root, TreeDeleterTest::nothing))
                .isEqualTo(3);
        assertThat(root).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void emptiesTheRootButKeepsIt(Way way) throws Exception {
        Files.createDirectories(root.resolve("a/b"));
        Files.write(root.resolve("f"), new byte[3]);
        assertThat(way.deleter().deleteTree(root, root, TreeDeleterTest::nothing))
                .isEqualTo(3);
        assertThat(root).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void aRootMayBeALinkToAnotherDisk(Way way) throws Exception {
        Path disk = Files.createDirectories(top.resolve("disk"));
        Path linked = Files.createSymbolicLink(top.resolve("linked"), disk);
        Files.createDirectories(disk.resolve("a"));
        Files.write(disk.resolve("a/f"), new byte[4]);
        Files.write(disk.resolve("g"), new byte[2]);
        assertThat(way.deleter().deleteFile(linked, linked.resolve("a/f"))).isEqualTo(4);
        assertThat(way.deleter().deleteFile(linked, disk.toRealPath().resolve("g")))
                .isEqualTo(2);
        way.deleter().deleteTree(linked, linked, TreeDeleterTest::nothing);
        assertThat(disk).isEmptyDirectory();
        assertThat(linked).isSymbolicLink();
    }

    @ParameterizedTest
    @EnumSource
    void removesLinksAndNotTheirTargets(Way way) throws Exception {
        Files.write(outside.resolve("precious"), new byte[9]);
        Files.createSymbolicLink(root.resolve("folder"), outside);
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("precious"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("self"), Path.of("."));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("none"));
        assertThat(way.deleter().deleteTree(root, root.resolve("folder"), TreeDeleterTest::nothing))
                .isZero();
        assertThat(way.deleter().deleteFile(root, root.resolve("file"))).isZero();
        assertThat(way.deleter().deleteTree(root, root, TreeDeleterTest::nothing))
                .isZero();
        assertThat(root).isEmptyDirectory();
        assertThat(outside.resolve("precious")).hasSize(9);
    }

    @ParameterizedTest
    @EnumSource
    void refusesPathsBehindALink(Way way) throws Exception {
        Path precious = Files.write(outside.resolve("precious"), new byte[9]);
        Files.createSymbolicLink(root.resolve("out"), outside);
        for (Path path : List.of(root.resolve("out/precious"), root.resolve("out/deeper/f"))) {
            assertThatThrownBy(() -> way.deleter().deleteFile(root, path))
                    .isInstanceOf(UnsafeRootException.class)
                    .hasMessageContaining("out");
            assertThatThrownBy(() -> way.deleter().deleteTree(root, path, TreeDeleterTest::nothing))
                    .isInstanceOf(UnsafeRootException.class);
        }
        assertThat(precious).exists();
    }

    @ParameterizedTest
    @EnumSource
    void refusesPathsOutsideTheRoot(Way way) throws Exception {
        Path precious = Files.write(outside.resolve("precious"), new byte[9]);
        Files.createDirectories(root.resolve("a"));
        List<Path> paths = List.of(
                precious, root.resolve("../outside/precious"), root.resolve("a/../../outside/precious"), Path.of(""));
        for (Path path : paths) {
            assertThatThrownBy(() -> way.deleter().deleteFile(root, path)).isInstanceOf(UnsafeRootException.class);
            assertThatThrownBy(() -> way.deleter().deleteTree(root, path, TreeDeleterTest::nothing))
                    .isInstanceOf(UnsafeRootException.class);
        }
        assertThatThrownBy(() -> way.deleter().deleteFile(Path.of(""), precious))
                .isInstanceOf(UnsafeRootException.class);
        assertThatThrownBy(() -> way.deleter().deleteFile(Path.of("/"), precious))
                .isInstanceOf(UnsafeRootException.class);
        assertThatThrownBy(() -> way.deleter().deleteFile(root, root)).isInstanceOf(UnsafeRootException.class);
        assertThat(precious).exists();
    }

    @ParameterizedTest
    @EnumSource
    void keptEntriesKeepTheirFolders(Way way) throws Exception {
        Files.createDirectories(root.resolve("a/keep/deep"));
        Files.createDirectories(root.resolve("b"));
        Files.write(root.resolve("a/keep/deep/f"), new byte[1]);
        Files.write(root.resolve("a/g"), new byte[2]);
        Files.write(root.resolve("b/h"), new byte[4]);
        Predicate<Path> keep = path -> path.equals(root.resolve("a/keep"));
        assertThat(way.deleter().deleteTree(root, root, keep)).isEqualTo(6);
        assertThat(listing(root)).containsOnlyKeys("a", "a/keep", "a/keep/deep", "a/keep/deep/f");
    }

    @ParameterizedTest
    @EnumSource
    void aHardLinkedFileCountsWithItsLastLink(Way way) throws Exception {
        Path one = Files.write(root.resolve("1"), new byte[8]);
        Files.createLink(root.resolve("2"), one);
        assertThat(way.deleter().deleteFile(root, one)).isZero();
        assertThat(way.deleter().deleteFile(root, root.resolve("2"))).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void missingFilesAreNoError(Way way) throws Exception {
        assertThat(way.deleter().deleteFile(root, root.resolve("none"))).isZero();
        assertThat(way.deleter().deleteTree(root, root.resolve("none/deeper"), TreeDeleterTest::nothing))
                .isZero();
        Path missing = top.resolve("missing");
        assertThat(way.deleter().deleteTree(missing, missing, TreeDeleterTest::nothing))
                .isZero();
        Files.write(root.resolve("a"), new byte[1]);
        Files.write(root.resolve("b"), new byte[2]);
        Predicate<Path> vanishing = path -> {
            try {
                Files.deleteIfExists(path);
                return false;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        assertThat(way.deleter().deleteTree(root, root, vanishing)).isZero();
        assertThat(root).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void doesNotDeleteAFolderAsAFile(Way way) throws Exception {
        Path folder = Files.createDirectories(root.resolve("a"));
        assertThatThrownBy(() -> way.deleter().deleteFile(root, folder))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("is a folder");
        assertThat(folder).exists();
    }

    @ParameterizedTest
    @EnumSource
    void deletesNamesThatNoTextCanSpell(Way way) throws Exception {
        Files.write(root.resolve("two\nlines"), new byte[1]);
        Files.write(root.resolve("-rf *"), new byte[1]);
        createWithUndecodableName(root);
        way.deleter().deleteTree(root, root, TreeDeleterTest::nothing);
        assertThat(root).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void undeletableFilesAreNamed(Way way) throws Exception {
        Path folder = Files.createDirectories(root.resolve("a/readonly"));
        Path file = Files.write(folder.resolve("f"), new byte[1]);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(folder), "this user may write everywhere");
            assertThatThrownBy(() -> way.deleter().deleteTree(root, root, TreeDeleterTest::nothing))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(file.toRealPath().toString())
                    .hasMessageContaining("permission denied");
            assertThat(file).exists();
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void filesOutsideAreNeverChangedThroughLinks(Way way) throws Exception {
        Files.createDirectories(outside.resolve("store/deep"));
        Files.writeString(outside.resolve("store/payload"), "payload");
        Files.writeString(outside.resolve("store/deep/blob"), "blob");
        Map<String, String> before = listing(outside);
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Path tree = root.resolve("t" + seed);
            List<Path> folders = grow(tree, random);
            Path victim = folders.get(random.nextInt(folders.size()));
            attempt(way.deleter(), tree, victim, random);
            assertThat(listing(outside)).as("seed %s", seed).isEqualTo(before);
            way.deleter().deleteTree(tree, tree, TreeDeleterTest::nothing);
            assertThat(tree).isEmptyDirectory();
        }
        assertThat(listing(outside)).isEqualTo(before);
    }
}
