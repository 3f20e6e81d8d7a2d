package io.github.modelcache.files.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.SecureDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledOnOs(OS.WINDOWS)
class TreeDeleterTest {
    /** The two ways to delete; the second is what platforms without folder handles get. */
    enum Way {
        BY_HANDLE,
        BY_PATH;

        TreeDeleter deleter() {
            return this == BY_HANDLE
                    ? new TreeDeleter()
                    : new TreeDeleter(real -> new SecureDirectory.ByPath(null, real));
        }

        TreeDeleter deleter(Mounts mounts) {
            return new TreeDeleter(
                    this == BY_HANDLE ? SecureDirectory::openReal : real -> new SecureDirectory.ByPath(null, real),
                    () -> mounts);
        }
    }

    @TempDir
    Path top;

    private Path root;
    private Path outside;

    @BeforeEach
    void createFolders() throws Exception {
        root = Files.createDirectories(top.resolve("root"));
        outside = Files.createDirectories(top.resolve("outside"));
    }

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
    void keepsWhatIsMountedInTheTreeAndDeletesTheRest(Way way) throws Exception {
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
    void emptiesARootThatIsALinkToAnotherDisk(Way way) throws Exception {
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
    void keepsWhatItIsToldAndTheFoldersAbove(Way way) throws Exception {
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
    void countsAHardLinkedFileWhenItsLastLinkGoes(Way way) throws Exception {
        Path one = Files.write(root.resolve("1"), new byte[8]);
        Files.createLink(root.resolve("2"), one);
        assertThat(way.deleter().deleteFile(root, one)).isZero();
        assertThat(way.deleter().deleteFile(root, root.resolve("2"))).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatIsAlreadyGoneForDone(Way way) throws Exception {
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
    void namesWhatItMayNotDelete(Way way) throws Exception {
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
    void neverTouchesAnythingOutsideHoweverTheTreeIsLinked(Way way) throws Exception {
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

    private static boolean nothing(Path path) {
        return false;
    }

    private static void attempt(TreeDeleter deleter, Path tree, Path victim, Random random) throws IOException {
        try {
            deleter.deleteTree(tree, victim, path -> random.nextInt(4) == 0);
            deleter.deleteFile(tree, victim.resolve("l0/payload"));
            deleter.deleteTree(tree, victim.resolve("l1/deep"), TreeDeleterTest::nothing);
        } catch (UnsafeRootException e) {
            assertThat(e).hasMessageContaining("link");
        }
    }

    /** A random tree of folders, files, hard links to nothing outside, and links to everywhere. */
    private List<Path> grow(Path tree, Random random) throws IOException {
        List<Path> folders = new ArrayList<>(List.of(Files.createDirectories(tree)));
        int count = 5 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            Path parent = folders.get(random.nextInt(folders.size()));
            switch (random.nextInt(4)) {
                case 0 -> folders.add(Files.createDirectories(parent.resolve("d" + i)));
                case 1 -> Files.write(parent.resolve("f" + i), new byte[random.nextInt(50)]);
                default -> link(parent.resolve("l" + random.nextInt(3)), tree, folders, random);
            }
        }
        return folders;
    }

    private void link(Path link, Path tree, List<Path> folders, Random random) throws IOException {
        List<Path> targets = List.of(
                outside,
                outside.resolve("store"),
                outside.resolve("store/payload"),
                Path.of("../../outside/store"),
                Path.of(".."),
                tree,
                folders.get(random.nextInt(folders.size())));
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, targets.get(random.nextInt(targets.size())));
        }
    }

    private static Map<String, String> listing(Path folder) throws IOException {
        Map<String, String> listing = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.skip(1)::iterator) {
                String content = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        ? Files.readString(path, StandardCharsets.ISO_8859_1)
                        : "";
                listing.put(folder.relativize(path).toString(), content + FileStamp.of(path));
            }
        }
        return listing;
    }

    /** Java cannot write such a name, a shell can; skipped where the file system refuses it. */
    private static void createWithUndecodableName(Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Process shell = new ProcessBuilder("/bin/sh").directory(folder.toFile()).start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write("echo x > \"$(printf 'bad\\377name')\"\n".getBytes(StandardCharsets.US_ASCII));
        }
        shell.waitFor();
    }

    @Test
    void deletesTheSiblingsOfWhatCannotBeDeleted() throws Exception {
        for (String name : List.of("a/1", "a/stays-1", "a/b/2", "a/b/stays-2", "a/z/3", "9")) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[10]);
        }
        List<String> reasons = new ArrayList<>();
        long freed = stubborn().deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean goes(Path path, BasicFileAttributes attributes) {
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
    void countsASmallFileAsItWasSeenAndMeasuresALargeOneAsItGoes() throws Exception {
        Path outside = Files.createDirectory(root.resolveSibling(root.getFileName() + "-outside"));
        for (int bytes : new int[] {10, 1 << 20}) {
            Path file = Files.write(root.resolve("file-" + bytes), new byte[bytes]);
            Files.createLink(outside.resolve("file-" + bytes), file);
        }
        long freed = new TreeDeleter().deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean goes(Path path, BasicFileAttributes attributes) {
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
    void tellsHowMuchElseCouldNotBeDeleted() throws Exception {
        for (int i = 0; i < 30; i++) {
            Files.write(root.resolve("stays-" + i), new byte[1]);
            Files.write(root.resolve("goes-" + i), new byte[1]);
        }
        assertThatThrownBy(() -> stubborn().deleteTree(root, root, TreeDeleterTest::nothing))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("stays-")
                .hasMessageContaining("permission denied")
                .hasMessageContaining("and 29 more could not be deleted, the rest is gone");
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
    void folderThatGoesLastGoesAfterAllThatLiesBesideIt(Way way) throws Exception {
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
            public boolean goes(Path path, BasicFileAttributes attributes) {
                order.add(root.relativize(path).toString());
                return true;
            }

            @Override
            public boolean goesLast(Path folder) {
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

    private static TreeDeleter stubborn() {
        return new TreeDeleter(real -> new Stubborn(SecureDirectory.openReal(real)));
    }

    /** A folder in which some files can't be deleted, for whoever runs this with all permissions. */
    private record Stubborn(SecureDirectory folder) implements SecureDirectory {
        @Override
        public Path path() {
            return folder.path();
        }

        @Override
        public Names names() throws IOException {
            return folder.names();
        }

        @Override
        public BasicFileAttributes attributes(Path name) throws IOException {
            return folder.attributes(name);
        }

        @Override
        public SecureDirectory open(Path name) throws IOException {
            return new Stubborn(folder.open(name));
        }

        @Override
        public SeekableByteChannel read(Path name) throws IOException {
            return folder.read(name);
        }

        @Override
        public Optional<Set<PosixFilePermission>> permissions(Path name) throws IOException {
            return folder.permissions(name);
        }

        @Override
        public void deleteFile(Path name) throws IOException {
            if (name.toString().startsWith("stays")) {
                throw new AccessDeniedException(name.toString());
            }
            folder.deleteFile(name);
        }

        @Override
        public void rename(Path name, Path other) throws IOException {
            folder.rename(name, other);
        }

        @Override
        public void deleteDirectory(Path name) throws IOException {
            folder.deleteDirectory(name);
        }

        @Override
        public void close() throws IOException {
            folder.close();
        }
    }
}
