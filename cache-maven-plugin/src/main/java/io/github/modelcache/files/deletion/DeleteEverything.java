package io.github.modelcache.files.deletion;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Deletes all entries, counts the failures and remembers the first. */
final class DeleteEverything implements TreeDeleter.Judge {

    private @Nullable IOException first;
    private long others;
    private boolean kept;

    synchronized boolean keeps(boolean keep) {
        kept |= keep;
        return keep;
    }

    @Override
    public boolean shouldDelete(Path path, BasicFileAttributes attributes) {
        return true;
    }

    @Override
    public synchronized void failed(IOException reason) {
        if (first == null) {
            first = reason;
        } else {
            others++;
        }
    }

    /** Throws the first failure, with the number of the others. */
    synchronized void rethrow(Path directory) throws IOException {
        if (first == null) {
            return;
        }
        if (others == 0) {
            throw first;
        }
        boolean named = first instanceof FileSystemException known && known.getReason() != null;
        FileSystemException all = new FileSystemException(
                named ? ((FileSystemException) first).getFile() : directory.toString(),
                null,
                (named ? ((FileSystemException) first).getReason() : first.getMessage()) + "; and " + others
                        + " more could not be deleted" + (kept ? "" : "; the rest was deleted"));
        all.initCause(first);
        throw all;
    }
}
