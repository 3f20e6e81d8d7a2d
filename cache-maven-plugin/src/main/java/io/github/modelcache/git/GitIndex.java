package io.github.modelcache.git;

import io.github.modelcache.files.RegularFile;
import io.github.modelcache.units.TextSanitizer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the tracked files from a git index of version 2 to 4, split and sparse ones included. Does not run git, because a
 * repository's config can make git run programs.
 *
 * @see <a href="https://git-scm.com/docs/index-format">Git index format</a>
 */
final class GitIndex {

    /** A million files have some 100 MB. */
    private static final long LONGEST = 1L << 32;

    private static final int TIMES_TO_SIZE = 40;
    private static final int EXTENDED = 0x4000;
    private static final int PADDED_TO = 8;
    private static final int LONGEST_NAME = 1 << 16;
    private static final int LAST_BYTE_OF_OPTIONAL = 'Z';

    private final int hashBytes;
    private final Counted counted;
    private final DataInputStream in;
    private final long end;

    private GitIndex(int hashBytes, InputStream content, long length) {
        this.hashBytes = hashBytes;
        this.counted = new Counted(new BufferedInputStream(content, 1 << 16));
        this.in = new DataInputStream(counted);
        this.end = length - hashBytes;
    }

    /**
     * Passes on the names in an index, with {@code /} between segments. A collapsed folder of a sparse index ends in
     * {@code /}.
     *
     * @param hashBytes the length of object names: 20, or 32 for SHA-256
     * @throws IOException if it is not a valid index
     */
    static void read(Path file, int hashBytes, Consumer<String> names) throws IOException {
        Optional<Base> base = read(file, hashBytes, new BitSet(), names);
        if (base.isPresent()) {
            Path shared = file.resolveSibling("sharedindex." + base.get().name());
            if (read(shared, hashBytes, base.get().deleted(), names).isPresent()) {
                throw new IOException(shared + " is a part of a split index and names another part");
            }
        }
    }

    /** The shared part of a split index, and its deleted entries. */
    private record Base(String name, BitSet deleted) {}

    private static Optional<Base> read(Path file, int hashBytes, BitSet without, Consumer<String> names)
            throws IOException {
        RegularFile.require(file);
        long length = Files.size(file);
        try (InputStream content = RegularFile.stream(file)) {
            if (length > LONGEST) {
                throw new IOException("it has " + length + " bytes");
            }
            return new GitIndex(hashBytes, content, length).read(without, names);
        } catch (EOFException e) {
            throw new IOException(file + " can't be read as an index of git: it ends too early", e);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + " can't be read as an index of git: " + e.getMessage(), e);
        }
    }

    private Optional<Base> read(BitSet without, Consumer<String> names) throws IOException {
        if (in.readInt() != 0x44495243) { // DIRC
            throw new IOException("it does not start with DIRC");
        }
        int version = in.readInt();
        if (version < 2 || version > 4) {
            throw new IOException("its version " + version + " is not known");
        }
        int entries = in.readInt();
        entries(version, Integer.toUnsignedLong(entries), without, names);
        Optional<Base> base = Optional.empty();
        while (counted.position + PADDED_TO <= end) {
            byte[] signature = in.readNBytes(4);
            long size = Integer.toUnsignedLong(in.readInt());
            String extension = new String(signature, StandardCharsets.ISO_8859_1);
            if (extension.equals("link")) {
                base = base(size);
            } else if (signature[0] <= LAST_BYTE_OF_OPTIONAL || extension.equals("sdir")) {
                in.skipNBytes(size);
            } else {
                throw new IOException("its extension '" + TextSanitizer.text(extension) + "' is not known");
            }
        }
        return base;
    }

    private void entries(int version, long entries, BitSet without, Consumer<String> names) throws IOException {
        byte[] name = new byte[0];
        byte[] shown = name;
        for (long i = 0; i < entries; i++) {
            long start = counted.position;
            in.skipNBytes(TIMES_TO_SIZE + hashBytes);
            boolean extended = (in.readUnsignedShort() & EXTENDED) != 0;
            in.skipNBytes(extended ? 2 : 0);
            name = version == 4 ? compressed(name) : text(new byte[0], 0);
            if (version != 4) {
                long read = counted.position - start; // with the zero that ends the name
                in.skipNBytes((PADDED_TO - read % PADDED_TO) % PADDED_TO);
            }
            // An entry that takes the place of one in the shared part has no name. Conflicts have a name up to three
            // times.
            boolean counts = name.length > 0 && !without.get((int) i) && !Arrays.equals(name, shown);
            if (counts) {
                shown = name;
                names.accept(new String(name, StandardCharsets.UTF_8));
            }
        }
    }

    private byte[] compressed(byte[] before) throws IOException {
        int b = in.readUnsignedByte();
        long cut = b & 0x7f;
        while ((b & 0x80) != 0) {
            b = in.readUnsignedByte();
            cut = ((cut + 1) << 7) | (b & 0x7f);
            if (cut > LONGEST_NAME) {
                break;
            }
        }
        if (cut > before.length) {
            throw new IOException("a name is shortened by more than it has");
        }
        return text(before, before.length - (int) cut);
    }

    /** A name that starts with the prefix of another name. */
    private byte[] text(byte[] beginning, int length) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(64);
        text.write(beginning, 0, length);
        for (int b = in.readUnsignedByte(); b != 0; b = in.readUnsignedByte()) {
            text.write(b);
            if (text.size() > LONGEST_NAME) {
                throw new IOException("a name has more than " + LONGEST_NAME + " bytes");
            }
        }
        return text.toByteArray();
    }

    private Optional<Base> base(long size) throws IOException {
        if (size < hashBytes || size > RegularFile.SMALL * 64L) {
            throw new IOException("the reference to its shared part has " + size + " bytes");
        }
        ByteBuffer content = ByteBuffer.wrap(in.readNBytes((int) size));
        byte[] hash = new byte[hashBytes];
        content.get(hash);
        String name = HexFormat.of().formatHex(hash);
        if (name.chars().allMatch(c -> c == '0')) {
            return Optional.empty();
        }
        return Optional.of(new Base(name, content.hasRemaining() ? bitmap(content) : new BitSet()));
    }

    /**
     * Reads a compressed bitmap.
     *
     * @see <a href="https://github.com/git/git/blob/master/Documentation/technical/bitmap-format.txt">EWAH bitmaps</a>
     */
    private static BitSet bitmap(ByteBuffer content) throws IOException {
        long bits = Integer.toUnsignedLong(content.getInt());
        int words = content.getInt();
        if (words < 0 || words > content.remaining() / Long.BYTES || bits > Integer.MAX_VALUE) {
            throw new IOException("the list of deleted entries is damaged");
        }
        BitSet set = new BitSet();
        long position = 0;
        for (int i = 0; i < words; i++) {
            long marker = content.getLong();
            long run = ((marker >>> 1) & 0xffffffffL) * Long.SIZE;
            if ((marker & 1) != 0) {
                set.set((int) Math.min(bits, position), (int) Math.min(bits, position + run));
            }
            position += run;
            for (long literals = marker >>> 33; literals > 0 && i + 1 < words; literals--, i++) {
                long word = content.getLong();
                for (int bit = 0; bit < Long.SIZE; bit++) {
                    if (((word >>> bit) & 1) != 0 && position + bit < bits) {
                        set.set((int) (position + bit));
                    }
                }
                position += Long.SIZE;
            }
        }
        return set;
    }

    /** Counts the read bytes. */
    private static final class Counted extends FilterInputStream {
        private long position;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            position += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = super.skip(bytes);
            position += skipped;
            return skipped;
        }
    }
}
