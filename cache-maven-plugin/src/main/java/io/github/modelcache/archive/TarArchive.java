package io.github.modelcache.archive;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A compressed tar file. It has no list of its entries, so it is unpacked into a scratch folder as a whole, under numbers
 * for names, before the first file is taken.
 *
 * <p>Refused as a whole: what {@link EntryNames} refuses, links, devices, sparse files and other special entries, wrong
 * checksums, more than 100,000 entries, archives that grow to more than 200 times their size and 64 MiB, truncated files.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">The ustar and pax formats</a>
 */
final class TarArchive implements Archive {

    private static final int MOST_ENTRIES = 100_000;
    private static final int LONGEST_NAME = 64 * 1024;
    private static final long UNSUSPICIOUS_BYTES = 64L << 20;
    private static final long HIGHEST_RATIO = 200;

    /** How the tar file is compressed. */
    enum Compression {
        GZIP,
        BZIP2
    }

    private record Unpacked(Path file, Digest digest) {}

    private final Path archive;
    private final Path scratch;
    private final Map<ZipArchive.Entry, Unpacked> files = new LinkedHashMap<>();
    private long total;

    private TarArchive(Path archive, Path scratch) {
        this.archive = archive;
        this.scratch = scratch;
    }

    static TarArchive open(Path file, Path folder, Compression compression) throws IOException {
        Files.createDirectories(folder);
        TarArchive archive = new TarArchive(file, Files.createTempDirectory(folder, "tar-"));
        try (InputStream raw = RegularFile.stream(file);
                InputStream tar = new BufferedInputStream(
                        compression == Compression.GZIP ? new GZIPInputStream(raw) : new Bzip2Stream(raw))) {
            archive.unpack(tar);
            return archive;
        } catch (EOFException | ZipException e) {
            archive.close();
            throw new ArchiveException(file, "it is damaged (" + e.getMessage() + ")", e);
        } catch (IOException | RuntimeException e) {
            archive.close();
            throw e;
        }
    }

    private void unpack(InputStream tar) throws IOException {
        EntryNames names = new EntryNames(archive);
        Map<String, String> next = new HashMap<>();
        int entries = 0;
        for (TarHeader header = header(tar); !header.isEnd(); header = header(tar)) {
            if (++entries > MOST_ENTRIES) {
                throw damaged("it has more than " + MOST_ENTRIES + " entries");
            }
            if (!header.isValid()) {
                throw damaged("it is not a tar file, or it is damaged");
            }
            long size = size(header, next);
            char type = header.type();
            switch (type) {
                case 'x' -> pax(text(tar, size), next);
                case 'g' -> text(tar, size);
                case 'L' -> next.put("path", new String(text(tar, size), StandardCharsets.UTF_8).replace("\0", ""));
                case '5', '0', '7', '\0' -> {
                    String name = next.getOrDefault("path", header.name());
                    boolean folder = type == '5' || name.endsWith("/");
                    if (!(folder && (name.equals("./") || name.equals(".")))) {
                        names.add(folder && !name.endsWith("/") ? name + "/" : name);
                    }
                    if (folder) {
                        skip(tar, size);
                    } else {
                        store(tar, name, size);
                    }
                    next.clear();
                }
                case '1', '2' -> throw new ArchiveException(archive, header.name(), "is a link");
                default -> throw new ArchiveException(archive, header.name(), "is neither a file nor a folder");
            }
        }
        names.requireNoFileIsAFolder();
        byte[] rest = new byte[TarHeader.BLOCK]; // the checksum of the compressed stream comes at its end
        for (int read = tar.read(rest); read >= 0; read = tar.read(rest)) {
            grow(read);
        }
    }

