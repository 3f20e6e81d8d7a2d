package io.github.modelcache.scan;

import io.github.modelcache.scan.Hdf5Bytes.Cursor;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/** Looks into an HDF5 file. */
final class Hdf5Scan {
    private static final String MARK = "\u0089HDF\r\n\u001a\n";
    private static final int LONGEST_START = 200;
    private static final int FIRST_OFFSET = 512;

    private final Content content;
    private final String where;
    private final Inspection inspection;

    Hdf5Scan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    /** The part from the mark on, as the library finds it: at the start, or at 512 bytes, 1024, 2048 and so on. */
    static Optional<Content> find(Content content) throws IOException {
        for (long at = 0; at < content.size(); at = Math.max(FIRST_OFFSET, at * 2)) {
            if (Format.starts(content.part(at, MARK.length()).head(MARK.length()), MARK)) {
                return Optional.of(content.part(at, content.size() - at));
            }
        }
        return Optional.empty();
    }

    void scan() throws IOException {
        byte[] start = content.head(LONGEST_START);
        Hdf5Bytes.require(start.length > 16, "its start");
        int version = start[8];
        Hdf5Bytes.require(version >= 0 && version <= 3, "its version");
        int sizes = version < 2 ? 13 : 9;
        Hdf5Bytes bytes = new Hdf5Bytes(content, start[sizes], start[sizes + 1]);
        Hdf5Objects objects = new Hdf5Objects(bytes, where, inspection);
        Cursor in = bytes.cursor(start);
        if (version < 2) {
            long base = in.skip(version == 0 ? 24 : 28).address();
            requireWhole(in.skip(bytes.addressBytes()).address() - base);
            Hdf5Bytes.require(in.address() < 0, "its part in another file");
            objects.symbol(in);
            objects.follow();
            return;
        }
        long base = in.skip(12).address();
        long extension = in.address();
        requireWhole(in.address() - base);
        objects.follow(in.address());
        if (extension >= 0) {
            objects.follow(extension);
        }
    }

    private void requireWhole(long end) throws EOFException {
        if (end > content.size()) {
            throw new EOFException("it has " + content.size() + " of " + end + " bytes");
        }
    }
}
