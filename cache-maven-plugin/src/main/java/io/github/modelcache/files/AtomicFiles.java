package io.github.modelcache.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are there whole or not at all: written beside their target, then moved over it.
 *
 * <p>A symbolic link at the target is replaced and never written through, because a model file in a cache may be a link
 * into a store that other projects read. New files get the permissions the user's umask allows
 * ({@code 0666 & ~umask}), not the 0600 of {@link Files#createTempFile}, which would lock out others who share a cache; see also {@link GroupPermissions}.
 */
public final class AtomicFiles {
    private static final int LONGEST_NAME_BYTES = 255;
    private static final Pattern TEMPORARY = Pattern.compile("(.+)\\.[0-9a-f]{8}\\.tmp", Pattern.DOTALL);

    private AtomicFiles() {}

    /**
     * Makes {@code content} the content of {@code target}. An existing file keeps its permissions; missing parent
     * folders are created.
     *
     * @return whether anything was written; {@code false} means that the file already had this content
     * @throws IOException if it cannot be written; the target is then as it was and no temporary is left
     */
    public static boolean write(Path target, byte[] content) throws IOException {
        if (hasContent(target, content)) {
            return false;
        }
        createParents(target);
        Path temporary = temporaryBeside(target);
        try {
            try (FileChannel channel = createNew(temporary)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            GroupPermissions.share(temporary);
            copyPermissions(target, temporary);
        } catch (IOException | RuntimeException e) {
            deleteQuietly(temporary, e);
            throw e;
        }
        move(temporary, target);
        return true;
    }

    /**
     * Moves {@code temporary} over {@code target} in one step. Both must lie on the same file system. Missing parent
     * folders of the target are created.
     *
     * <p>The bytes are not flushed to the disk first: a flush for each of thousands of files costs more than fetching
     * them. When the power fails, file systems that order data before metadata leave such a file shorter than it was,
     * which its size gives away; and a model can be fetched again.
     *
     * @throws IOException if it cannot be moved; the target is then as it was and {@code temporary} is deleted
     */
    public static void publish(Path temporary, Path target) throws IOException {
        GroupPermissions.share(temporary);
        move(temporary, target);
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            createParents(target);
            if (Files.isSymbolicLink(temporary)) {
                throw new IOException(temporary + " is a link, so it can't become " + target);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            deleteQuietly(temporary, e);
            throw e;
        }
    }

    /**
     * A fresh name in the target's folder: {@code <target>.<8 hexadecimal digits>.tmp}. No file is created. The name is
     * shortened where it would be longer than file systems allow.
     *
     * @throws IllegalArgumentException if {@code target} has no file name
     */
    public static Path temporaryBeside(Path target) {
        return temporaryBeside(target, ThreadLocalRandom.current().nextInt());
    }

    /** The same with digits that the caller chose. */
    static Path temporaryBeside(Path target, int digits) {
        Path name = target.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("'" + target + "' is not the path of a file");
        }
        String suffix = "." + HexFormat.of().toHexDigits(digits) + ".tmp";
        return target.resolveSibling(shortened(name.toString(), LONGEST_NAME_BYTES - suffix.length()) + suffix);
    }

    /**
     * The name of the file that a temporary of {@link #temporaryBeside} was to become, which is the beginning of a long one;
     * empty for any other name.
     */
    public static Optional<String> targetOf(String name) {
        Matcher temporary = TEMPORARY.matcher(name);
        return temporary.matches() ? Optional.of(temporary.group(1)) : Optional.empty();
    }

    /** Opens a file that must not exist yet; a link at its place counts as existing, so nothing is written through. */
    public static FileChannel createNew(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Creates the folders above a file where they are missing. */
    public static void createParents(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            GroupPermissions.createDirectories(parent);
        }
    }

    /** Deletes a file; a failure is only noted in {@code reason}, which is about to be thrown. */
    public static void deleteQuietly(Path file, Exception reason) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static String shortened(String name, int bytes) {
        String result = name;
        while (result.getBytes(StandardCharsets.UTF_8).length > bytes) {
            result = result.substring(0, result.offsetByCodePoints(result.length(), -1));
        }
        return result;
    }

    private static boolean hasContent(Path target, byte[] content) throws IOException {
        return Files.isRegularFile(target)
                && Files.size(target) == content.length
                && Files.isReadable(target)
                && Arrays.equals(RegularFile.bytes(target, content.length), content);
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(to, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null || !Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isRegularFile()) {
            view.setPermissions(Files.getPosixFilePermissions(from, LinkOption.NOFOLLOW_LINKS));
        }
    }
}
