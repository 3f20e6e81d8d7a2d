package io.github.modelcache.migrate.collect;

import io.github.modelcache.family.ActiveDownloads;
import io.github.modelcache.family.Layout;
import io.github.modelcache.process.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the locks of a model in its old folder, so that no build fetches it there. */
final class ActiveDownloadGuard implements Closeable {

    private final List<ProcessLock> held = new ArrayList<>();

    private ActiveDownloadGuard() {}

    /**
     * Takes the locks.
     *
     * @throws ChangedException when a build or another program is downloading the model there
     */
    static ActiveDownloadGuard acquire(FoundModel found) throws IOException {
        ActiveDownloadGuard downloads = new ActiveDownloadGuard();
        try {
            for (Layout layout : found.place().layouts()) {
                Optional<ProcessLock> lock = ProcessLock.tryAcquire(layout.processLock(found.model()));
                if (lock.isEmpty()) {
                    throw new ChangedException("another build is fetching it");
                }
                downloads.held.add(lock.get());
            }
            if (!ActiveDownloads.in(found.source()).isEmpty()) {
                throw new ChangedException("a program is downloading into it");
            }
            return downloads;
        } catch (IOException | RuntimeException e) {
            downloads.close();
            throw e;
        }
    }

    /** How many locks are held. */
    int count() {
        return held.size();
    }

    @Override
    public void close() throws IOException {
        for (ProcessLock lock : held) {
            lock.close();
        }
        held.clear();
    }
}
