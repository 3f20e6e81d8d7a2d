package io.github.modelcache.files.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.SecureDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A root with files, and a folder outside of it. */
abstract class TreeDeleterCase {

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

    Path root;
    Path outside;

    @BeforeEach
    void createFolders() throws Exception {
        root = Files.createDirectories(top.resolve("root"));
        outside = Files.createDirectories(top.resolve("outside"));
    }

    static boolean nothing(Path path) {
        return false;
    }

    static void attempt(TreeDeleter deleter, Path tree, Path victim, Random random) throws IOException {
        try {
            deleter.deleteTree(tree, victim, path -> random.nextInt(4) == 0);
            deleter.deleteFile(tree, victim.resolve("l0/payload"));
            deleter.deleteTree(tree, victim.resolve("l1/deep"), TreeDeleterTest::nothing);
        } catch (UnsafeRootException e) {
            assertThat(e).hasMessageContaining("link");
        }
    }

    /** A random tree of folders, files, hard links to nothing outside, and links to everywhere. */
    List<Path> grow(Path tree, Random random) throws IOException {
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

    void link(Path link, Path tree, List<Path> folders, Random random) throws IOException {
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

    static Map<String, String> listing(Path folder) throws IOException {
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
    static void createWithUndecodableName(Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Process shell = new ProcessBuilder("/bin/sh").directory(folder.toFile()).start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write("echo x > \"$(printf 'bad\\377name')\"\n".getBytes(StandardCharsets.US_ASCII));
        }
        shell.waitFor();
    }

    static TreeDeleter stubborn() {
        return new TreeDeleter(real -> new Stubborn(SecureDirectory.openReal(real)));
    }

    /** A folder in which some files can't be deleted, for whoever runs this with all permissions. */
    record Stubborn(SecureDirectory folder) implements SecureDirectory {
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
