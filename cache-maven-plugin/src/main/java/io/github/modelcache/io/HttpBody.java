package io.github.modelcache.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer. Closing it does nothing: the connection is ended by the one who asked.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section 6.3</a>
 */
abstract class HttpBody extends InputStream {
    final HttpConnection connection;

    HttpBody(HttpConnection connection) {
        this.connection = connection;
    }

    /**
     * The body that belongs to a head.
     *
     * @param expected whether there may be one; the answer to a HEAD has none
     */
    static HttpBody of(HttpHead head, HttpConnection connection, boolean expected) throws IOException {
        if (!expected || head.status() == 204 || head.status() == 304) {
            return new Sized(connection, 0, false);
        }
        if (head.isChunked()) {
            return new Chunked(connection);
        }
        // A server that sends a transfer encoding knows no length.
        long length = head.get("Transfer-Encoding") == null ? head.length() : -1;
        return length < 0 ? new UntilClosed(connection) : new Sized(connection, length, !head.keepsAlive());
    }

    /** The announced length in bytes, or -1. */
    long length() {
        return -1;
    }

    /** Whether its end was seen, so that the next answer may follow on this connection. */
    abstract boolean isComplete();

    /** Whether at most so many bytes are left, as far as is known. */
    abstract boolean isShort(int bytes);

    @Override
    public abstract int read(byte[] target, int offset, int wanted) throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** A body with a length. */
    private static final class Sized extends HttpBody {
        /** A server that has sent all and said it would close does so at once. */
        private static final int CLOSING_MILLIS = 1000;

        private final long length;
        private final boolean last;
        private long left;
        private boolean ended;

        Sized(HttpConnection connection, long length, boolean last) {
            super(connection);
            this.length = length;
            this.last = last;
            this.left = length;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) throws IOException {
            if (left == 0) {
                return last && wanted > 0 ? surplus(target, offset, wanted) : -1;
            }
            int read = connection.read(target, offset, (int) Math.min(wanted, left));
            if (read < 0) {
                throw new EOFException("the answer ended after " + (length - left) + " of " + length + " bytes");
            }
            left -= read;
            return read;
        }

        @Override
        long length() {
            return length;
        }

        /** Where the connection is to end here, whatever else comes shows that the length was wrong. */
        private int surplus(byte[] target, int offset, int wanted) throws IOException {
            if (ended) {
                return -1;
            }
            try {
                connection.setPatience(CLOSING_MILLIS);
                int read = connection.read(target, offset, wanted);
                ended = read < 0;
                return read;
            } catch (IOException e) {
                ended = true; // a rude end, or none: all that was announced is here
                return -1;
            }
        }

        @Override
        boolean isComplete() {
            return left == 0;
        }

        @Override
        boolean isShort(int bytes) {
            return left <= bytes;
        }
    }

    /** A body in pieces, each with its length. */
    private static final class Chunked extends HttpBody {
        private static final int LONGEST_LINE = 4 * 1024;
        private static final int MOST_DIGITS = 15;

        private boolean started;
        private boolean ended;
        private long left;

        Chunked(HttpConnection connection) {
            super(connection);
        }

        @Override
        public int read(byte[] target, int offset, int wanted) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            if (ended) {
                return -1;
            }
            int read = connection.read(target, offset, (int) Math.min(wanted, left));
            if (read < 0) {
                throw new EOFException("the answer ended within a chunk");
            }
            left -= read;
            return read;
        }

        private void next() throws IOException {
            if (started && !connection.line(LONGEST_LINE).isEmpty()) {
                throw new IOException("a chunk of the answer is longer than it says");
            }
            started = true;
            left = size(connection.line(LONGEST_LINE));
            if (left == 0) {
                skipTrailers();
                ended = true;
            }
        }

        private static long size(String line) throws IOException {
            int extension = line.indexOf(';');
            String digits = (extension < 0 ? line : line.substring(0, extension)).trim();
            long size = 0;
            boolean right = !digits.isEmpty() && digits.length() <= MOST_DIGITS;
            for (int i = 0; right && i < digits.length(); i++) {
                int digit = Character.digit(digits.charAt(i), 16);
                right = digit >= 0;
                size = size * 16 + digit;
            }
            if (!right) {
                throw new IOException("a chunk of the answer has the size '" + Printable.text(digits) + "'");
            }
            return size;
        }

        private void skipTrailers() throws IOException {
            int bytes = HttpHead.LONGEST_BYTES;
            for (int i = 0; i <= HttpHead.MOST_HEADERS; i++) {
                String line = connection.line(bytes);
                if (line.isEmpty()) {
                    return;
                }
                bytes -= line.length();
            }
            throw new IOException("the answer has more than " + HttpHead.MOST_HEADERS + " trailers");
        }

        @Override
        boolean isComplete() {
            return ended;
        }

        @Override
        boolean isShort(int bytes) {
            return left <= bytes;
        }
    }

    /** A body that ends with the connection. */
    private static final class UntilClosed extends HttpBody {
        UntilClosed(HttpConnection connection) {
            super(connection);
        }

        @Override
        public int read(byte[] target, int offset, int wanted) throws IOException {
            return connection.read(target, offset, wanted);
        }

        @Override
        boolean isComplete() {
            return false;
        }

        @Override
        boolean isShort(int bytes) {
            return false;
        }
    }
}
