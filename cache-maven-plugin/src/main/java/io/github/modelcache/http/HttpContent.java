package io.github.modelcache.http;

import io.github.modelcache.http.transport.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** What is sent to a server; may be written several times. */
public interface HttpContent extends RequestBody {

    /** Whether only the server that is asked may see it, and no other that it redirects to. */
    default boolean isSecret() {
        return false;
    }

    /** Bytes in memory. */
    static HttpContent of(byte[] bytes) {
        return inMemory(bytes, false);
    }

    /** Bytes in memory that hold a password or a token. */
    static HttpContent ofSecret(byte[] bytes) {
        return inMemory(bytes, true);
    }

    private static HttpContent inMemory(byte[] bytes, boolean secret) {
        byte[] copy = bytes.clone();
        return new HttpContent() {
            @Override
            public long length() {
                return copy.length;
            }

            @Override
            public boolean isSecret() {
                return secret;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(copy);
            }
        };
    }

    /** Writes bytes. */
    @FunctionalInterface
    interface Writing {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * A content that is put together while it is sent.
     *
     * @param length how many bytes {@code writing} writes
     */
    static HttpContent of(long length, Writing writing) {
        return new HttpContent() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                writing.writeTo(out);
            }
        };
    }

    /**
     * A file, of which exactly {@code length} bytes are sent.
     *
     * @param progress told of each piece that was sent
     */
    static HttpContent of(Path file, long length, TransferProgress progress) {
        return of(length, out -> copy(file, length, out, progress));
    }

    private static void copy(Path file, long length, OutputStream out, TransferProgress progress) throws IOException {
        try (InputStream in = new RequestFileStream(file)) {
            byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, length))];
            long left = length;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new UnreadableFileException(
                            file + " became shorter while it was sent; try again when nothing writes to it", null);
                }
                out.write(buffer, 0, read);
                left -= read;
                progress.progressed(read);
            }
        }
    }

    /** Large enough that calls into the system cost nothing beside the bytes. */
    int BUFFER_BYTES = 256 * 1024;
}
