package io.github.modelcache.scan;

import io.github.modelcache.archive.TarHeader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a content is, by its first bytes. */
enum Format {
    ZIP,
    TORCH,
    TORCHSCRIPT,
    KERAS,
    NPZ,
    TAR,
    GZIP,
    BZIP2,
    XZ,
    LZMA,
    ZLIB,
    SEVEN_ZIP,
    RAR,
    ZSTD,
    LZ4,
    NUMPY,
    SAFETENSORS,
    GGUF,
    HDF5,
    ONNX,
    SAVED_MODEL,
    PICKLE,
    EXECUTABLE,
    SCRIPT,
    PYTHON_CODE,
    JAVA_CLASS,
    JAVA_OBJECTS,
    R_OBJECTS,
    JSON,
    TEXT,
    OTHER;

    /** So many first bytes decide. */
    static final int HEAD_BYTES = 1024;

    private static final Set<Format> BY_CHANCE = EnumSet.of(OTHER, GZIP, ZLIB, LZMA, ZSTD, LZ4, SCRIPT, SAFETENSORS);
    private static final long LONGEST_SAFETENSORS_HEADER = 100_000_000;

    /** The name under which reports and the policy know it. */
    String id() {
        return this == SEVEN_ZIP ? "7z" : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether numbers may start so by chance, or it holds no code that can be found here. */
    boolean mayBeChance() {
        return BY_CHANCE.contains(this);
    }

    /** What the first bytes say; formats without a mark of their own are {@link #OTHER}. */
    static Format of(byte[] head, long size) {
        if (starts(head, "PK\3\4") || starts(head, "PK\5\6")) {
            return ZIP;
        }
        if (starts(head, "\u001f\u008b\b")) {
            return GZIP;
        }
        if (starts(head, "BZh")
                && head.length > 9
                && (starts(head, 4, "1AY&SY") || starts(head, 4, "\u0017rE8P\u0090"))) {
            return BZIP2;
        }
        if (starts(head, "\u00fd7zXZ\0")) {
            return XZ;
        }
        if (starts(head, "7z\u00bc\u00af'\u001c")) {
            return SEVEN_ZIP;
        }
        if (starts(head, "Rar!\u001a\7")) {
            return RAR;
        }
        if (starts(head, "(\u00b5/\u00fd")) {
            return ZSTD;
        }
        if (starts(head, "\4\"M\u0018")) {
            return LZ4;
        }
        return model(head, size);
    }

    private static Format model(byte[] head, long size) {
        if (starts(head, "\u0093NUMPY")) {
            return NUMPY;
        }
        if (starts(head, "GGUF")) {
            return GGUF;
        }
        if (starts(head, "\u0089HDF\r\n\u001a\n")) {
            return HDF5;
        }
        if (head.length > 9 && head[8] == '{') {
            long length = le64(head);
            if (length >= 2 && length <= LONGEST_SAFETENSORS_HEADER && length <= size - 8) {
                return SAFETENSORS;
            }
        }
        Format code = Executables.find(head);
        if (code != OTHER) {
            return code;
        }
        return new TarHeader(head).isValid() ? TAR : weak(head);
    }

    /** Marks that other content may have by chance. */
    private static Format weak(byte[] head) {
        boolean zlib = head.length > 2
                && (head[0] & 0x8f) == 8
                && ((head[0] & 0xff) << 8 | (head[1] & 0xff)) % 31 == 0
                && (head[1] & 0x20) == 0;
        if (zlib) {
            return ZLIB;
        }
        boolean lzma = head.length > 13 && head[0] == 0x5d && head[1] == 0 && head[2] == 0 && head[13] == 0;
        return lzma ? LZMA : OTHER;
    }

    /** Whether a content that starts so is worth a look of its own inside of another. */
    static boolean canRunCode(byte[] head) {
        return PickleScan.isHeader(head, 0) || starts(head, "PK\3\4") || starts(head, "\u0093NUMPY");
    }

    static boolean starts(byte[] head, String mark) {
        return starts(head, 0, mark);
    }

    static boolean starts(byte[] head, int at, String mark) {
        return starts(head, at, mark.getBytes(StandardCharsets.ISO_8859_1));
    }

    static boolean starts(byte[] head, int at, byte[] mark) {
        return head.length >= at + mark.length && Arrays.equals(head, at, at + mark.length, mark, 0, mark.length);
    }

    private static long le64(byte[] head) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | (head[i] & 0xff);
        }
        return value;
    }
}
