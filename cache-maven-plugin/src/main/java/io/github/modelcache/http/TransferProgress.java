package io.github.modelcache.http;

import java.net.URI;

/** Hears how a transfer goes, in the thread that transfers. */
public interface TransferProgress {
    /** Hears nothing. */
    TransferProgress NONE = new TransferProgress() {
        @Override
        public void started(URI uri, long resumedFrom, long total) {}

        @Override
        public void progressed(long bytes) {}

        @Override
        public void succeeded() {}

        @Override
        public void failed(Exception e) {}
    };

    /**
     * Bytes are about to arrive. Comes again with {@code resumedFrom} 0 when the transfer has to start over, but not
     * when it goes on after an interruption.
     *
     * @param uri what the caller asked for, not where redirects led
     * @param resumedFrom how many bytes are there already
     * @param total the size of the whole file in bytes, or -1 if unknown
     */
    void started(URI uri, long resumedFrom, long total);

    /** This many more bytes arrived. */
    void progressed(long bytes);

    /** The file is complete and is what was expected. */
    void succeeded();

    /** It was given up. */
    void failed(Exception e);
}
