package io.github.modelcache.http;

import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A file's bytes, whose read errors can be told from those of a connection. */
final class RequestFileStream extends InputStream {

    private final Path file;
    private final InputStream in;

    RequestFileStream(Path file) throws UnreadableFileException {
        this.file = file;
        try {
            in = RegularFile.stream(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public int read() throws UnreadableFileException {
        try {
            return in.read();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws UnreadableFileException {
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private UnreadableFileException unreadable(IOException cause) {
        return new UnreadableFileException(file + " can't be read: " + IoErrors.message(cause, file), cause);
    }
}
