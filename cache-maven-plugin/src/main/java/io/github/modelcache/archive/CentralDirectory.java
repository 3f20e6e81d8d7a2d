package io.github.modelcache.archive;

import io.github.modelcache.files.RandomBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the list of entries at the end of a zip file, with what {@link java.util.zip.ZipFile} hides: file modes, flags
 * and positions.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT - .ZIP File Format
 *     Specification, section 4.3</a>
 */
public final class CentralDirectory {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ZIP64_LOCATOR = 0x07064b50;
    private static final int ZIP64_LOCATOR_BYTES = 20;
    private static final int ZIP64_END = 0x06064b50;
    private static final int ZIP64_END_BYTES = 56;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_BYTES = 46;
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int ZIP64_EXTRA = 1;
    private static final long MAX32 = 0xffff_ffffL;
    private static final int MAX16 = 0xffff;
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_BYTES = 32 << 20;

    private final Path file;
    private final RandomBytes source;
    private final long length;

    private CentralDirectory(Path file, RandomBytes source) throws IOException {
        this.file = file;
        this.source = source;
        this.length = source.size();
    }

    /** What the directory says of one entry. */
    public record Header(
            String name, int flags, int method, int mode, long crc, long compressedSize, long size, long offset) {}

    /** Where the directory lies; offsets in it count from {@code base}. */
    private record Location(long position, long size, long entries, long base) {}

    /**
     * Reads and checks the structure: the directory is whole, every entry's data lies before it, no two overlap.
     *
     * @throws ArchiveException if not
     */
    public static List<Header> read(Path file, RandomBytes source) throws IOException {
        CentralDirectory directory = new CentralDirectory(file, source);
        Location location = directory.locate();
        List<Header> headers = directory.headers(location);
        directory.requireSeparateData(headers, location);
        return headers;
    }

