package io.github.modelcache.archive;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A zip, tar.gz or tar.bz2 file whose every entry is checked before the first one is unpacked. */
public interface Archive extends Closeable {

    /** The files in it, in the archive's order; folders are not listed. */
    List<ZipArchive.Entry> entries();

    /**
     * Reads one entry without unpacking it.
     *
     * @return the SHA-256 of the content
     * @throws ArchiveException if the content is not what the archive announced
     */
    Digest digest(ZipArchive.Entry entry) throws IOException;

    /**
     * Unpacks one entry. The target appears whole or not at all, and a link there is replaced.
     *
     * @return the SHA-256 of the content
     * @throws ArchiveException if the content is not what the archive announced
     */
    Digest extract(ZipArchive.Entry entry, Path target) throws IOException;

    /**
     * Opens an archive; its first bytes tell its format.
     *
     * @param folder where a folder of its own may be created, which is deleted on close
     * @throws ArchiveException if it is broken, unsafe, or of another format
     */
    static Archive open(Path file, Path folder) throws IOException {
        byte[] start;
        try (InputStream in = RegularFile.stream(file)) {
            start = in.readNBytes(3);
        }
        if (start.length == 3 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b) {
            return TarArchive.open(file, folder, TarArchive.Compression.GZIP);
        }
        if (Arrays.equals(start, new byte[] {'B', 'Z', 'h'})) {
            return TarArchive.open(file, folder, TarArchive.Compression.BZIP2);
        }
        return ZipArchive.open(file);
    }
}
