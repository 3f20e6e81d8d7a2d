package io.github.modelcache.io;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A file that is not complete yet, the digest of what is there, and the sidecar {@code <file>.etag} that tells which
 * version of which URL it is a part of.
 */
final class PartialFile implements Closeable {
    private final Path file;
    private final Path sidecar;
    private final FileChannel channel;
    private MessageDigest digest = DigestAlgorithm.SHA256.start(0);
    private long size;

    private PartialFile(Path file, FileChannel channel) {
        this.file = file;
        this.sidecar = sidecar(file);
        this.channel = channel;
    }

    /** Opens or creates it; a link in its place is removed, never written through. */
    static PartialFile open(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            Files.delete(file);
        }
        AtomicFiles.createParents(file);
        return new PartialFile(
                file,
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
    }

    static Path sidecar(Path file) {
        return file.resolveSibling(file.getFileName() + ".etag");
    }

    Path path() {
        return file;
    }

    /** How many bytes are known to be there; 0 before {@link #hashExisting}. */
    long size() {
        return size;
    }

    /** How long the file is on the disk. */
    long length() throws IOException {
        return channel.size();
    }

    /** Reads what an earlier run left, so that new bytes can follow it. */
    void hashExisting() throws IOException {
        digest = DigestAlgorithm.SHA256.start(0);
        channel.position(0);
        size = Hashing.update(digest, channel);
    }

    /** Makes it empty and forgets where it came from. */
    void restart() throws IOException {
        Files.deleteIfExists(sidecar);
        channel.truncate(0);
        channel.position(0);
        digest = DigestAlgorithm.SHA256.start(0);
        size = 0;
    }

    /** A sink that appends here; {@link #appended} must be told what it wrote. */
    HashingSink sink() throws IOException {
        channel.position(size);
        return new HashingSink(channel, digest);
    }

    /** This many more bytes are in the file and in the digest. */
    void appended(long bytes) {
        size += bytes;
    }

    /** The SHA-256 of what is there. */
    Digest sha256() {
        try {
            return Digest.of(DigestAlgorithm.SHA256, ((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's SHA-256 cannot be read in between", e);
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

    /** What the sidecar says about the content of this URL: a strong ETag or a date, as {@code If-Range} wants it. */
    Optional<String> validator(URI uri) {
        try {
            List<String> lines = Files.readAllLines(sidecar);
            return lines.size() == 3
                            && lines.get(1).equals(fingerprint(uri))
                            && !lines.get(2).isBlank()
                    ? Optional.of(lines.get(2))
                    : Optional.empty();
        } catch (IOException e) {
            // Missing or unreadable: nothing is known, which is what a first run knows too.
            return Optional.empty();
        }
    }

    /**
     * Notes of which version of which URL this is a part. The query of the URL may be a signature, so the file holds
     * the URL without it, for people, and a digest of the whole, for comparing.
     */
    void remember(URI uri, Optional<String> validator) throws IOException {
        if (validator.isEmpty()) {
            Files.deleteIfExists(sidecar);
            return;
        }
        String text = Urls.display(uri) + "\n" + fingerprint(uri) + "\n" + validator.get() + "\n";
        AtomicFiles.write(sidecar, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String fingerprint(URI uri) {
        byte[] bytes = uri.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of()
                .formatHex(DigestAlgorithm.SHA256.start(bytes.length).digest(bytes));
    }
}
