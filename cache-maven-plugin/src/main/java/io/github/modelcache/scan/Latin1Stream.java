package io.github.modelcache.scan;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes that a UTF-8 text stands for, each of whose characters is one byte. */
final class Latin1Stream extends InputStream {
    private final InputStream text;

    Latin1Stream(InputStream text) {
        this.text = new BufferedInputStream(text, 8 << 10);
    }

    /**
     * The next byte, or -1 at the end.
     *
     * @throws IOException if a character is no byte
     */
    @Override
    public int read() throws IOException {
        int lead = text.read();
        if (lead < 0x80) {
            return lead;
        }
        int next = text.read();
        if ((lead != 0xc2 && lead != 0xc3) || (next & 0xc0) != 0x80) {
            throw new IOException("a character is no byte");
        }
        return (lead & 3) << 6 | (next & 0x3f);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            int value = read();
            if (value < 0) {
                return i == 0 ? -1 : i;
            }
            target[offset + i] = (byte) value;
        }
        return length;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
