package io.github.modelcache.scan;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds where pickles may begin among raw numbers, eight bytes at a time: weights are gigabytes. */
final class PickleHeaders {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = EACH_BYTE << 7;
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int HIGHEST_PROTOCOL = 5;

    /** Takes the position of a header. */
    interface Found {
        void at(long position) throws IOException;
    }

    private PickleHeaders() {}

    static void find(Content content, long from, Found found) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = content.open(from)) {
            long start = from;
            int kept = 0;
            for (int read = in.readNBytes(buffer, 0, BUFFER_BYTES); read > 0; ) {
                int end = kept + read;
                each(buffer, end - 1, start, found);
                buffer[0] = buffer[end - 1];
                start += end - 1;
                kept = 1; // the last byte may be the first of a header
                read = in.readNBytes(buffer, kept, BUFFER_BYTES - kept);
            }
        }
    }

    private static void each(byte[] buffer, int end, long start, Found found) throws IOException {
        int at = 0;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long other = (long) LONGS.get(buffer, at) ^ HIGH_BITS;
            if (((other - EACH_BYTE) & ~other & HIGH_BITS) != 0) {
                bytes(buffer, at, at + Long.BYTES, start, found);
            }
        }
        bytes(buffer, at, end, start, found);
    }

    private static void bytes(byte[] buffer, int from, int end, long start, Found found) throws IOException {
        for (int at = from; at < end; at++) {
            if (buffer[at] == (byte) 0x80 && buffer[at + 1] >= 2 && buffer[at + 1] <= HIGHEST_PROTOCOL) {
                found.at(start + at);
            }
        }
    }
}
