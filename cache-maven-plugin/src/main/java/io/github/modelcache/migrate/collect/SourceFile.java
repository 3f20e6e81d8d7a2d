package io.github.modelcache.migrate.collect;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file at an old place, as it was when the plan was made.
 *
 * @param content the file itself, no link
 * @param digest what its content hashed to
 * @param known whether that is what its content must hash to; if not, nobody can tell whether it is right
 * @param target where it goes
 * @param list whether it says what a revision holds, and so must come after it
 * @param shareable whether two places may have one file on the disk, because no program writes into it
 */
record SourceFile(CacheEntry content, Digest digest, boolean known, Path target, boolean list, boolean shareable) {

    Path source() {
        return content.path();
    }

    long size() {
        return content.size();
    }

    /**
     * Fails when the source is not what it was; its change time does not count, as a second name changes it.
     *
     * @throws ChangedException when it changed or is gone
     */
    void requireUnchanged() throws IOException {
        if (!Files.exists(source(), LinkOption.NOFOLLOW_LINKS)) {
            throw new ChangedException(source() + " is not there any more");
        }
        requireSame(source());
    }

    /**
     * Fails when a path does not lead to the very file that was looked at.
     *
     * @throws ChangedException when it is another one, or was written to
     */
    void requireSame(Path path) throws IOException {
        FileStamp now = FileStamp.of(path);
        FileStamp then = content.stamp();
        boolean same =
                now.size() == then.size() && now.modifiedNanos() == then.modifiedNanos() && now.inode() == then.inode();
        if (!same) {
            throw new ChangedException(source() + " changed since it was looked at");
        }
    }
}
