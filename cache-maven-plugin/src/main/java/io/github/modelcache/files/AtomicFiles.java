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
 * Writes files atomically: into a temporary file beside the target, then by a rename. A symbolic link at the target is
 * replaced, never written through. New files get the permissions that the umask allows, see {@link GroupPermissions}.
 */
public final class AtomicFiles {
    private static final int LONGEST_NAME_BYTES = 255;
    private static final Pattern TEMPORARY = Pattern.compile("(.+)\\.[0-9a-f]{8}\\.tmp", Pattern.DOTALL);

    private AtomicFiles() {}

    /**
     * Writes a file, and creates missing parent folders. An existing file keeps its permissions.
     *
     * @return whether the content changed
     * @throws IOException if it cannot be written; the target is then unchanged
     */
    public static boolean write(Path target, byte[] content) throws IOException {
        return write(target, content, true);
    }

    /**
     * Writes a file that the next run makes anew if a power failure damages it, such as a report. It is not flushed to the
     * disk, which takes some 10 ms.
     *
     * @return whether the content changed
     * @throws IOException if it cannot be written; the target is then unchanged
     */
    public static boolean writeUnflushed(Path target, byte[] content) throws IOException {
        return write(target, content, false);
    }

    private static boolean write(Path target, byte[] content, boolean flushed) throws IOException {
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
                if (flushed) {
                    channel.force(true);
                }
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
     * Renames {@code temporary} to {@code target} on the same file system, and creates missing parent folders. Does not
     * flush the bytes to the disk, which would be slow for thousands of files; a model can be fetched again.
     *
     * @throws IOException if it cannot be renamed; the target is then unchanged and {@code temporary} is deleted
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
     * A new name in the target's folder: {@code <target>.<8 hexadecimal digits>.tmp}, shortened to 255 bytes. Creates no
     * file.
     */
    public static Path temporaryBeside(Path target) {
        return temporaryBeside(target, ThreadLocalRandom.current().nextInt());
    }

    static Path temporaryBeside(Path target, int digits) {
        Path name = target.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("'" + target + "' is not the path of a file");
        }
        String suffix = "." + HexFormat.of().toHexDigits(digits) + ".tmp";
        return target.resolveSibling(shortened(name.toString(), LONGEST_NAME_BYTES - suffix.length()) + suffix);
    }

    /** The target's name, which may be shortened, of a name from {@link #temporaryBeside}; empty for other names. */
    public static Optional<String> targetOf(String name) {
        Matcher temporary = TEMPORARY.matcher(name);
        return temporary.matches() ? Optional.of(temporary.group(1)) : Optional.empty();
    }

    /** Creates and opens a file that must not exist, not even as a link. */
    public static FileChannel createNew(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Creates the missing parent folders of a file. */
    public static void createParents(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            GroupPermissions.createDirectories(parent);
        }
    }

    /** Deletes a file; adds a failure to {@code reason} as suppressed. */
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
