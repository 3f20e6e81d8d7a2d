package io.github.modelcache.io;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a connection whose other end takes no more bytes for as long as a read may wait. The JDK has no time limit for
 * writing to a socket: without this, a server that stalls would hold a build for ever.
 */
final class SendingWatch implements AutoCloseable {

    private final Closeable connection;
    private final long patienceMillis;
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean ended;

    private SendingWatch(Closeable connection, long patienceMillis) {
        this.connection = connection;
        this.patienceMillis = patienceMillis;
    }

    /**
     * A watch that begins now.
     *
     * @param connection closed by a thread of its own, while another one may be writing to it
     * @param patienceMillis for how long nothing may move; 0 is for ever
     */
    static SendingWatch over(Closeable connection, int patienceMillis) {
        SendingWatch watch = new SendingWatch(connection, patienceMillis);
        if (watch.patienceMillis > 0) {
            Thread thread = new Thread(watch::run, "sending-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return watch;
    }

    /** The same stream, with each piece that went through noted. */
    OutputStream counting(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                sent.addAndGet(length);
            }
        };
    }

    /** Whether the connection was closed because nothing moved. */
    boolean ended() {
        return ended;
    }

    private void run() {
        try {
            long seen = -1;
            while (seen != sent.get()) {
                seen = sent.get();
                if (done.await(patienceMillis, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            ended = true;
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            return; // it is as closed as it gets
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}
