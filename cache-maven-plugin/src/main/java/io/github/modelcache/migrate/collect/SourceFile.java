package io.github.modelcache.migrate.collect;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file in an old folder, as it was when the plan was made.
 *
 * @param content the file itself, not a link to it
 * @param digest the digest of its content
 * @param known whether this is the expected digest; if not, the file can't be checked
 * @param target its path in the project's cache
 * @param list whether it is the file list of a revision, which is imported after the files
 * @param shareable whether it may be hard-linked, because no program writes into it
 */
record SourceFile(CacheEntry content, Digest digest, boolean known, Path target, boolean list, boolean shareable) {

    Path source() {
        return content.path();
    }

    long size() {
        return content.size();
    }

    /**
     * Requires that the file has not changed. Its change time does not count, because a hard link changes it.
     *
     * @throws ChangedException when it changed or is gone
     */
    void requireUnchanged() throws IOException {
        if (!Files.exists(source(), LinkOption.NOFOLLOW_LINKS)) {
            throw new ChangedException(source() + " is missing");
        }
        requireSame(source());
    }

    /**
     * Requires that a path leads to this file, unchanged.
     *
     * @throws ChangedException when it does not
     */
    void requireSame(Path path) throws IOException {
        FileStamp now = FileStamp.of(path);
        FileStamp then = content.stamp();
        boolean same =
                now.size() == then.size() && now.modifiedNanos() == then.modifiedNanos() && now.inode() == then.inode();
        if (!same) {
            throw new ChangedException(source() + " changed meanwhile");
        }
    }
}
