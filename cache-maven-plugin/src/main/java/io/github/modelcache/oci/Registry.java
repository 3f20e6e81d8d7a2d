package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/**
 * Keeps contents by their SHA-256 and manifests by digest and tag. Several threads may use one at once.
 *
 * <p>Each method throws a {@link io.github.modelcache.http.TransferException} when the registry can't or won't, and another
 * {@link IOException} when this machine can't.
 */
public interface Registry extends Closeable {

    /** The longest manifest that registries take, in bytes. */
    int LONGEST_MANIFEST = 4 * 1024 * 1024;

    /** The type of an index, which names manifests. */
    String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

    /** The manifest's type. */
    String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    /** Closes its connections. */
    @Override
    void close();

    /** The manifest or the index of a tag; empty when there is none. */
    Optional<byte[]> manifest(String repository, String tag) throws IOException;

    /** The manifest or the index with this digest, which its bytes really have; empty when there is none. */
    Optional<byte[]> manifest(String repository, Digest digest) throws IOException;

    /**
     * Whether nothing has to be put any more.
     *
     * @param top what the tag should mean
     * @param parts the manifests that it names if it is an index
     * @param blobs what the manifests name
     */
    boolean has(String repository, String tag, Manifest top, Collection<Manifest> parts, Collection<Blob> blobs)
            throws IOException;

    /**
     * Sees to it that the registry has a content; sends it only if that is needed.
     *
     * @param from another repository that has it already
     * @return whether it was sent
     */
    boolean put(String repository, Blob blob, Optional<String> from, TransferProgress progress) throws IOException;

    /** Puts a manifest, whose contents must be there, under its digest only. */
    void putPart(String repository, Manifest part) throws IOException;

    /** Puts a manifest or an index, whose contents must be there, under a tag. */
    void putManifest(String repository, String tag, Manifest manifest) throws IOException;

    /**
     * Brings a content.
     *
     * @param partial where it gathers; what an earlier run left there is continued
     * @param expected what it must be
     */
    TransferResult fetch(
            String repository, Digest digest, Path partial, ExpectedContent expected, TransferProgress progress)
            throws IOException;

    /**
     * A content that lies in a file, or in memory.
     *
     * @param digest its SHA-256
     * @param size bytes
     * @param file where it lies; empty for one in memory
     * @param text the content in memory
     */
    record Blob(Digest digest, long size, Optional<Path> file, String text) {

        /** A text in memory. */
        public static Blob of(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new Blob(Hashing.digest(bytes, DigestAlgorithm.SHA256), bytes.length, Optional.empty(), text);
        }

        /** A file's content. */
        public static Blob of(Path file, Digest digest, long size) {
            return new Blob(digest, size, Optional.of(file), "");
        }
    }

    /**
     * A manifest or an index.
     *
     * @param type its media type
     */
    record Manifest(String type, String text) {

        /** What goes over the wire. */
        public byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        /** What it is called. */
        public Digest digest() {
            return Hashing.digest(bytes(), DigestAlgorithm.SHA256);
        }
    }
}
