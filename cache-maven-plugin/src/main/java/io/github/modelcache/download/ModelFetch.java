package io.github.modelcache.download;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.Source;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.NameClashes;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Brings the missing files of one model: each fetched beside its place, checked, and moved in. */
final class ModelFetch {

    private final Source source;
    private final Layout layout;
    private final ModelFiles presence;
    private final ContentDigests digests;
    private final ExecutorService workers;
    private final FileGate gate;
    private final Semaphore scanning;
    private final Messages messages;

    ModelFetch(
            Source source,
            Layout layout,
            ModelFiles presence,
            ContentDigests digests,
            ExecutorService workers,
            FileGate gate,
            Semaphore scanning,
            Messages messages) {
        this.gate = gate;
        this.scanning = scanning;
        this.source = source;
        this.layout = layout;
        this.presence = presence;
        this.digests = digests;
        this.workers = workers;
        this.messages = messages;
    }

    /**
     * Fetches the missing files; another build may have fetched some since the plan was made.
     *
     * @return the model with every size and digest known
     */
    Fetched run(ResolvedModel model) throws ModelException, IOException {
        requireANameForEach(model);
        try (ProcessLock held = ProcessLock.acquire(layout.processLock(model.reference()), () -> waiting(model))) {
            List<ModelFiles.State> states = presence.states(model);
            ResolvedModel known = ModelFiles.learned(model, states);
            Set<String> missing =
                    ModelFiles.missing(states).stream().map(ModelFile::path).collect(Collectors.toSet());
            Fetched fetched = missing.isEmpty() ? new Fetched(known, 0) : fetch(known, missing, held.exclusive());
            layout.complete(fetched.model());
            return fetched;
        }
    }

    /**
     * A complete model.
     *
     * @param bytes what of it was fetched just now
     */
    record Fetched(ResolvedModel model, long bytes) {

        /** Whether it was there already. */
        boolean found() {
            return bytes == 0 && model.bytes() > 0;
        }
    }

    private void waiting(ResolvedModel model) {
        messages.info("Waiting for another build that is fetching " + model.reference());
    }

    /** The lock may come from a machine whose disk has names that this one can't tell apart. */
    private void requireANameForEach(ResolvedModel model) throws ModelException, IOException {
        List<String> names = model.files().stream().map(ModelFile::path).toList();
        Path probe = PartialFiles.unshared(PartialFiles.beside(
                layout.root().resolve("names"), model.reference().toString(), Optional.empty()));
        Optional<String> clash = NameClashes.in(probe, names);
        if (clash.isPresent()) {
            throw new ModelException(model.reference() + " can't be kept below " + layout.root() + ": "
                    + TextSanitizer.text(clash.get()) + ". Leave one of them out with \"exclude\", or put the cache on"
                    + " another disk");
        }
    }

    /** One file to fetch; {@code alone} if no other build can fetch it at the same time. */
    private record Task(ResolvedModel model, ModelFile file, int position, boolean alone) {}

    private Fetched fetch(ResolvedModel model, Set<String> wanted, boolean alone) throws ModelException, IOException {
        List<ModelFile> files = new ArrayList<>(model.files());
        long bytes = 0;
        try (ModelContent content = source.open(model)) {
            AtomicBoolean failed = new AtomicBoolean();
            List<Future<List<Arrived>>> running = new ArrayList<>();
            for (List<Task> equals : tasks(model, wanted, alone)) {
                running.add(workers.submit(() -> attempt(equals, content, failed)));
            }
            for (Arrived arrived : all(running)) {
                files.set(arrived.position(), arrived.found());
                bytes += arrived.bytes();
            }
        }
        ResolvedModel found = model.withFiles(files);
        return new Fetched(found.revision().isEmpty() ? pinnedByContent(found) : found, bytes);
    }

    /** The files to fetch; files of the same content one after the other, so that it is fetched once. */
    private static Collection<List<Task>> tasks(ResolvedModel model, Set<String> wanted, boolean alone) {
        Map<Object, List<Task>> byContent = new LinkedHashMap<>();
        for (int i = 0; i < model.files().size(); i++) {
            ModelFile file = model.files().get(i);
            if (wanted.contains(file.path())) {
                Object content = file.digest().isPresent() ? file.digest().get() : file.path();
                byContent.computeIfAbsent(content, key -> new ArrayList<>(1)).add(new Task(model, file, i, alone));
            }
        }
        return byContent.values();
    }

