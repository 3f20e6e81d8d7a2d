package io.github.modelcache.scan;

import io.github.modelcache.archive.Bzip2Stream;
import io.github.modelcache.archive.TarHeader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/** Decides what one content is, and looks into it as that. */
final class ContentScan {
    /** Larger dictionaries than those of level 6 are not worth the memory; in kibibytes. */
    private static final int MOST_XZ_MEMORY = 12 << 10;

    private final Content content;
    private final String where;
    private final Inspection inspection;
    private final PickleScan pickles;

    ContentScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
        this.pickles = new PickleScan(content, where, inspection);
    }

    /** The storages of PyTorch that its first pickle names. */
    TorchStorages storages() {
        return pickles.storages();
    }

    Format scan() throws IOException {
        byte[] head = content.head(Format.HEAD_BYTES);
        Format format = Executables.isWindows(head, content) ? Format.EXECUTABLE : Format.of(head, content.size());
        requireNoOtherTar(format, head);
        return switch (format) {
            case ZIP -> new ZipScan(content, where, inspection).scan();
            case GZIP -> behind(unpacked(format, () -> new GZIPInputStream(content.open(0))));
            case BZIP2 -> {
                pickles.scan(); // its start is also that of a byte string of 800 MB
                yield behind(unpacked(format, () -> new Bzip2Stream(content.open(0))));
            }
            case XZ -> behind(unpacked(format, () -> new XZInputStream(content.open(0), MOST_XZ_MEMORY)));
            default -> behind(withoutCompression(format, head));
        };
    }

    /** Old PyTorch opens each content that is a tar archive to Python as one. */
    private void requireNoOtherTar(Format format, byte[] head) throws IOException {
        if (format != Format.TAR && new TarHeader(head).isValid()) {
            inspection.unsafe(where, "it is a tar archive as well as " + format.id());
        } else if (TarScan.startsBare(content)) {
            inspection.unsafe(where, "it is a tar archive whose first entry has neither a name nor a checksum");
        }
    }

    /** What other libraries find behind a start that can be anything. */
    private Format behind(Format start) throws IOException {
        Optional<Content> archive = ZipScan.atEnd(content);
        if (archive.isPresent()) {
            new ZipScan(archive.get(), where, inspection).scanBehind();
        }
        Optional<Content> hdf5 = start == Format.HDF5 ? Optional.empty() : Hdf5Scan.find(content);
        if (hdf5.isEmpty()) {
            return start;
        }
        try {
            new Hdf5Scan(hdf5.get(), where, inspection).scan();
        } catch (EOFException | DamagedException e) {
            damaged(Format.HDF5, String.valueOf(e.getMessage()));
        }
        return start == Format.OTHER || start == Format.TEXT ? Format.HDF5 : start;
    }

    /** Whatever else it is: Python loads each of these as a pickle if it is told to. */
    private Format withoutCompression(Format format, byte[] head) throws IOException {
        if (content.size() == 0) {
            return Format.OTHER;
        }
        boolean pickle = pickles.scan();
        if (pickle && format.mayBeChance()) {
            return Format.PICKLE;
        }
        try {
            Format found = as(format, head);
            return pickle ? Format.PICKLE : found;
        } catch (EOFException e) {
            damaged(format, "it ends early");
        } catch (DamagedException e) {
            damaged(format, String.valueOf(e.getMessage()));
        }
        return pickle ? Format.PICKLE : format;
    }

    private void damaged(Format format, String problem) {
        String what = "it is damaged as " + format.id() + ": " + problem;
        if (format == Format.GGUF || format == Format.HDF5) {
            inspection.unsafe(where, what); // the libraries that read them have overflowed on such files
        } else {
            inspection.unreadable(where, what);
        }
    }

    private Format as(Format format, byte[] head) throws IOException {
        switch (format) {
            case TAR -> new TarScan(content, where, inspection).scan();
            case NUMPY -> new NumpyScan(content, where, inspection).scan();
            case SAFETENSORS -> new SafetensorsScan(content, where, inspection).scan();
            case GGUF -> new GgufScan(content, where, inspection).scan();
            case HDF5 -> new Hdf5Scan(content, where, inspection).scan();
            case EXECUTABLE -> inspection.unsafe(where, "it is a program");
            case SCRIPT -> script(head);
            case PYTHON_CODE -> inspection.unsafe(where, "it is compiled Python code");
            case JAVA_OBJECTS ->
                inspection.unreadable(where, "it is a stream of Java objects, whose classes are not judged");
            case R_OBJECTS -> inspection.unreadable(where, "it is a stream of R objects, whose code is not judged");
            case SEVEN_ZIP, RAR, ZSTD, LZ4 ->
                inspection.unreadable(where, "it is packed as " + format.id() + ", which cannot be unpacked here");
            case ZLIB -> {
                return maybe(format, () -> new InflaterInputStream(content.open(0)));
            }
            case LZMA -> {
                return maybe(format, () -> new LZMAInputStream(content.open(0), MOST_XZ_MEMORY));
            }
            default -> {
                return unmarked(head);
            }
        }
        return format;
    }

    /** Formats without a mark. */
    private Format unmarked(byte[] head) throws IOException {
        if (TextScan.isText(head)) {
            return new TextScan(content, where, inspection).scan();
        }
        return new ProtobufScan(content, where, inspection).scan();
    }

    /** Scripts under a name that says so are code that people read; what loads a model does not run them. */
    private void script(byte[] head) {
        if (!TextScan.isText(head) || !inspection.isScriptName(where)) {
            inspection.unsafe(where, "it is a script that a shell runs");
        }
    }

    /** What may be compressed, or start with these bytes by chance. */
    private Format maybe(Format format, UnpackedBytes.Opener opener) throws IOException {
        try (InputStream in = opener.open()) {
            if (in.readNBytes(Format.HEAD_BYTES).length == 0) {
                return Format.OTHER;
            }
        } catch (EOFException e) {
            // a short one
        } catch (IOException | RuntimeException e) {
            return unmarked(content.head(Format.HEAD_BYTES));
        }
        return unpacked(format, opener);
    }

    private Format unpacked(Format format, UnpackedBytes.Opener opener) throws IOException {
        try (UnpackedBytes bytes = new UnpackedBytes(opener, inspection)) {
            Format inner = inspection.nested(Content.of(bytes), where);
            bytes.problem()
                    .ifPresent(problem -> inspection.unreadable(
                            where, "it cannot be unpacked as " + format.id() + " to its end: " + problem));
            return inner == Format.OTHER || inner == Format.TEXT ? format : inner;
        }
    }
}
