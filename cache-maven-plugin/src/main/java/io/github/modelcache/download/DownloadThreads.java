package io.github.modelcache.download;

import java.util.concurrent.ThreadFactory;

/** Threads that never keep Maven from ending. */
final class DownloadThreads {

    static final ThreadFactory NAMED = task -> {
        Thread thread = new Thread(task, "model-download");
        thread.setDaemon(true);
        return thread;
    };

    private DownloadThreads() {}
}
