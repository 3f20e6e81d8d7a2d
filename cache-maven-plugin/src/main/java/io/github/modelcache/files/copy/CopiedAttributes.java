package io.github.modelcache.files.copy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Gives copies the times and permissions of their sources, as far as the disk keeps them. */
public final class CopiedAttributes {

    private CopiedAttributes() {}

    /** The time from before the first byte was read, so that a file which is written meanwhile differs from its copy. */
    static void keepTime(FileTime modified, Path copy) throws IOException {
        try {
            Files.getFileAttributeView(copy, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(modified, null, null);
        } catch (FileSystemException e) {
            return; // a drive on which only the user who mounted it can set times
        }
    }

    /** Gives a copy the permissions of its source, where both file systems have permissions. */
    public static void keepPermissions(Path source, Path copy) throws IOException {
        PosixFileAttributeView from =
                Files.getFileAttributeView(source, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (from != null) {
            setPermissions(from.readAttributes().permissions(), copy);
        }
    }

    static void setPermissions(Set<PosixFilePermission> permissions, Path copy) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(copy, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        try {
            view.setPermissions(permissions);
        } catch (FileSystemException e) {
            return; // network drives and FAT have their own permissions
        }
    }
}
