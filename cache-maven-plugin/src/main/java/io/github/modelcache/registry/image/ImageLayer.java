package io.github.modelcache.registry.image;

import io.github.modelcache.archive.TarWriter;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.http.HttpContent;
import io.github.modelcache.http.TransferProgress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A layer: a tar file with some files of one model and the folders above them. It is never stored; its bytes are those of
 * the files in the cache, with headers between them, so the same files are the same layer everywhere.
 *
 * @param files sorted by name
 */
record ImageLayer(ImageModel model, List<ImageModel.Entry> files) {

    private static final int BUFFER_BYTES = 64 * 1024;

    ImageLayer {
        files = List.copyOf(files);
    }

    /** Hears of the pieces of the tar file in their order. */
    private interface Pieces<E extends Exception> {
        void header(byte[] bytes) throws E;

        void content(ImageModel.Entry entry) throws E;
    }

    private <E extends Exception> void walk(Pieces<E> pieces) throws E {
        Set<String> folders = new HashSet<>();
        for (ImageModel.Entry entry : files) {
            String name = entry.name();
            for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
                if (folders.add(name.substring(0, slash))) {
                    pieces.header(TarWriter.folder(name.substring(0, slash)));
                }
            }
            pieces.header(TarWriter.file(name, entry.file().size()));
            pieces.content(entry);
            pieces.header(TarWriter.padding(entry.file().size()));
        }
        pieces.header(TarWriter.end());
    }

    /** Bytes of the tar file. */
    long size() {
        return measured().size;
    }

    /** Where the content of each file begins in the tar file, by its path in the model. */
    Map<String, Long> offsets() {
        return measured().offsets;
    }

    private Measured measured() {
        Measured measured = new Measured();
        walk(measured);
        return measured;
    }

    private static final class Measured implements Pieces<RuntimeException> {
        private long size;
        private final Map<String, Long> offsets = new HashMap<>();

        @Override
        public void header(byte[] bytes) {
            size += bytes.length;
        }

        @Override
        public void content(ImageModel.Entry entry) {
            offsets.put(entry.file().path(), size);
            size += entry.file().size();
        }
    }

    /** Digest of names, sizes and digests of the files: it is known before a byte is read, and decides every byte. */
    Digest recipe() {
        MessageDigest digest = DigestAlgorithm.SHA256.start(0);
        for (ImageModel.Entry entry : files) {
            Digest content = entry.file().digest().orElseThrow();
            String line = entry.name() + "\0" + entry.file().size() + "\0" + content + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Digest.of(DigestAlgorithm.SHA256, digest.digest());
    }

    /**
     * Writes the tar file.
     *
     * @throws IOException if a file can't be read or became shorter, or {@code out} takes no more
     */
    void writeTo(OutputStream out, TransferProgress progress) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
        walk(new Pieces<IOException>() {
            @Override
            public void header(byte[] bytes) throws IOException {
                buffered.write(bytes);
                progress.progressed(bytes.length);
            }

            @Override
            public void content(ImageModel.Entry entry) throws IOException {
                HttpContent.of(entry.source(), entry.file().size(), progress).writeTo(buffered);
            }
        });
        buffered.flush();
    }
}
