package io.github.modelcache.files.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledOnOs(OS.WINDOWS)
class LargeTreesDeletionTest extends TreeDeleterCase {

    @Test
    void siblingsOfAnUndeletableEntryAreDeleted() throws Exception {
        for (String name : List.of("a/1", "a/stays-1", "a/b/2", "a/b/stays-2", "a/z/3", "9")) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[10]);
        }
        List<String> reasons = new ArrayList<>();
        long freed = stubborn().deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean shouldDelete(Path path, BasicFileAttributes attributes) {
                return true;
            }

            @Override
            public void failed(IOException reason) {
                reasons.add(String.valueOf(reason.getMessage()));
            }
        });
        assertThat(freed).isEqualTo(40);
        assertThat(listing(root)).containsOnlyKeys("a", "a/b", "a/stays-1", "a/b/stays-2");
        assertThat(reasons)
                .hasSize(2)
                .allMatch(
                        reason -> reason.contains("stays-") && reason.contains("cannot be deleted: permission denied"));
    }

    @Test
    void hardLinksOfLargeFilesAreCountedAtTheirDeletion() throws Exception {
        Path outside = Files.createDirectory(root.resolveSibling(root.getFileName() + "-outside"));
        for (int bytes : new int[] {10, 1 << 20}) {
            Path file = Files.write(root.resolve("file-" + bytes), new byte[bytes]);
            Files.createLink(outside.resolve("file-" + bytes), file);
        }
        long freed = new TreeDeleter().deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean shouldDelete(Path path, BasicFileAttributes attributes) {
                return true;
            }

            @Override
            public boolean isKnownAlone(Path path, BasicFileAttributes attributes) {
                return true;
            }
        });
        assertThat(freed).isEqualTo(10);
        assertThat(listing(root)).isEmpty();
        assertThat(outside.resolve("file-10")).hasSize(10);
    }

    @Test
    void theErrorCountsOtherUndeletableEntries() throws Exception {
        for (int i = 0; i < 30; i++) {
            Files.write(root.resolve("stays-" + i), new byte[1]);
            Files.write(root.resolve("goes-" + i), new byte[1]);
        }
        assertThatThrownBy(() -> stubborn().deleteTree(root, root, TreeDeleterTest::nothing))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("stays-")
                .hasMessageContaining("permission denied")
                .hasMessageContaining("and 29 more could not be deleted; the rest was deleted");
        assertThat(listing(root)).hasSize(30);

        Files.write(root.resolve("kept"), new byte[1]);
        assertThatThrownBy(() -> stubborn().deleteTree(root, root, path -> path.endsWith("kept")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageEndingWith("and 29 more could not be deleted");
    }

    @ParameterizedTest
    @EnumSource
    void deletesLargeFoldersAndCountsSharedContentsOnce(Way way) throws Exception {
        Path first = Files.createDirectories(root.resolve("first"));
        Path second = Files.createDirectories(root.resolve("second"));
        for (int i = 0; i < 500; i++) {
            Path file = Files.write(first.resolve("file-" + i), new byte[3]);
            Files.createLink(first.resolve("again-" + i), file);
            Files.createSymbolicLink(second.resolve("link-" + i), file);
            Files.createDirectories(second.resolve("folder-" + i));
        }
        Path kept = Files.write(outside.resolve("precious"), new byte[9]);
        Files.createLink(second.resolve("precious"), kept);
        long freed = way.deleter().deleteTree(root, root, path -> path.endsWith("link-7"));
        assertThat(freed).isEqualTo(1500);
        assertThat(listing(root)).containsOnlyKeys("second", "second/link-7");
        assertThat(kept).hasSize(9);
    }

    @ParameterizedTest
    @EnumSource
    void aFolderCanBeDeletedAfterItsSiblings(Way way) throws Exception {
        for (String name : List.of("a", "blobs", "m", "snapshots", "z")) {
            for (String folder : List.of("", "x/", "x/y/")) {
                Path file = root.resolve(folder + name + "/deep/file");
                Files.createDirectories(file.getParent());
                Files.write(file, new byte[1]);
            }
        }
        for (int i = 0; i < 200; i++) {
            Files.write(root.resolve("file-" + i), new byte[1]);
        }
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        long freed = way.deleter().deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean shouldDelete(Path path, BasicFileAttributes attributes) {
                order.add(root.relativize(path).toString());
                return true;
            }

            @Override
            public boolean isDeletedLast(Path folder) {
                return folder.endsWith("blobs");
            }
        });
        assertThat(freed).isEqualTo(215);
        assertThat(root).isEmptyDirectory();
        assertThat(order).last().isEqualTo("blobs/deep/file");
        for (String folder : List.of("x/", "x/y/")) {
            assertThat(order.stream().filter(path -> path.startsWith(folder)))
                    .last()
                    .isEqualTo((folder.equals("x/y/") ? folder : "x/") + "blobs/deep/file");
        }
    }

    @ParameterizedTest
    @EnumSource
    void deletesAFolderOfMoreNamesThanAreDeletedAsListed(Way way) throws Exception {
        int files = 10_050;
        Path many = Files.createDirectories(root.resolve("many"));
        for (int i = 0; i < files; i++) {
            Files.write(many.resolve("file-" + i), new byte[1]);
        }
        Path kept = many.resolve("file-7");
        assertThat(way.deleter().deleteTree(root, root, kept::equals)).isEqualTo(files - 1);
        assertThat(listing(root)).containsOnlyKeys("many", "many/file-7");
    }

    @ParameterizedTest
    @EnumSource
    void renamesAFolderBesideItsOldName(Way way) throws Exception {
        Path folder = Files.createDirectories(root.resolve("a/folder"));
        Files.writeString(folder.resolve("file"), "content");
        assertThat(way.deleter().rename(root, folder, root.resolve("a/other"))).isTrue();
        assertThat(folder).doesNotExist();
        assertThat(root.resolve("a/other/file")).hasContent("content");
    }

    @ParameterizedTest
    @EnumSource
    void renamesNothingButAFolderToANameThatIsFree(Way way) throws Exception {
        Path folder = Files.createDirectories(root.resolve("folder"));
        Path file = Files.writeString(root.resolve("file"), "content");
        Path link = Files.createSymbolicLink(root.resolve("link"), outside);
        Path empty = Files.createDirectories(root.resolve("empty"));
        Map<String, String> before = listing(root);
        TreeDeleter deleter = way.deleter();
        for (Path taken : List.of(empty, file, link)) {
            assertThat(deleter.rename(root, folder, taken)).isFalse();
        }
        for (Path none : List.of(file, link, root.resolve("missing"), root.resolve("missing/deeper"))) {
            assertThat(deleter.rename(root, none, none.resolveSibling("free"))).isFalse();
        }
        assertThatThrownBy(() -> deleter.rename(root, folder, outside.resolve("folder")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> deleter.rename(root, link.resolve("below"), link.resolve("other")))
                .isInstanceOf(UnsafeRootException.class);
        assertThat(listing(root)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void removesEmptyFoldersUpToTheFirstThatIsNot(Way way) throws Exception {
        Path deep = Files.createDirectories(root.resolve("a/b/c/d"));
        Files.createDirectories(root.resolve("a/beside"));
        way.deleter().deleteEmpty(root, deep);
        assertThat(listing(root)).containsOnlyKeys("a", "a/beside");
        way.deleter().deleteEmpty(root, root.resolve("a/beside"));
        assertThat(root).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void removesNothingThatIsNoEmptyFolder(Way way) throws Exception {
        Files.createDirectories(root.resolve("full"));
        Files.writeString(root.resolve("full/file"), "content");
        Files.createSymbolicLink(root.resolve("full/link"), outside);
        Map<String, String> before = listing(root);
        for (String name : List.of("full", "full/file", "full/link", "full/missing/deeper")) {
            way.deleter().deleteEmpty(root, root.resolve(name));
        }
        way.deleter().deleteEmpty(root, root);
        assertThat(listing(root)).isEqualTo(before);
        assertThatThrownBy(() -> way.deleter().deleteEmpty(root, outside)).isInstanceOf(UnsafeRootException.class);
        assertThat(outside).exists();
    }
}
