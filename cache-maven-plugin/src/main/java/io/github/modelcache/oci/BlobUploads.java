package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Sends contents to a registry, several at once and each only once, for all models of a push. */
public final class BlobUploads {

    private static final int CLEARING_SECONDS = 10;
    /** An artifact with more contents is taken to be whole if its manifests are there: asking for each takes long. */
    private static final int MOST_CHECKED = 128;

    private final Registry registry;
    private final int workers;
    /** Shared by the models that are pushed side by side. */
    private final Semaphore connections;

    private final Messages messages;
    private final Supplier<TransferProgress> progress;
    private final Map<Digest, Object> turns = new ConcurrentHashMap<>();
    /** Which repository has which content, as far as this run knows. */
    private final Map<Digest, String> known = new ConcurrentHashMap<>();

    /**
     * Uploads to one registry.
     *
     * @param workers how many contents are sent at once
     * @param progress makes the listener of one content
     * @throws IllegalArgumentException if {@code workers} is less than 1
     */
    public BlobUploads(Registry registry, int workers, Messages messages, Supplier<TransferProgress> progress) {
        if (workers < 1) {
            throw new IllegalArgumentException("cache.workers is " + workers + ", expected 1 or more");
        }
        this.registry = registry;
        this.workers = workers;
        this.connections = new Semaphore(workers, true);
        this.messages = messages;
        this.progress = progress;
    }

    /**
     * What was sent.
     *
     * @param contents how many the registry did not have
     * @param bytes their sizes
     */
    public record Sent(int contents, long bytes) {}

    /**
     * An artifact with all that it names.
     *
     * @param top what the tag means
     * @param parts the manifests that it names if it is an index
     * @param blobs what the manifests name
     */
    public record Artifact(
            String repository,
            String tag,
            Registry.Manifest top,
            List<Registry.Manifest> parts,
            List<Registry.Blob> blobs) {}

    /**
     * Puts an artifact, its tag last.
     *
     * @return empty if the registry has it already
     */
    public Optional<Sent> put(Artifact artifact) throws IOException {
        String repository = artifact.repository();
        if (registry.has(repository, artifact.tag(), artifact.top(), artifact.parts(), artifact.blobs())) {
            return lost(artifact);
        }
        Sent sent = put(repository, artifact.blobs());
        for (Registry.Manifest part : artifact.parts()) {
            registry.putPart(repository, part);
        }
        registry.putManifest(repository, artifact.tag(), artifact.top());
        return Optional.of(sent);
    }

    /** Sends what a registry has lost, although it still has the manifests; empty if that is nothing. */
    private Optional<Sent> lost(Artifact artifact) throws IOException {
        List<Registry.Blob> blobs = artifact.blobs();
        Sent sent = blobs.size() <= MOST_CHECKED ? put(artifact.repository(), blobs) : new Sent(0, 0);
        blobs.forEach(blob -> known.putIfAbsent(blob.digest(), artifact.repository()));
        return Optional.of(sent).filter(found -> found.contents() > 0);
    }

    /** Sees to it that a repository has all of these contents. */
    public Sent put(String repository, List<Registry.Blob> blobs) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(workers, blobs.size())));
        try {
            AtomicBoolean failed = new AtomicBoolean();
            List<Future<Boolean>> running = new ArrayList<>();
            for (Registry.Blob blob : blobs) {
                running.add(pool.submit(() -> !failed.get() && put(repository, blob, failed)));
            }
            int contents = 0;
            long bytes = 0;
            for (int i = 0; i < blobs.size(); i++) {
                if (running.get(i).get()) {
                    contents++;
                    bytes += blobs.get(i).size();
                }
            }
            return new Sent(contents, bytes);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pushing", e);
        } finally {
            end(pool);
        }
    }

    /** What copies have begun is cleared away before a failure is told; a server that stalls is not waited for. */
    private void end(ExecutorService pool) {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(CLEARING_SECONDS, TimeUnit.SECONDS)) {
                messages.debug("A content is still being sent; its connection ends with the build");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once a content has failed, those that wait are left; the manifest is not put then. */
    private boolean put(String repository, Registry.Blob blob, AtomicBoolean failed) throws IOException {
        boolean done = false;
        // What another model is sending just now can be mounted afterwards.
        synchronized (turns.computeIfAbsent(blob.digest(), digest -> new Object())) {
            try {
                boolean sent = put(repository, blob);
                done = true;
                return sent;
            } finally {
                failed.compareAndSet(false, !done);
            }
        }
    }

    private boolean put(String repository, Registry.Blob blob) throws IOException {
        Optional<String> from = Optional.ofNullable(known.get(blob.digest()));
        if (from.equals(Optional.of(repository))) {
            return false;
        }
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pushing", e);
        }
        try {
            boolean sent = registry.put(repository, blob, from, progress.get());
            known.putIfAbsent(blob.digest(), repository);
            return sent;
        } finally {
            connections.release();
        }
    }
}
