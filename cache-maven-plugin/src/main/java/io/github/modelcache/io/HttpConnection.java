package io.github.modelcache.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection to one server: requests go out, lines and bytes come in. For one thread at a time. */
final class HttpConnection implements Closeable {
    /** Holds any head that is no nuisance; bodies pass it by. */
    private static final int BUFFER_BYTES = 16 * 1024;

    /** 20 MB a second. */
    private static final long STORED_BYTES_A_MILLI = 20_000;

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
     * Sends a request with a content and waits for the first byte of its answer. A server may answer before it has read
     * all, and close; then its answer counts.
     *
     * @return whether one came; otherwise the server has closed the connection
     */
    boolean send(byte[] request, HttpContent content) throws IOException {
        try (SendingWatch watch = SendingWatch.over(this::abort, socket.getSoTimeout())) {
            try {
                OutputStream out = watch.counting(socket.getOutputStream());
                out.write(request);
                content.writeTo(out);
            } catch (SocketException e) {
                if (watch.ended()) {
                    throw new SocketTimeoutException("the server takes no more bytes");
                }
                if (!answered()) {
                    throw e;
                }
                return true;
            }
        }
        return answeredAfter(content.length());
    }

    /** A secure socket would first wait for its turn to say goodbye, behind the very bytes that nobody takes. */
    private void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** A server that stores, hashes or copies what it was sent before it answers takes the longer, the more that is. */
    private boolean answeredAfter(long sent) throws IOException {
        int usual = socket.getSoTimeout();
        if (usual == 0) {
            return fill();
        }
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, usual + sent / STORED_BYTES_A_MILLI));
        try {
            return fill();
        } finally {
            socket.setSoTimeout(usual);
        }
    }

    private boolean answered() {
        try {
            return fill();
        } catch (IOException e) {
            return false;
        }
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
