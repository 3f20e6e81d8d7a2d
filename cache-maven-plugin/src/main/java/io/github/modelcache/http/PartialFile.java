package io.github.modelcache.http;

import io.github.modelcache.digest.BufferPool;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.HashingSink;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.HardLinks;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that is not complete yet, the digest of its first bytes, and the sidecar {@code <file>.etag} that tells which
 * version of which URL it is a part of and, where segments arrived out of order, which bytes are there.
 */
final class PartialFile implements Closeable {
    private final Path file;
    private final Path sidecar;
    private final FileChannel channel;
    private final boolean created;
    private final ExpectedContent expected;
    private final DigestAlgorithm algorithm;
    private MessageDigest digest;
    private long size;
    private List<Segments.Range> islands = List.of();

    private PartialFile(Path file, FileChannel channel, boolean created, ExpectedContent expected) {
        this.file = file;
        this.sidecar = sidecar(file);
        this.channel = channel;
        this.created = created;
        this.expected = expected;
        this.algorithm = algorithm(expected);
        this.digest = start();
    }

    /**
     * Opens or creates it. A link in its place, or one name of several of a file, is removed: nothing is written that
     * somebody else reads under another name.
     *
     * @param expected its digest decides which one is computed while bytes arrive
     */
    static PartialFile open(Path file, ExpectedContent expected) throws IOException {
        AtomicFiles.createParents(file);
        try {
            return new PartialFile(file, open(file, StandardOpenOption.CREATE_NEW), true, expected);
        } catch (FileAlreadyExistsException e) {
            if (Files.isSymbolicLink(file) || (isRegular(file) && HardLinks.names(file) > 1)) {
                Files.delete(file);
            } else if (!isRegular(file)) {
                throw new IOException(file + " is no regular file, so nothing is downloaded into it; move it away");
            }
            PartialFile partial = new PartialFile(file, open(file, StandardOpenOption.CREATE), false, expected);
            touch(file);
            touch(sidecar(file));
            return partial;
        }
    }

    private static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes it look as young as a file that is written to. To hash what is there may take minutes before the first byte
     * arrives, and who cleans up meanwhile takes an old one for abandoned.
     */
    private static void touch(Path file) {
        try {
            Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(FileTime.from(Instant.now()), null, null);
        } catch (IOException e) {
            // There is none, or it is somebody else's, who alone may set its times: it is young from the first byte on.
            return;
        }
    }