    private void store(InputStream tar, String name, long size) throws IOException {
        Path file = scratch.resolve(String.valueOf(files.size()));
        MessageDigest digest = DigestAlgorithm.SHA256.start(size);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[128 * 1024];
            for (long left = size; left > 0; ) {
                int read = tar.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                if (read == 0) {
                    throw new EOFException("it ends within " + name);
                }
                grow(read);
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        pad(tar, size);
        files.put(
                new ZipArchive.Entry(name, size, files.size()),
                new Unpacked(
                        file, new Digest(DigestAlgorithm.SHA256, HexFormat.of().formatHex(digest.digest()))));
    }

    private void grow(int bytes) throws IOException {
        total += bytes;
        if (total > UNSUSPICIOUS_BYTES && total / HIGHEST_RATIO >= Files.size(archive)) {
            throw damaged("it grows to more than " + HIGHEST_RATIO + " times its size, which no model does");
        }
    }

    private byte[] text(InputStream tar, long size) throws IOException {
        if (size > LONGEST_NAME) {
            throw damaged("it has an entry with a name of " + size + " bytes");
        }
        byte[] text = tar.readNBytes((int) size);
        if (text.length < size) {
            throw new EOFException("it ends within a header");
        }
        pad(tar, size);
        return text;
    }

    /** Records of the form {@code length key=value\n}; the length counts itself. */
    private void pax(byte[] records, Map<String, String> next) throws ArchiveException {
        String text = new String(records, StandardCharsets.ISO_8859_1);
        int start = 0;
        while (start < text.length()) {
            int space = text.indexOf(' ', start);
            long length = space < 0 ? 0 : number(text.substring(start, space));
            if (space < 0 || length <= space - start + 1 || length > text.length() - start) {
                throw damaged("it has a broken extended header");
            }
            int end = start + (int) length;
            String record = text.substring(space + 1, end - 1);
            int equals = record.indexOf('=');
            String key = equals < 0 ? record : record.substring(0, equals);
            if (key.startsWith("GNU.sparse")) {
                throw damaged("it has a sparse file");
            }
            byte[] value = record.substring(equals + 1).getBytes(StandardCharsets.ISO_8859_1);
            next.put(key, new String(value, StandardCharsets.UTF_8));
            start = end;
        }
    }

    private long size(TarHeader header, Map<String, String> next) throws ArchiveException {
        String given = next.remove("size");
        long size = given == null ? header.size() : number(given);
        if (size < 0) {
            throw damaged("it has an invalid size");
        }
        return size;
    }

    private long number(String digits) throws ArchiveException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new ArchiveException(archive, "it has an invalid number", e);
        }
    }

    private ArchiveException damaged(String reason) {
        return new ArchiveException(archive, reason, (Throwable) null);
    }

    private static TarHeader header(InputStream tar) throws IOException {
        return new TarHeader(block(tar));
    }

    private static byte[] block(InputStream tar) throws IOException {
        byte[] block = tar.readNBytes(TarHeader.BLOCK);
        if (block.length < TarHeader.BLOCK) {
            throw new EOFException("it ends before its end is marked");
        }
        return block;
    }

    private void skip(InputStream tar, long size) throws IOException {
        for (long left = size; left > 0; left -= TarHeader.BLOCK) {
            grow(block(tar).length);
        }
    }

    private static void pad(InputStream tar, long size) throws IOException {
        int padding = (int) (-size & (TarHeader.BLOCK - 1));
        if (tar.readNBytes(padding).length < padding) {
            throw new EOFException("it ends within an entry");
        }
    }

    @Override
    public List<ZipArchive.Entry> entries() {
        return List.copyOf(files.keySet());
    }

    @Override
    public Digest digest(ZipArchive.Entry entry) throws IOException {
        return unpacked(entry).digest();
    }

    @Override
    public Digest extract(ZipArchive.Entry entry, Path target) throws IOException {
        AtomicFiles.createParents(target);
        AtomicFiles.publish(unpacked(entry).file(), target);
        return unpacked(entry).digest();
    }

    private Unpacked unpacked(ZipArchive.Entry entry) throws NoSuchFileException {
        Unpacked unpacked = files.get(entry);
        if (unpacked == null) {
            throw new NoSuchFileException(entry.name());
        }
        return unpacked;
    }

    /** Deletes the scratch folder, whose files have numbers for names. */
    @Override
    public void close() throws IOException {
        for (int i = 0; i <= files.size() || Files.exists(scratch.resolve(String.valueOf(i))); i++) {
            Files.deleteIfExists(scratch.resolve(String.valueOf(i)));
        }
        Files.deleteIfExists(scratch);
    }
}
