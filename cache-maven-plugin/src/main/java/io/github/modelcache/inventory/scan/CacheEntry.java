package io.github.modelcache.inventory.scan;

import io.github.modelcache.files.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file, folder or link of a cache with its attributes.
 *
 * @param stamp its size, times and inode
 * @param links the number of hard links; 1 if the platform does not tell
 * @param device the number of its file system; 0 if the platform does not tell
 * @param accessedNanos when it was last read, in nanoseconds since 1970, as far as the file system keeps it
 */
public record CacheEntry(Path path, Kind kind, FileStamp stamp, int links, long device, long accessedNanos) {

    /** The kind of an entry. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A folder. */
        DIRECTORY,
        /** A symbolic link. */
        LINK,
        /** A socket, pipe or device. */
        OTHER
    }

    private static final String UNIX_ATTRIBUTES = "unix:mode,size,lastModifiedTime,lastAccessTime,ctime,ino,dev,nlink";
    /** The kinds of files in {@code st_mode}, as POSIX systems number them. */
    private static final int TYPE = 0xf000;

    private static final int REGULAR = 0x8000;
    private static final int FOLDER = 0x4000;
    private static final int SYMBOLIC_LINK = 0xa000;

    /**
     * Reads the attributes of an entry; a link is not followed.
     *
     * @throws java.nio.file.NoSuchFileException when it does not exist
     * @throws IOException when its attributes can't be read
     */
    public static CacheEntry of(Path path) throws IOException {
        return look(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads the attributes of the file or folder that a path leads to; links are followed.
     *
     * @return with the path as it was given
     * @throws java.nio.file.NoSuchFileException when it does not exist, or a link is broken
     * @throws IOException when its attributes can't be read
     */
    public static CacheEntry target(Path path) throws IOException {
        return look(path);
    }

    private static CacheEntry look(Path path, LinkOption... options) throws IOException {
        Map<String, Object> unix;
        try {
            unix = Files.readAttributes(path, UNIX_ATTRIBUTES, options);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return portable(path, options);
        }
        return new CacheEntry(
                path,
                kind(unix.get("mode")),
                FileStamp.ofUnix(unix),
                unix.get("nlink") instanceof Integer links ? links : 1,
                unix.get("dev") instanceof Long device ? device : 0,
                unix.get("lastAccessTime") instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0);
    }

    /**
     * The same as {@link #target}, with the real path of a link's target.
     *
     * @throws java.nio.file.NoSuchFileException when it does not exist, or the link is broken
     * @throws IOException when its attributes can't be read
     */
    public static CacheEntry resolved(Path path) throws IOException {
        CacheEntry entry = of(path);
        return entry.kind() == Kind.LINK ? of(path.toRealPath()) : entry;
    }

    private static CacheEntry portable(Path path, LinkOption... options) throws IOException {
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, options);
        return new CacheEntry(
                path,
                kind(basic),
                FileStamp.of(basic),
                1,
                0,
                basic.lastAccessTime().to(TimeUnit.NANOSECONDS));
    }

    private static Kind kind(@Nullable Object mode) {
        if (!(mode instanceof Integer number)) {
            return Kind.OTHER;
        }
        return switch (number & TYPE) {
            case REGULAR -> Kind.FILE;
            case FOLDER -> Kind.DIRECTORY;
            case SYMBOLIC_LINK -> Kind.LINK;
            default -> Kind.OTHER;
        };
    }

    /** The kind that these attributes tell. */
    public static Kind kind(BasicFileAttributes basic) {
        if (basic.isRegularFile()) {
            return Kind.FILE;
        }
        if (basic.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return basic.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
    }

    /** A hash of the file's identity; equal to that of its attributes' file key. */
    public int key() {
        long inode = stamp.inode();
        return inode == 0 ? 0 : (int) (device ^ (device >>> 32)) + (int) (inode ^ (inode >>> 32));
    }

    /** Equal for all names of one content: device and inode, or the path on a platform that has no inodes. */
    public Object identity() {
        return stamp.inode() == 0 ? path : new Identity(device, stamp.inode());
    }

    private record Identity(long device, long inode) {}

    /** The size in bytes. */
    public long size() {
        return stamp.size();
    }

    /** When its content last changed. */
    public Instant modified() {
        return instant(stamp.modifiedNanos());
    }

    /** When it was last read or written, as far as the file system keeps it. */
    public Instant lastUsed() {
        return instant(lastUsedNanos());
    }

    /** The same in nanoseconds since 1970. */
    public long lastUsedNanos() {
        return Math.max(accessedNanos, stamp.modifiedNanos());
    }

    /** The time of so many nanoseconds since 1970. */
    public static Instant instant(long nanos) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Instant.ofEpochSecond(Math.floorDiv(nanos, second), Math.floorMod(nanos, second));
    }
}
