package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an unchanged file without reading it.
 *
 * @param size in bytes
 * @param modifiedNanos {@code mtime} in nanoseconds since 1970-01-01T00:00Z
 * @param changedNanos {@code ctime} in nanoseconds, or 0 if the platform has none
 * @param inode or 0 if the platform has none
 */
public record FileStamp(long size, long modifiedNanos, long changedNanos, long inode) {
    private static final String UNIX_ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino";

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileStamp that
                && size == that.size
                && modifiedNanos == that.modifiedNanos
                && changedNanos == that.changedNanos
                && inode == that.inode;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(((size * 31 + modifiedNanos) * 31 + changedNanos) * 31 + inode);
    }

    /** The stamp of a file; of a symbolic link itself, not of its target. */
    public static FileStamp of(Path file) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(file, UNIX_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            // A platform or a file system without the unix view.
            return of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }
        return ofUnix(attributes);
    }

    /** A stamp without {@code ctime} and inode, which equals only stamps of the same kind. */
    public static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(attributes.size(), nanos(attributes.lastModifiedTime()), 0, 0);
    }

    /** The stamp from {@code size}, {@code lastModifiedTime}, {@code ctime} and {@code ino} of the unix view. */
    public static FileStamp ofUnix(Map<String, ?> attributes) {
        return new FileStamp(
                number(attributes, "size"),
                time(attributes, "lastModifiedTime"),
                time(attributes, "ctime"),
                number(attributes, "ino"));
    }

    private static long number(Map<String, ?> attributes, String name) {
        if (attributes.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("the attribute " + name + " is missing");
    }

    private static long time(Map<String, ?> attributes, String name) {
        if (attributes.get(name) instanceof FileTime time) {
            return nanos(time);
        }
        throw new IllegalArgumentException("the attribute " + name + " is missing");
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }
}
