package io.github.modelcache.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to one server: requests go out, lines and bytes come in. For one thread at a time. */
final class HttpConnection implements Closeable {
    /** Holds any head that is no nuisance; bodies pass it by. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /**
     * Sends a request and waits for the first byte of its answer.
     *
     * @return whether one came; otherwise the server has closed the connection
     */
    boolean send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        return fill();
    }

    /**
     * The next line without its end, which is CR LF or LF.
     *
     * @param longest how many bytes it may have at most
     * @throws IOException if it is longer, or the connection ends within it
     */
    String line(int longest) throws IOException {
        int at = from;
        while (true) {
            for (; at < to; at++) {
                if (buffer[at] == '\n') {
                    requireShort(at - from, longest);
                    return cut(at);
                }
            }
            requireShort(at - from, Math.min(longest, BUFFER_BYTES - 1));
            at -= from;
            if (!fill()) {
                throw new EOFException("the answer ended within its head");
            }
        }
    }

    private static void requireShort(int length, int longest) throws IOException {
        if (length > longest) {
            throw new IOException("the head of the answer is too long");
        }
    }

    private String cut(int end) {
        int length = end - from;
        if (length > 0 && buffer[end - 1] == '\r') {
            length--;
        }
        String line = new String(buffer, from, length, StandardCharsets.ISO_8859_1);
        from = end + 1;
        return line;
    }

    /** Waits for more bytes, which follow the unread ones; false at the end. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        int read = in.read(buffer, to, BUFFER_BYTES - to);
        to += Math.max(read, 0);
        return read > 0;
    }

    /** Reads as {@link InputStream#read(byte[], int, int)} does; what did not come with a line goes straight to its place. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (from == to) {
            return in.read(target, offset, length);
        }
        int read = Math.min(length, to - from);
        System.arraycopy(buffer, from, target, offset, read);
        from += read;
        return read;
    }

    /** Whether no byte is left over that came too early. */
    boolean isDrained() {
        return from == to;
    }

    /** For how long the next read may wait, in milliseconds; 0 is for ever. */
    void setPatience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            return; // it is as closed as it gets
        }
    }
}