    private Location locate() throws IOException {
        int tailBytes = (int) Math.min(length, END_BYTES + LONGEST_COMMENT);
        ByteBuffer tail = bytes(length - tailBytes, tailBytes);
        for (int at = tailBytes - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + u16(tail, at + 20) == tailBytes) {
                return location(tail, at, length - tailBytes + at);
            }
        }
        throw broken("it is no zip archive, or its end is missing");
    }

    private Location location(ByteBuffer tail, int at, long position) throws IOException {
        int disk = u16(tail, at + 4);
        if ((disk != 0 && disk != MAX16) || (u16(tail, at + 6) != 0 && u16(tail, at + 6) != MAX16)) {
            throw broken("it is one part of an archive in several files");
        }
        long entries = u16(tail, at + 10);
        long size = u32(tail, at + 12);
        long offset = u32(tail, at + 16);
        if (position < ZIP64_LOCATOR_BYTES) {
            return checked(position, size, entries, offset);
        }
        ByteBuffer locator = bytes(position - ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_BYTES);
        if (locator.getInt(0) != ZIP64_LOCATOR) {
            return checked(position, size, entries, offset);
        }
        long end = locator.getLong(8);
        if (end < 0 || end > position - ZIP64_LOCATOR_BYTES - ZIP64_END_BYTES) {
            throw broken("its zip64 end record lies outside of the file");
        }
        ByteBuffer record = bytes(end, ZIP64_END_BYTES);
        if (record.getInt(0) != ZIP64_END) {
            throw broken("its zip64 end record is missing");
        }
        long records = record.getLong(32);
        boolean same = (entries == MAX16 || entries == records)
                && (size == MAX32 || size == record.getLong(40))
                && (offset == MAX32 || offset == record.getLong(48));
        if (!same) {
            throw broken("it has two lists of entries");
        }
        return checked(end, record.getLong(40), records, record.getLong(48));
    }

    private Location checked(long end, long size, long entries, long offset) throws ArchiveException {
        if (entries < 0 || entries > MOST_ENTRIES) {
            throw broken("it has more than " + MOST_ENTRIES + " entries");
        }
        if (size < 0 || size > MOST_BYTES) {
            throw broken("its list of entries is larger than " + MOST_BYTES + " bytes");
        }
        long position = end - size;
        long base = position - offset;
        if (position < 0 || offset < 0 || base < 0) {
            throw broken("its list of entries lies outside of the file");
        }
        return new Location(position, size, entries, base);
    }

    private List<Header> headers(Location location) throws IOException {
        ByteBuffer bytes = bytes(location.position(), (int) location.size());
        List<Header> headers = new ArrayList<>();
        int at = 0;
        while (at < bytes.limit()) {
            if (bytes.limit() - at < HEADER_BYTES || bytes.getInt(at) != HEADER) {
                throw broken("its list of entries is damaged after " + headers.size() + " entries");
            }
            int end = at + HEADER_BYTES + u16(bytes, at + 28) + u16(bytes, at + 30) + u16(bytes, at + 32);
            if (end > bytes.limit() || headers.size() >= MOST_ENTRIES) {
                throw broken("its list of entries is damaged after " + headers.size() + " entries");
            }
            headers.add(header(bytes, at, location.base()));
            at = end;
        }
        if (headers.size() != location.entries()) {
            throw broken("it has " + headers.size() + " entries and announces " + location.entries());
        }
        return headers;
    }

    private Header header(ByteBuffer bytes, int at, long base) throws ArchiveException {
        int nameLength = u16(bytes, at + 28);
        String name = name(bytes, at + HEADER_BYTES, nameLength);
        long compressedSize = u32(bytes, at + 20);
        long size = u32(bytes, at + 24);
        long offset = u32(bytes, at + 42);
        if (size == MAX32 || compressedSize == MAX32 || offset == MAX32) {
            ByteBuffer extra = zip64Extra(bytes, at + HEADER_BYTES + nameLength, u16(bytes, at + 30));
            size = size == MAX32 ? next(extra, size) : size;
            compressedSize = compressedSize == MAX32 ? next(extra, compressedSize) : compressedSize;
            offset = offset == MAX32 ? next(extra, offset) : offset;
        }
        if (size < 0 || compressedSize < 0 || offset < 0) {
            throw new ArchiveException(file, name, "has a negative size or position");
        }
        int mode = u16(bytes, at + 40);
        return new Header(
                name,
                u16(bytes, at + 8),
                u16(bytes, at + 10),
                mode,
                u32(bytes, at + 16),
                compressedSize,
                size,
                Math.addExact(base, offset));
    }

    private String name(ByteBuffer bytes, int at, int nameLength) throws ArchiveException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.slice(at, nameLength))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ArchiveException(file, "the name of an entry is not UTF-8", e);
        }
    }

    /** The numbers that did not fit; empty where there are none. */
    private static ByteBuffer zip64Extra(ByteBuffer bytes, int start, int extraLength) {
        int at = start;
        while (at + 4 <= start + extraLength) {
            int fieldLength = u16(bytes, at + 2);
            if (u16(bytes, at) == ZIP64_EXTRA && at + 4 + fieldLength <= start + extraLength) {
                return bytes.slice(at + 4, fieldLength).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + fieldLength;
        }
        return ByteBuffer.allocate(0);
    }

    private static long next(ByteBuffer extra, long otherwise) {
        return extra.remaining() >= Long.BYTES ? extra.getLong() : otherwise;
    }

    /** Two entries that share data are how a small file unpacks to petabytes. */
    private void requireSeparateData(List<Header> headers, Location location) throws IOException {
        List<Header> sorted = new ArrayList<>(headers);
        sorted.sort(Comparator.comparingLong(Header::offset));
        long free = location.base();
        for (Header header : sorted) {
            if (header.offset() < free) {
                throw new ArchiveException(file, header.name(), "overlaps another entry");
            }
            if (header.offset() > location.position() - LOCAL_HEADER_BYTES) {
                throw new ArchiveException(file, header.name(), "lies outside of the file; is the file truncated?");
            }
            ByteBuffer local = bytes(header.offset(), LOCAL_HEADER_BYTES);
            if (local.getInt(0) != LOCAL_HEADER) {
                throw new ArchiveException(file, header.name(), "does not start where the list of entries says");
            }
            long data = header.offset() + LOCAL_HEADER_BYTES + u16(local, 26) + u16(local, 28);
            if (data > location.position() || header.compressedSize() > location.position() - data) {
                throw new ArchiveException(
                        file, header.name(), "has more data than the file holds; is the file truncated?");
            }
            free = data + header.compressedSize();
        }
    }

    private ByteBuffer bytes(long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (source.read(buffer, position + buffer.position()) < 0) {
                throw broken("it became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private ArchiveException broken(String reason) {
        return new ArchiveException(file, reason, (Throwable) null);
    }

    private static int u16(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static long u32(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
