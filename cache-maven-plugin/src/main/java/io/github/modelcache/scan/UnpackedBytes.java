package io.github.modelcache.scan;

import io.github.modelcache.files.RandomBytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a compressed content unpacks to, without a place to keep it. It is unpacked once to learn its size and its end,
 * where archives have their list, and then again for whoever reads it from the front. Going back is cheap for a few
 * hundred kilobytes; further back it is unpacked from its start.
 */
final class UnpackedBytes implements RandomBytes, Closeable {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int TAIL_BYTES = 1 << 20;
    private static final int STEP_BYTES = 32 << 10;

    private final Opener opener;
    private final Inspection inspection;
    private final Ring tail = new Ring(TAIL_BYTES);
    private Optional<String> problem = Optional.empty();
    private Optional<InputStream> in = Optional.empty();
    private Ring window = new Ring(WINDOW_BYTES);

    /** How unpacking starts anew. */
    interface Opener {
        InputStream open() throws IOException;
    }

    UnpackedBytes(Opener opener, Inspection inspection) throws IOException {
        this.opener = opener;
        this.inspection = inspection;
        byte[] step = new byte[STEP_BYTES];
        try (InputStream stream = opener.open()) {
            for (int read = stream.read(step); read >= 0; read = stream.read(step)) {
                tail.add(step, read);
                inspection.unpacked(read);
            }
        } catch (ScanLimitException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            problem = Optional.of(String.valueOf(e.getMessage())); // what came before it is looked at all the same
        }
    }

    /** Why it could not be unpacked to its end. */
    Optional<String> problem() {
        return problem;
    }

    @Override
    public long size() {
        return tail.end;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position >= tail.end) {
            return -1;
        }
        if (position >= tail.start()) {
            return tail.copy(target, position);
        }
        if (position < window.start() || in.isEmpty()) {
            close();
            in = Optional.of(opener.open());
            window = new Ring(WINDOW_BYTES);
        }
        byte[] step = new byte[STEP_BYTES];
        while (window.end <= position) {
            int read = in.get().read(step);
            if (read < 0) {
                return -1;
            }
            window.add(step, read);
            inspection.unpacked(read);
        }
        return window.copy(target, position);
    }

    @Override
    public void close() throws IOException {
        if (in.isPresent()) {
            in.get().close();
            in = Optional.empty();
        }
    }

    /** The last bytes of a stream. */
    private static final class Ring {
        private byte[] bytes = new byte[STEP_BYTES];
        private final int most;
        private long end;

        Ring(int most) {
            this.most = most;
        }

        long start() {
            return Math.max(0, end - bytes.length);
        }

        void add(byte[] added, int count) {
            while (bytes.length < most && end + count > bytes.length) {
                byte[] larger = new byte[Math.min(most, bytes.length * 2)];
                System.arraycopy(bytes, 0, larger, 0, (int) Math.min(end, bytes.length));
                bytes = larger;
            }
            for (int done = 0; done < count; ) {
                int at = (int) (end % bytes.length);
                int part = Math.min(count - done, bytes.length - at);
                System.arraycopy(added, done, bytes, at, part);
                done += part;
                end += part;
            }
        }

        int copy(ByteBuffer target, long position) {
            int at = (int) (position % bytes.length);
            int count = (int) Math.min(Math.min(target.remaining(), bytes.length - at), end - position);
            target.put(bytes, at, count);
            return count;
        }
    }
}
