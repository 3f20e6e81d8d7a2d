package io.github.modelcache.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The only way to open a file for reading. Rejects pipes, devices and oversized files, with which another user of a shared
 * cache could block a build.
 */
public final class RegularFile {

    /** The limit for small files: 1 MiB. */
    public static final int SMALL = 1 << 20;

    private static final int FILE_TYPE = 0170000;

    private RegularFile() {}

    /**
     * Opens a file for reading.
     *
     * @param options {@link LinkOption#NOFOLLOW_LINKS} to reject links
     * @throws java.nio.file.NoSuchFileException if it is missing
     * @throws FileSystemException if it is a folder, a pipe, a socket or a device
     */
    public static FileChannel channel(Path file, LinkOption... options) throws IOException {
        require(file, options);
        OpenOption[] open = new OpenOption[options.length + 1];
        System.arraycopy(options, 0, open, 1, options.length);
        open[0] = StandardOpenOption.READ;
        return FileChannel.open(file, open);
    }

    /** Opens a file for reading from start to end. */
    public static InputStream stream(Path file) throws IOException {
        require(file);
        return Files.newInputStream(file);
    }

    /**
     * The content of a small file.
     *
     * @throws FileSystemException if it has more than {@code most} bytes, or is no regular file
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        try (InputStream in = stream(file)) {
            byte[] content = in.readNBytes(most);
            if (content.length == most && in.read() >= 0) {
                throw new FileSystemException(
                        file.toString(), null, "it has more than " + most + " bytes, which is too long for this file");
            }
            return content;
        }
    }

    /**
     * The content of a small text file.
     *
     * @throws FileSystemException also if it is not UTF-8
     */
    public static String text(Path file, int most) throws IOException {
        byte[] content = bytes(file, most);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            FileSystemException broken = new FileSystemException(file.toString(), null, "it is not UTF-8 text");
            broken.initCause(e);
            throw broken;
        }
    }

    /** Requires a regular file, without opening it. */
    public static void require(Path file, LinkOption... options) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, options);
        if (!found.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(), null, "it is " + kind(file, found, options) + ", not a file");
        }
    }

    private static String kind(Path file, BasicFileAttributes found, LinkOption... options) {
        if (found.isDirectory()) {
            return "a folder";
        }
        return found.isSymbolicLink() ? "a link" : special(file, options);
    }

    private static String special(Path file, LinkOption... options) {
        try {
            return switch ((int) Files.getAttribute(file, "unix:mode", options) & FILE_TYPE) {
                case 0010000 -> "a named pipe";
                case 0140000 -> "a socket";
                default -> "a device";
            };
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "a pipe, a socket or a device";
        }
    }
}
