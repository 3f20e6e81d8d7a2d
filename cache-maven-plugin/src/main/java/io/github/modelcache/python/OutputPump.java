package io.github.modelcache.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Hands on what a process writes as soon as it is there, so that lines and prompts are seen when they are written. */
final class OutputPump implements Runnable {

    private static final int BUFFER_BYTES = 8192;

    private final InputStream from;
    private final OutputStream to;
    private boolean done;
    private boolean waiting;
    private long changed;

    private OutputPump(InputStream from, OutputStream to) {
        this.from = from;
        this.to = to;
    }

    static OutputPump start(InputStream from, OutputStream to) {
        OutputPump pump = new OutputPump(from, to);
        Thread thread = new Thread(pump, "child-output");
        thread.setDaemon(true);
        thread.start();
        return pump;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from) {
            for (int read = read(buffer); read >= 0; read = read(buffer)) {
                to.write(buffer, 0, read);
                to.flush();
            }
        } catch (IOException closed) {
            // The process is gone, or nobody listens any more; its exit code tells the rest.
        } finally {
            end();
        }
    }

    private int read(byte[] buffer) throws IOException {
        now(true);
        int read = from.read(buffer);
        now(false);
        return read;
    }

    private synchronized void now(boolean reading) {
        waiting = reading;
        changed = System.nanoTime();
        notifyAll();
    }

    private synchronized void end() {
        done = true;
        notifyAll();
    }

    /**
     * Waits until all is handed on, once the process has ended. However slowly it is taken, nothing is lost; but a
     * process that was left behind may hold the pipe open for ever, so quiet is the end, too.
     *
     * @param quiet how long nothing may come before nothing is expected any more
     */
    synchronized void finish(Duration quiet) throws InterruptedException {
        changed = System.nanoTime(); // a process that was silent before may have written its last just now
        while (!done) {
            long left = quiet.toNanos() - (System.nanoTime() - changed);
            if (waiting && left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, waiting ? left : quiet.toNanos());
        }
    }
}
