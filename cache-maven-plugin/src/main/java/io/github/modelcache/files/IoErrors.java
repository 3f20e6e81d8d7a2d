package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Explains failures of the disk, for which the JDK only names the file. */
public final class IoErrors {

    private IoErrors() {}

    /**
     * The message for users.
     *
     * @param place a folder on the disk that was written to
     */
    public static String message(IOException problem, Path place) {
        if (DiskSpace.isFull(problem, place)) {
            return "The disk is full: " + problem.getMessage()
                    + ". Free space (mvn cache:clean -Dcache.dryRun shows what it would free), or point cache.base_dir"
                    + " at a larger disk";
        }
        if (problem instanceof AccessDeniedException denied) {
            return PermissionErrors.message(String.valueOf(denied.getFile()));
        }
        if (problem instanceof NoSuchFileException missing) {
            return missing.getFile() + " no longer exists; run the goal again";
        }
        if (problem instanceof FileAlreadyExistsException there) {
            return inTheWay(there.getFile());
        }
        if (problem instanceof NotDirectoryException file) {
            return file.getFile() + " is a file, but a folder is needed there; move it away";
        }
        if (problem instanceof FileSystemException failed && failed.getReason() != null) {
            if (String.valueOf(failed.getReason()).contains("Operation not permitted")) {
                return PermissionErrors.message(String.valueOf(failed.getFile()));
            }
            return readOnly(failed)
                    ? failed.getFile() + " lies on a read-only file system. Make it writable, or choose another folder"
                            + " with -Dcache.baseDir"
                    : failed.getFile() + ": " + failed.getReason();
        }
        if (problem instanceof DirectoryNotEmptyException full) {
            return full.getFile() + " is a folder that is not empty; move it away";
        }
        if (problem instanceof FileSystemException failed) {
            return failed.getFile() + " can't be used, and the system does not say why ("
                    + failed.getClass().getSimpleName() + "). Check its disk and its permissions";
        }
        String message = problem.getMessage();
        return message == null ? problem.toString() : message;
    }

    private static String inTheWay(String path) {
        return Files.isSymbolicLink(Path.of(path))
                ? path + " is a broken link; mount the disk it leads to, or remove the link"
                : path + " is a file, but a folder is needed there; move it away";
    }

    private static boolean readOnly(FileSystemException problem) {
        return String.valueOf(problem.getReason()).contains("Read-only file system");
    }
}
