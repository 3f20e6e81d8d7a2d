package io.github.modelcache.it.benchmark;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.scan.ModelScanner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What scanning a file adds to hashing it, which a download does anyway. */
final class ScanBenchmark {

    private static final int MEBIBYTE = 1 << 20;
    private static final byte[] EMPTY_PICKLE = {(byte) 0x80, 2, '}', '.'};

    private ScanBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        int mebibytes = Math.max(1, 512 / scale);
        List<Benchmarks.Row> rows = new ArrayList<>();
        rows.add(row(folder.resolve("scan.safetensors"), mebibytes, ScanBenchmark::safetensors));
        rows.add(row(folder.resolve("scan.gguf"), mebibytes, ScanBenchmark::gguf));
        rows.add(row(folder.resolve("scan.pt"), mebibytes, ScanBenchmark::torch));
        rows.add(row(folder.resolve("scan-old.pt"), mebibytes, ScanBenchmark::oldTorch));
        return rows;
    }

    private interface Writer {
        void write(OutputStream out, int mebibytes) throws IOException;
    }

    private static Benchmarks.Row row(Path file, int mebibytes, Writer writer)
            throws IOException, InterruptedException {
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                writer.write(out, mebibytes);
            }
            ModelScanner scanner = new ModelScanner();
            List<Double> alone = new ArrayList<>();
            List<Double> scanned = new ArrayList<>();
            for (int run = 0; run <= Benchmarks.RUNS; run++) {
                double hash = Benchmarks.seconds(() -> Hashing.digest(file, DigestAlgorithm.SHA256));
                double scan = Benchmarks.seconds(
                        () -> scanner.scan(file, file.getFileName().toString()));
                if (run > 0) { // the first one is compiled
                    alone.add(hash);
                    scanned.add(hash + scan);
                }
            }
            double reference = Benchmarks.median(alone);
            double measured = Benchmarks.median(scanned);
            return new Benchmarks.Row(
                    "hash and scan " + file.getFileName() + " of " + mebibytes + " MiB; hash it",
                    String.format(Locale.ROOT, "%.0f ms", measured * 1000),
                    String.format(Locale.ROOT, "%.0f ms", reference * 1000),
                    String.format(Locale.ROOT, "%+.1f %%", (measured / reference - 1) * 100),
                    "<= +5 %");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void numbers(OutputStream out, int mebibytes) throws IOException {
        byte[] block = new byte[MEBIBYTE];
        new Random(1).nextBytes(block);
        for (int i = 0; i < mebibytes; i++) {
            out.write(block);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void safetensors(OutputStream out, int mebibytes) throws IOException {
        long size = (long) mebibytes * MEBIBYTE;
        byte[] header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[%s],\"data_offsets\":[0,%s]}}"
                .formatted(size, size)
                .getBytes(StandardCharsets.US_ASCII);
        out.write(buffer(8).putLong(header.length).array());
        out.write(header);
        numbers(out, mebibytes);
    }

    private static void gguf(OutputStream out, int mebibytes) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        header.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .putLong(1)
                .putLong(0); // one tensor, no values
        header.putLong(1).put((byte) 'w').putInt(1).putLong((long) mebibytes * MEBIBYTE / Float.BYTES);
        out.write(header.array());
        numbers(out, mebibytes);
    }

    private static void torch(OutputStream out, int mebibytes) throws IOException {
        byte[] storage = new byte[MEBIBYTE];
        new Random(1).nextBytes(storage);
        ZipOutputStream zip = new ZipOutputStream(out);
        stored(zip, "m/data.pkl", EMPTY_PICKLE);
        for (int i = 0; i < mebibytes; i++) {
            stored(zip, "m/data/" + i, storage);
        }
        zip.finish();
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
    }

    /** As {@code torch.save} wrote it before PyTorch 1.6: five pickles, then storages of a mebibyte by their lengths. */
    private static void oldTorch(OutputStream out, int mebibytes) throws IOException {
        StringBuilder ids = new StringBuilder("\u0080\2](");
        StringBuilder keys = new StringBuilder("\u0080\2](");
        for (int i = 0; i < mebibytes; i++) {
            String key = String.format(Locale.ROOT, "X\4\0\0\0%04d", i);
            ids.append("(X\7\0\0\0storagectorch\nByteStorage\n").append(key).append("X\3\0\0\0cpuJ\0\0\20\0NtQ");
            keys.append(key);
        }
        out.write(latin1("\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\31.\u0080\2M\u00e9\3."));
        out.write(EMPTY_PICKLE);
        out.write(latin1(ids + "e."));
        out.write(latin1(keys + "e."));
        byte[] storage = new byte[MEBIBYTE];
        new Random(1).nextBytes(storage);
        for (int i = 0; i < mebibytes; i++) {
            out.write(buffer(8).putLong(MEBIBYTE).array());
            out.write(storage);
        }
    }

    /** Each character is a byte. */
    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
