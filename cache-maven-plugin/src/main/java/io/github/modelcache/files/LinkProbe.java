package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Tests whether a disk supports symbolic links with {@code ..}. Some disks create links that cannot be read, such as sshfs
 * and disks mounted with {@code nosymfollow}.
 */
public final class LinkProbe {

    private static final byte[] CONTENT = {'l', 'i', 'n', 'k'};

    private LinkProbe() {}

    /**
     * Creates a link, reads it, and deletes it.
     *
     * @param probe an unused name in the folder; the probe of a killed run is deleted
     * @throws IOException if no file can be created, or the disk is full
     */
    public static boolean works(Path probe) throws IOException {
        Path content = probe.resolve("content");
        Path link = probe.resolve("link");
        delete(probe);
        try {
            GroupPermissions.createDirectories(probe);
            Files.write(content, CONTENT);
            return isFollowed(link, Path.of("..").resolve(probe.getFileName()).resolve(content.getFileName()));
        } finally {
            delete(probe);
        }
    }

    private static boolean isFollowed(Path link, Path text) throws IOException {
        try {
            Files.createSymbolicLink(link, text);
            return Files.isSymbolicLink(link)
                    && Files.readSymbolicLink(link).equals(text)
                    && Arrays.equals(RegularFile.bytes(link, CONTENT.length), CONTENT);
        } catch (IOException e) {
            if (DiskSpace.isFull(e, link)) {
                throw e; // says nothing about links
            }
            return false;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private static void delete(Path probe) throws IOException {
        if (Files.isDirectory(probe, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(probe.resolve("link"));
            Files.deleteIfExists(probe.resolve("content"));
        }
        Files.deleteIfExists(probe);
    }
}
