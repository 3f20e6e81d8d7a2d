package io.github.modelcache.http.transport;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Closes a connection whose other end takes no more bytes: Java has no time limit for writing to a socket. */
final class StalledSendWatch implements AutoCloseable {
    private final Runnable abort;
    private final long patienceMillis;
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean ended;

    private StalledSendWatch(Runnable abort, long patienceMillis) {
        this.abort = abort;
        this.patienceMillis = patienceMillis;
    }

    /**
     * A watch that begins now.
     *
     * @param abort closes the connection, in a thread of its own
     * @param patienceMillis for how long nothing may move; 0 is for ever
     */
    static StalledSendWatch over(Runnable abort, long patienceMillis) {
        StalledSendWatch watch = new StalledSendWatch(abort, patienceMillis);
        if (patienceMillis > 0) {
            Thread thread = new Thread(watch::run, "model-cache-send-watch");
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
            abort.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}
