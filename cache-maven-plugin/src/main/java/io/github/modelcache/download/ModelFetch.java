package io.github.modelcache.download;

import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.inventory.ModelFiles;
import io.github.modelcache.io.Digest;
import io.github.modelcache.io.ProcessLock;
import io.github.modelcache.layout.Layout;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.source.ModelContent;
import io.github.modelcache.source.ModelException;
import io.github.modelcache.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Brings the missing files of one model: each fetched beside its place, checked, and moved in. */
final class ModelFetch {

    private final Source source;
    private final Layout layout;
    private final ModelFiles presence;
    private final ContentDigests digests;
    private final ExecutorService workers;
    private final Messages messages;

    ModelFetch(
            Source source,
            Layout layout,
            ModelFiles presence,
            ContentDigests digests,
            ExecutorService workers,
            Messages messages) {
        this.source = source;
        this.layout = layout;
        this.presence = presence;
        this.digests = digests;
        this.workers = workers;
        this.messages = messages;
    }

    /**
     * Fetches what is missing by now; another build may have brought it meanwhile.
     *
     * @param processLock keeps that other build from fetching the same files at the same time
     * @return the model with every size and digest known
     */
    Fetched run(ResolvedModel model, Path processLock) throws ModelException, IOException {
        try (ProcessLock held = ProcessLock.acquire(processLock, () -> waiting(model))) {
            Set<String> missing = missing(model).stream().map(ModelFile::path).collect(Collectors.toSet());
            ResolvedModel complete = missing.isEmpty() ? model : fetch(model, missing);
            layout.complete(complete);
            return new Fetched(complete, bytes(complete, missing));
        }
    }

    /**
     * A complete model.
     *
     * @param bytes what of it was fetched just now
     */
    record Fetched(ResolvedModel model, long bytes) {}

    private static long bytes(ResolvedModel model, Set<String> fetched) {
        return model.files().stream()
                .filter(file -> fetched.contains(file.path()))
                .mapToLong(ModelFile::size)
                .sum();
    }

    private void waiting(ResolvedModel model) {
        messages.info("Waiting for another build that is fetching " + model.reference());
    }

    private List<ModelFile> missing(ResolvedModel model) throws IOException {
        synchronized (digests) {
            return presence.missing(model);
        }
    }

    private ResolvedModel fetch(ResolvedModel model, Set<String> wanted) throws ModelException, IOException {
        List<ModelFile> files = new ArrayList<>(model.files());
        try (ModelContent content = source.open(model)) {
            CompletionService<Arrived> arrivals = new ExecutorCompletionService<>(workers);
            List<Future<Arrived>> running = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                int position = i;
                ModelFile file = files.get(i);
                if (wanted.contains(file.path())) {
                    running.add(arrivals.submit(() -> fetch(model, file, position, content)));
                }
            }
            try {
                for (int i = 0; i < running.size(); i++) {
                    Arrived arrived = await(arrivals);
                    files.set(arrived.position(), arrived.found());
                }
            } finally {
                running.forEach(task -> task.cancel(true));
                settle(running);
            }
        }
        ResolvedModel found = model.withFiles(files);
        return found.revision().isEmpty() ? pinnedByContent(found) : found;
    }

    /** A model without revisions is pinned by its one file's digest. */
    private static ResolvedModel pinnedByContent(ResolvedModel model) {
        String digest = model.files().get(0).digest().map(Digest::toString).orElseThrow();
        return new ResolvedModel(model.reference(), model.request(), digest, model.license(), model.files());
    }

    private record Arrived(int position, ModelFile found) {}

    private Arrived fetch(ResolvedModel model, ModelFile file, int position, ModelContent content)
            throws ModelException, IOException {
        Path partial = layout.partial(model, file);
        Files.createDirectories(partial.getParent());
        ModelContent.Received received = content.fetch(file, partial);
        check(model, file, received, partial);
        layout.publish(model, file, partial);
        synchronized (digests) {
            digests.published(layout.file(model, file), received.digest());
        }
        return new Arrived(position, file.found(received.size(), received.digest()));
    }

    /** The last gate before a file becomes visible, whatever the source has checked already. */
    private static void check(ResolvedModel model, ModelFile file, ModelContent.Received received, Path partial)
            throws ModelException, IOException {
        boolean size = file.size() == ModelFile.UNKNOWN_SIZE || file.size() == received.size();
        boolean digest = file.digest().isEmpty() || file.digest().get().equals(received.digest());
        if (!size || !digest) {
            Files.deleteIfExists(partial);
            throw new ModelException(model.reference() + ": " + file.path() + " from " + file.url() + " is "
                    + received.digest() + " (" + received.size() + " bytes), but the lock says "
                    + file.digest().map(Digest::toString).orElse("any digest") + " (" + file.size()
                    + " bytes); nothing was put into the cache. If the new content is right, run mvn cache:lock"
                    + " -Dcache.update=" + model.reference());
        }
    }

    private static Arrived await(CompletionService<Arrived> arrivals) throws ModelException, IOException {
        try {
            return arrivals.take().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ModelException problem) {
                throw problem;
            }
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching", e);
        }
    }

    /** Waits until no cancelled task uses the content any more, so that it can be closed. */
    private static void settle(List<Future<Arrived>> tasks) {
        for (Future<Arrived> task : tasks) {
            while (!task.isDone()) {
                Thread.onSpinWait();
            }
        }
    }
}
