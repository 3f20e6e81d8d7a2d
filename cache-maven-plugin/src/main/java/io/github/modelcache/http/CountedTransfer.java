package io.github.modelcache.http;

import io.github.modelcache.progress.Activity;
import io.github.modelcache.progress.Progress;
import java.net.URI;

/** Counts one file's transfer as a piece of an activity. */
public final class CountedTransfer implements TransferProgress {

    private final Progress progress;
    private final Activity activity;
    private Progress.Work work = Progress.Work.UNSEEN;
    private long counted;

    /** A transfer that has not started. */
    public CountedTransfer(Progress progress, Activity activity) {
        this.progress = progress;
        this.activity = activity;
    }

    @Override
    public synchronized void started(URI uri, long resumedFrom, long total) {
        if (work == Progress.Work.UNSEEN) {
            work = progress.begin(activity);
            work.opened(Math.max(0, total));
        }
        work.found(resumedFrom - counted);
        counted = resumedFrom;
    }

    @Override
    public synchronized void progressed(long bytes) {
        counted += bytes;
        work.done(bytes);
    }

    @Override
    public synchronized void succeeded() {
        work.close();
    }

    @Override
    public synchronized void failed(Exception e) {
        work.close();
    }
}
