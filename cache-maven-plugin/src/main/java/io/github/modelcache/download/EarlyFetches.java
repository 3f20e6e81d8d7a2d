package io.github.modelcache.download;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.ModelVersion;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Models that are fetched while others are still being resolved. */
final class EarlyFetches implements AutoCloseable {
    private final int most;
    private final Map<ModelVersion, Future<ModelFetch.Fetched>> begun = new HashMap<>();
    private Optional<ExecutorService> threads = Optional.empty();
    private long bytes;

    /** Fetches what is missing of one model. */
    @FunctionalInterface
    interface Fetch {
        ModelFetch.Fetched run() throws ModelException, IOException;
    }

    /** At most so many at once. */
    EarlyFetches(int most) {
        this.most = most;
    }

    /** The bytes of all fetches together. */
    long bytes() {
        return bytes;
    }

    void begin(ModelVersion version, long missing, Fetch fetch) {
        ExecutorService known = threads.orElseGet(() -> Executors.newFixedThreadPool(most, DownloadThreads.NAMED));
        threads = Optional.of(known);
        bytes += missing;
        begun.put(version, known.submit(fetch::run));
    }

    boolean hasBegun(ModelVersion version) {
        return begun.containsKey(version);
    }

    /** Waits for a model that has been begun. */
    ModelFetch.Fetched result(ModelVersion version) throws ModelException, IOException {
        Future<ModelFetch.Fetched> one = Objects.requireNonNull(begun.get(version));
        try {
            return one.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + version, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ModelException problem) {
                throw problem;
            }
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e.getCause());
        }
    }

    /** Waits for a model of which other files are wanted than were, and forgets it. */
    void settle(ModelVersion version) {
        if (hasBegun(version)) {
            try {
                result(version);
            } catch (ModelException | IOException e) {
                return; // it is fetched again, and told then
            } finally {
                begun.remove(version);
            }
        }
    }

    @Override
    public void close() {
        threads.ifPresent(ExecutorService::shutdownNow);
    }
}
