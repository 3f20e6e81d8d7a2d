package io.github.modelcache.http;

import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** URLs of files of this machine. */
final class FileUrls {
    private FileUrls() {}

    /** Reads a small file. */
    static BufferedResponse read(URI uri, int maxBytes) throws IOException {
        Path file = path(uri);
        try (InputStream in = RegularFile.stream(file)) {
            byte[] body = in.readNBytes(maxBytes);
            if (body.length == maxBytes && in.read() >= 0) {
                throw ResponseReader.tooLong(uri, maxBytes);
            }
            return new BufferedResponse(uri, 200, Map.of(), body);
        } catch (NoSuchFileException e) {
            throw new TransferException(Kind.NOT_FOUND, file + ": there is no such file; check the URL", e);
        }
    }

    static boolean is(URI uri) {
        return Urls.scheme(uri).equals("file");
    }

    static Path path(URI uri) throws TransferException {
        try {
            return Path.of(uri);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new TransferException(
                    Kind.CLIENT_ERROR,
                    Urls.display(uri) + " is not the URL of a file; write it like file:///folder/name",
                    e);
        }
    }

    /** Opens a file to copy it. */
    static InputStream open(Path source) throws IOException {
        if (Files.isDirectory(source)) {
            throw new TransferException(Kind.CLIENT_ERROR, source + " is a folder, not a file; check the URL");
        }
        try {
            return RegularFile.stream(source);
        } catch (NoSuchFileException e) {
            throw new TransferException(Kind.NOT_FOUND, source + ": there is no such file; check the URL", e);
        } catch (AccessDeniedException e) {
            throw new TransferException(Kind.FORBIDDEN, IoErrors.message(e, source), e);
        }
    }
}
