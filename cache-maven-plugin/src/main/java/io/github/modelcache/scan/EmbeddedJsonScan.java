package io.github.modelcache.scan;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Finds the JSON texts in a binary file, such as the metadata of Keras in a SavedModel, and looks into each. */
final class EmbeddedJsonScan {
    private static final long FREE_BYTES = 256L << 20;
    private static final int MOST_RATIO = 8;
    private static final int STEP_BYTES = 8 << 10;

    private final Content content;
    private final String where;
    private final Inspection inspection;
    private long spent;

    EmbeddedJsonScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    void scan() throws IOException {
        try (ByteReader in = content.reader(0)) {
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '{' && opensObject(in.peek(16))) {
                    long start = in.position() - 1;
                    in.skip(Math.max(0, json(start) - 1));
                    if (spent > FREE_BYTES && spent / MOST_RATIO > content.size()) {
                        inspection.unreadable(where, "it has too many texts that look like JSON");
                        return;
                    }
                }
            }
        }
    }

    private static boolean opensObject(byte[] next) {
        for (byte b : next) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '"';
            }
        }
        return false;
    }

    /** The length of the value that starts here; 0 if there is none. */
    private long json(long start) throws IOException {
        Counted in = new Counted(content.open(start));
        JsonScan.Outcome outcome = new JsonScan(where, inspection).scan(in, true);
        spent += in.bytes;
        // The parser reads ahead, so only what surely belonged to the value is passed over.
        return outcome == JsonScan.Outcome.READ ? Math.max(1, in.bytes - 2L * STEP_BYTES) : 0;
    }

    private static final class Counted extends BufferedInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in, STEP_BYTES);
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, Math.min(length, STEP_BYTES));
            bytes += Math.max(0, read);
            return read;
        }
    }
}
