package io.github.modelcache.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that can be read at any position. */
public interface RandomBytes {

    /** How many there are. */
    long size() throws IOException;

    /** Reads some bytes from this position; -1 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Those of an open file. */
    static RandomBytes of(FileChannel channel) {
        return new RandomBytes() {
            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return channel.read(target, position);
            }
        };
    }
}