    private static FileChannel open(Path file, StandardOpenOption creation) throws IOException {
        return FileChannel.open(
                file, creation, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** The one that is expected, if it can be computed without knowing the end. */
    private static DigestAlgorithm algorithm(ExpectedContent expected) {
        return expected.digest()
                .map(Digest::algorithm)
                .filter(wanted -> wanted != DigestAlgorithm.GIT_SHA1 || expected.size() >= 0)
                .orElse(DigestAlgorithm.SHA256);
    }

    private MessageDigest start() {
        return algorithm.start(expected.size());
    }

    static Path sidecar(Path file) {
        return file.resolveSibling(file.getFileName() + ".etag");
    }

    Path path() {
        return file;
    }

    /** How many bytes from the start are there and hashed; 0 before {@link #hashExisting}. */
    long size() {
        return size;
    }

    /** What is there, in ascending order. */
    List<Segments.Range> ranges() {
        List<Segments.Range> all = new ArrayList<>(islands);
        all.add(0, new Segments.Range(0, size));
        return all;
    }

    /** How many bytes are there in all. */
    long bytes() {
        return size
                + islands.stream().mapToLong(range -> range.to() - range.from()).sum();
    }

    /** Whether it was not there before. */
    boolean isNew() {
        return created;
    }

    /** How long the file is on the disk. */
    long length() throws IOException {
        return channel.size();
    }

    /**
     * Reads what an earlier run left, so that new bytes can follow it.
     *
     * @param ranges what is there where that is not the whole file
     */
    void hashExisting(Optional<List<Segments.Range>> ranges) throws IOException {
        digest = start();
        size = 0;
        List<Segments.Range> there = ranges.orElse(List.of(new Segments.Range(0, channel.size())));
        long prefix =
                !there.isEmpty() && there.get(0).from() == 0 ? there.get(0).to() : 0;
        byte[] buffer = new byte[BufferPool.BUFFER_BYTES];
        while (size < prefix) {
            hashTo(prefix, buffer);
        }
        islands = prefix == 0 ? there : there.subList(1, there.size());
        channel.truncate(there.isEmpty() ? 0 : there.get(there.size() - 1).to());
    }

    /** Hashes the next bytes, which are in the file already: at most a buffer full, and none from {@code end} on. */
    void hashTo(long end, byte[] buffer) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, end - size));
        int read = channel.read(bytes, size);
        if (read < 0) {
            throw new IOException(file + " became shorter while it was downloaded; is another program writing to it?");
        }
        digest.update(buffer, 0, read);
        size += read;
    }

    /** Writes a part of a segment. For several threads. */
    void write(byte[] buffer, int length, long position) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + bytes.position());
        }
    }

    /** Gives up what is not hashed, so that the next byte follows {@link #size}. */
    void dropIslands(URI uri, Optional<String> validator) throws IOException {
        if (!islands.isEmpty()) {
            channel.truncate(size);
            islands = List.of();
            remember(uri, validator);
        }
    }

    /** Writes down what has arrived. Without a digest to check in the end, the bytes are on the disk before that. */
    void rememberSegments(URI uri, Optional<String> validator, List<Segments.Range> arrived) throws IOException {
        if (expected.digest().isEmpty()) {
            channel.force(false);
        }
        islands = arrived.stream()
                .filter(range -> range.to() > size)
                .map(range -> new Segments.Range(Math.max(size, range.from()), range.to()))
                .toList();
        new PartialNote(validator, Optional.of(arrived)).write(sidecar, uri);
    }

    /** Deletes a sidecar that an earlier run left without its file. */
    void forget() throws IOException {
        Files.deleteIfExists(sidecar);
    }

    /** Makes it empty and forgets where it came from. */
    void restart() throws IOException {
        Files.deleteIfExists(sidecar);
        channel.truncate(0);
        channel.position(0);
        digest = start();
        size = 0;
        islands = List.of();
    }

    /** A sink that appends here; {@link #appended} must be told what it wrote. */
    HashingSink sink(BufferPool buffers) throws IOException {
        channel.position(size);
        return new HashingSink(channel, digest, buffers);
    }

    /** This many more bytes are in the file and in the digest. */
    void appended(long bytes) {
        size += bytes;
    }

    /** The digest of what is there, with the algorithm of the expected one where that can be, otherwise SHA-256. */
    Digest digest() {
        try {
            return Digest.of(algorithm, ((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's " + algorithm.id() + " cannot be read in between", e);
        }
    }

    /** Deletes the file and its sidecar. */
    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(sidecar);
        Files.deleteIfExists(file);
    }

    /** Deletes a file to which nothing came. */
    void deleteIfEmpty() throws IOException {
        if (channel.isOpen() && channel.size() == 0) {
            delete();
        }
    }

    /** Deletes the sidecar: the file is complete. */
    void complete() throws IOException {
        Files.deleteIfExists(sidecar);
    }

    /** What the sidecar says; empty where it is damaged, or tells of bytes that the file does not have. */
    Optional<PartialNote> note(URI uri) throws IOException {
        return PartialNote.read(sidecar, uri, channel.size());
    }

    /** Notes of which version of which URL this is a part. */
    void remember(URI uri, Optional<String> validator) throws IOException {
        if (validator.isEmpty()) {
            Files.deleteIfExists(sidecar);
        } else {
            new PartialNote(validator, Optional.empty()).write(sidecar, uri);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
