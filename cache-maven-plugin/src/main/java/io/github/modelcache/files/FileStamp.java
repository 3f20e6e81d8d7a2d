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
 * What tells a file that has not been touched since it was last looked at, without reading it.
 *
 * @param size in bytes
 * @param modifiedNanos when the content last changed, in nanoseconds since 1970-01-01T00:00Z, as precise as the file
 *     system keeps it
 * @param changedNanos when content or attributes last changed ({@code ctime}, which no program can set back), or 0
 *     where the platform has no such time
 * @param inode the file's number on its file system, or 0 where the platform has none
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

    /**
     * The stamp of a file as it is now; of a symbolic link itself, not of its target.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if its attributes cannot be read
     */
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

    /**
     * The stamp from attributes that a walk has read anyway; without {@code ctime} and inode, so it equals only stamps
     * made the same way.
     */
    public static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(attributes.size(), nanos(attributes.lastModifiedTime()), 0, 0);
    }

    /**
     * The stamp from attributes read with the unix view.
     *
     * @param attributes holds at least {@code size}, {@code lastModifiedTime}, {@code ctime} and {@code ino}
     * @throws IllegalArgumentException if one is missing
     */
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
