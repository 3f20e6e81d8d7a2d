package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpContent;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
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

    /** The types of manifests and indexes that are read, also those of Docker. */
    String MANIFEST_TYPES = String.join(
            ", ",
            MANIFEST_TYPE,
            INDEX_TYPE,
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");

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

    /** Writes a content, as often as it is asked to. */
    @FunctionalInterface
    interface Content {
        /**
         * Writes all of it.
         *
         * @param progress told of each piece that was written
         */
        void writeTo(OutputStream out, TransferProgress progress) throws IOException;
    }

    /**
     * A content that can be sent.
     *
     * @param digest its SHA-256
     * @param size bytes
     * @param file where it lies, if it is all of a file
     */
    record Blob(Digest digest, long size, Optional<Path> file, Content content) {

        /** A text in memory. */
        public static Blob of(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            Digest digest = Hashing.digest(bytes, DigestAlgorithm.SHA256);
            return of(digest, bytes.length, (out, progress) -> out.write(bytes));
        }

        /** A file's content. */
        public static Blob of(Path file, Digest digest, long size) {
            return new Blob(
                    digest,
                    size,
                    Optional.of(file),
                    (out, progress) -> HttpContent.of(file, size, progress).writeTo(out));
        }

        /** A content that is put together while it is sent. */
        public static Blob of(Digest digest, long size, Content content) {
            return new Blob(digest, size, Optional.empty(), content);
        }
    }

    /**
     * A manifest or an index.
     *
     * @param type its media type
     * @param artifactType what it describes, if that is no image
     */
    record Manifest(String type, Optional<String> artifactType, String text) {

        /** A manifest or an index of an image. */
        public static Manifest ofImage(String type, String text) {
            return new Manifest(type, Optional.empty(), text);
        }

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
