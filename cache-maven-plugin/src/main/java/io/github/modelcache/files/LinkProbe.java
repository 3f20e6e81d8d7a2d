package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Whether a folder's disk has symbolic links such as caches are made of: from a folder up and into another one. It is
 * tried, because neither the platform nor the file system tells. Some can be made and not be read: sshfs refuses those
 * with {@code ..}, or shows the file in place of the link, and a disk that is mounted with {@code nosymfollow} follows none.
 */
public final class LinkProbe {

    private static final byte[] CONTENT = {'l', 'i', 'n', 'k'};

    private LinkProbe() {}

    /**
     * Makes a link, reads through it, and deletes it again.
     *
     * @param probe a name in the folder that nobody else uses; a probe that a killed run left there is deleted
     * @throws IOException if nothing at all can be created there, or the disk is full
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
                throw e; // It says nothing about links; real files in their place would have to stay.
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
