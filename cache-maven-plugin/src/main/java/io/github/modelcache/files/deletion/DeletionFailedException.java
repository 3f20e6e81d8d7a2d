package io.github.modelcache.files.deletion;

import io.github.modelcache.files.SecureDirectory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says which path could not be deleted, why, and what to do. */
final class DeletionFailedException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    private DeletionFailedException(Path path, String reason, FileSystemException cause) {
        super(path.toString(), null, "cannot be deleted: " + reason);
        initCause(cause);
    }

    /** A step that may fail. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** Runs a step on an entry; adds the full path and the fix to its error. */
    static <T> T named(SecureDirectory folder, Path name, Attempt<T> attempt) throws IOException {
        try {
            return attempt.run();
        } catch (NoSuchFileException | UnsafeRootException | DeletionFailedException e) {
            throw e;
        } catch (FileSystemException e) {
            throw of(folder, name, e);
        }
    }

    /** The failure of an entry; an empty name stands for the folder itself. */
    static DeletionFailedException of(SecureDirectory folder, Path name, FileSystemException cause) {
        Path path = name.toString().isEmpty() ? folder.path() : folder.path().resolve(name);
        return cause instanceof DeletionFailedException known
                ? known
                : new DeletionFailedException(path, reason(cause), cause);
    }

    private static String reason(FileSystemException error) {
        if (error instanceof AccessDeniedException) {
            return "permission denied; make the file and its folder writable, or delete it as its owner";
        }
        if (error instanceof DirectoryNotEmptyException) {
            return "a program wrote into it meanwhile; stop the programs that use the cache and try again";
        }
        return error.getReason() == null ? error.toString() : error.getReason();
    }
}
