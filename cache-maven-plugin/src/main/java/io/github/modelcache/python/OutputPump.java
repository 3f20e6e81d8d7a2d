package io.github.modelcache.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Copies the output of a process without delay. */
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
            // The process or the reader has ended; the exit code decides.
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
     * Waits for the rest of the output after the process has ended. A descendant may keep the pipe open, so it also
     * returns after {@code quiet} without output.
     */
    synchronized void finish(Duration quiet) throws InterruptedException {
        changed = System.nanoTime(); // the last output may have arrived just now
        while (!done) {
            long left = quiet.toNanos() - (System.nanoTime() - changed);
            if (waiting && left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, waiting ? left : quiet.toNanos());
        }
    }
}
