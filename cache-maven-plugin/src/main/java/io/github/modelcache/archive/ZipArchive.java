package io.github.modelcache.archive;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RandomBytes;
import io.github.modelcache.files.RegularFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip or jar file whose every entry was checked before the first one is unpacked.
 *
 * <p>Refused as a whole, unless {@linkplain #openWithLinksAsText asked otherwise} for links: names that lead out of a folder (absolute ones, drive letters, {@code ..} with either slash),
 * control characters in names, segments longer than 255 bytes, names that are there twice or differ only in case,
 * symbolic links and other special files, encrypted entries, compression other than deflate, entries that overlap or lie
 * outside of the file, entries of more than 64 MiB that shrank to less than a 200th, more than 100,000 entries,
 * truncated files. Zip64 works.
 *
 * <p>Names are decoded as UTF-8.
 */
public final class ZipArchive implements Archive {
    private static final int ENCRYPTED_FLAGS = 1 | 1 << 6 | 1 << 13;
    private static final int FILE_TYPE = 0170000;
    private static final int SYMBOLIC_LINK = 0120000;
    /** Pipes, devices and sockets. Other numbers mean nothing; maven-jar-plugin 2.4 gave folders the mode 177777. */
    private static final Set<Integer> SPECIAL = Set.of(0010000, 0020000, 0060000, 0140000);

    private static final long UNSUSPICIOUS_BYTES = 64L << 20;
    private static final long HIGHEST_RATIO = 200;
    private static final int BUFFER_BYTES = 128 * 1024;

    private final Path file;
    private final ZipFile zip;
    private final List<Entry> entries;

    private ZipArchive(Path file, ZipFile zip, List<Entry> entries) {
        this.file = file;
        this.zip = zip;
        this.entries = entries;
    }

    /**
     * A file in the archive.
     *
     * @param name its path, as the archive spells it
     * @param size in bytes, unpacked
     * @param crc the CRC-32 of its content
     */
    public record Entry(String name, long size, long crc) {}

    /**
     * Opens and checks an archive.
     *
     * @throws ArchiveException if it is broken or anything in it is unsafe
     * @throws IOException if it cannot be read
     */
    public static ZipArchive open(Path file) throws IOException {
        return open(file, false);
    }

    /**
     * Opens and checks an archive in which a symbolic link is a file that holds its target as text, as programs see it
     * that know no links. Nothing is ever unpacked as a link.
     *
     * @throws ArchiveException if it is broken or anything else in it is unsafe
     * @throws IOException if it cannot be read
     */
    public static ZipArchive openWithLinksAsText(Path file) throws IOException {
        return open(file, true);
    }

    private static ZipArchive open(Path file, boolean linksAsText) throws IOException {
        List<Entry> entries;
        try (FileChannel channel = RegularFile.channel(file)) {
            entries = checked(file, CentralDirectory.read(file, RandomBytes.of(channel)), linksAsText);
        } catch (ArithmeticException e) {
            throw new ArchiveException(file, "it has a position that is out of range", e);
        }
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException | IllegalArgumentException e) {
            throw new ArchiveException(file, "it is damaged (" + e.getMessage() + ")", e);
        }
        return new ZipArchive(file, zip, entries);
    }

    /** The text that the archive's maker left at its end; empty if there is none, or it is not UTF-8. */
    public String comment() {
        try {
            String comment = zip.getComment();
            return comment == null ? "" : comment;
        } catch (IllegalArgumentException e) {
            return ""; // not UTF-8
        }
    }

    @Override
    public List<Entry> entries() {
        return entries;
    }

    @Override
    public Digest extract(Entry entry, Path target) throws IOException {
        AtomicFiles.createParents(target);
        Path temporary = AtomicFiles.temporaryBeside(target);
        Digest digest;
        try (InputStream in = content(entry);
                FileChannel channel = AtomicFiles.createNew(temporary)) {
            digest = copy(entry, in, channel);
        } catch (ZipException | EOFException e) {
            AtomicFiles.deleteQuietly(temporary, e);
            throw damaged(entry, e);
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteQuietly(temporary, e);
            throw e;
        }
        AtomicFiles.publish(temporary, target);
        return digest;
    }

    @Override
    public Digest digest(Entry entry) throws IOException {
        try (InputStream in = content(entry);
                WritableByteChannel nowhere = Channels.newChannel(OutputStream.nullOutputStream())) {
            return copy(entry, in, nowhere);
        } catch (ZipException | EOFException e) {
            throw damaged(entry, e);
        }
    }

    private ArchiveException damaged(Entry entry, IOException cause) {
        return new ArchiveException(
                file, "the entry '" + entry.name() + "' is damaged (" + cause.getMessage() + ")", cause);
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        zip.close();
    }

    private InputStream content(Entry entry) throws IOException {
        ZipEntry found = zip.getEntry(entry.name());
        InputStream in = found == null ? null : zip.getInputStream(found);
        if (in == null) {
            throw new ArchiveException(file, entry.name(), "cannot be found; its list of entries is ambiguous");
        }
        return in;
    }

    private Digest copy(Entry entry, InputStream in, WritableByteChannel out) throws IOException {
        MessageDigest digest = DigestAlgorithm.SHA256.start(entry.size());
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            total += read;
            if (total > entry.size()) {
                throw new ArchiveException(
                        file, entry.name(), "unpacks to more than the " + entry.size() + " bytes it announces");
            }
            digest.update(buffer, 0, read);
            crc.update(buffer, 0, read);
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
        if (total != entry.size() || crc.getValue() != entry.crc()) {
            throw new ArchiveException(
                    file,
                    entry.name(),
                    "is damaged: " + total + " bytes with CRC " + Long.toHexString(crc.getValue()) + ", announced are "
                            + entry.size() + " bytes with CRC " + Long.toHexString(entry.crc()));
        }
        return Digest.of(DigestAlgorithm.SHA256, digest.digest());
    }

    private static List<Entry> checked(Path file, List<CentralDirectory.Header> headers, boolean linksAsText)
            throws ArchiveException {
        EntryNames names = new EntryNames(file);
        List<Entry> entries = new ArrayList<>();
        for (CentralDirectory.Header header : headers) {
            requireSafe(file, header, linksAsText);
            names.add(header.name());
            if (!header.name().endsWith("/") && !header.name().endsWith("\\")) {
                entries.add(new Entry(header.name(), header.size(), header.crc()));
            }
        }
        names.requireNoFileIsAFolder();
        return List.copyOf(entries);
    }

    private static void requireSafe(Path file, CentralDirectory.Header header, boolean linksAsText)
            throws ArchiveException {
        int type = header.mode() & FILE_TYPE;
        boolean link = type == SYMBOLIC_LINK;
        if (link && !linksAsText) {
            throw new ArchiveException(file, header.name(), "is a symbolic link");
        }
        if (SPECIAL.contains(type)) {
            throw new ArchiveException(file, header.name(), "is neither a file nor a folder");
        }
        if ((header.flags() & ENCRYPTED_FLAGS) != 0) {
            throw new ArchiveException(file, header.name(), "is encrypted");
        }
        if (header.method() != ZipEntry.STORED && header.method() != ZipEntry.DEFLATED) {
            throw new ArchiveException(
                    file, header.name(), "is compressed by method " + header.method() + "; only 0 and 8 can be read");
        }
        if (header.method() == ZipEntry.STORED && header.size() != header.compressedSize()) {
            throw new ArchiveException(file, header.name(), "is not compressed but has two sizes");
        }
        // Divided, not multiplied: the sizes come from the archive and may be near the largest number.
        if (header.size() > UNSUSPICIOUS_BYTES && header.size() / HIGHEST_RATIO >= header.compressedSize()) {
            throw new ArchiveException(
                    file,
                    header.name(),
                    "would grow from " + header.compressedSize() + " to " + header.size()
                            + " bytes, which no model does");
        }
    }
}