    /** Once a file has failed, those that wait are left; those under way are finished, so that no byte is lost. */
    private List<Arrived> attempt(List<Task> equals, ModelContent content, AtomicBoolean failed)
            throws ModelException, IOException {
        List<Arrived> arrived = new ArrayList<>(equals.size());
        try {
            for (Task task : equals) {
                arrived.add(failed.get() ? new Arrived(task.position(), task.file(), 0) : fetch(task, content));
            }
            return arrived;
        } finally {
            if (arrived.size() < equals.size()) {
                failed.set(true);
            }
        }
    }

    /** Waits for every task, and fails with the first problem if there is one. */
    private static List<Arrived> all(List<Future<List<Arrived>>> running) throws ModelException, IOException {
        List<Arrived> arrived = new ArrayList<>();
        List<Throwable> problems = new ArrayList<>();
        for (Future<List<Arrived>> task : running) {
            try {
                arrived.addAll(task.get());
            } catch (ExecutionException e) {
                problems.add(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while fetching", e);
            }
        }
        if (problems.isEmpty()) {
            return arrived;
        }
        Throwable first = problems.get(0);
        if (first instanceof ModelException problem) {
            throw problem;
        }
        throw first instanceof IOException io ? io : new IOException(String.valueOf(first), first);
    }

    /** A model without revisions is pinned by its one file's digest. */
    private static ResolvedModel pinnedByContent(ResolvedModel model) {
        String digest = model.files().get(0).digest().map(Digest::toString).orElseThrow();
        return model.at(digest);
    }

    private record Arrived(int position, ModelFile found, long bytes) {}

    private Arrived fetch(Task task, ModelContent content) throws ModelException, IOException {
        ResolvedModel model = task.model();
        ModelFile file = task.file();
        if (adopted(model, file)) {
            return new Arrived(task.position(), file, 0);
        }
        Optional<ModelFile> present = taken(model, file, content);
        if (present.isPresent()) {
            return new Arrived(task.position(), present.get(), 0);
        }
        Path usual = layout.partial(model, file);
        Path partial = task.alone() ? PartialFiles.writable(usual) : PartialFiles.unshared(usual);
        AtomicFiles.createParents(partial);
        ModelContent.Received received = content.fetch(file, partial);
        publish(model, file, received, partial);
        return new Arrived(task.position(), file.found(received.size(), received.digest()), received.size());
    }

    private void publish(ResolvedModel model, ModelFile file, ModelContent.Received received, Path partial)
            throws ModelException, IOException {
        ReceivedFile arrived = new ReceivedFile(model, file, received, partial);
        arrived.requireLocked();
        arrived.requireModel();
        arrived.warnOfPlaceholder(messages);
        // Scanning is work for processors. Threads that hold a connection must not wait for dozens of scans.
        scanning.acquireUninterruptibly();
        try {
            gate.require(model, file, partial, received.digest());
        } finally {
            scanning.release();
        }
        Path place = layout.publish(model, file, partial);
        digests.published(place, layout.file(model, file), received.digest());
    }

    /** Takes a content that is there already, if it really is what it should be. */
    private boolean adopted(ResolvedModel model, ModelFile file) throws IOException {
        Optional<Path> content = layout.content(model, file).filter(Files::isRegularFile);
        if (content.isEmpty() || file.digest().isEmpty()) {
            return false;
        }
        CacheEntry entry = CacheEntry.resolved(content.get());
        Digest expected = file.digest().get();
        boolean same = entry.size() == file.size()
                && digests.digest(entry.path(), entry.stamp(), expected.algorithm())
                        .get()
                        .equals(expected);
        if (same) {
            layout.adopt(model, file);
        }
        return same;
    }

    /** Uses a file that another program fetched, if its digest begins with the digits that the source tells. */
    private Optional<ModelFile> taken(ResolvedModel model, ModelFile file, ModelContent content) throws IOException {
        Optional<String> prefix = file.digest().isEmpty() ? content.digestPrefix(file) : Optional.empty();
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        Path path = layout.file(model, file);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        CacheEntry entry = CacheEntry.resolved(path);
        Digest actual = digests.digest(entry.path(), entry.stamp(), DigestAlgorithm.SHA256)
                .get();
        return actual.hex().startsWith(prefix.get()) ? Optional.of(file.found(entry.size(), actual)) : Optional.empty();
    }
}
