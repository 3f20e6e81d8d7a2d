package io.github.modelcache.registry;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Puts the locked models of a project into a registry, and their manifests' digests into the lock. */
public final class ModelPush {

    private static final int CLEARING_SECONDS = 10;

    private final CacheConfig config;
    private final LockFile lockFile;
    private final ContentDigests digests;
    private final Registry registry;
    private final RegistryAddress address;
    private final int workers;
    /** Shared by the models that are pushed side by side. */
    private final Semaphore connections;

    private final Messages messages;
    private final Supplier<TransferProgress> progress;
    private final Layouts layouts;
    private final Map<Digest, Object> turns = new ConcurrentHashMap<>();
    /** Which repository has which content, as far as this run knows. */
    private final Map<Digest, String> known = new ConcurrentHashMap<>();

    /**
     * A push.
     *
     * @param workers how many files are sent at once
     * @param progress makes the listener of one file
     */
    public ModelPush(
            CacheConfig config,
            LockFile lockFile,
            ContentDigests digests,
            Registry registry,
            RegistryAddress address,
            int workers,
            Messages messages,
            Supplier<TransferProgress> progress) {
        if (workers < 1) {
            throw new IllegalArgumentException("cache.workers is " + workers + ", expected 1 or more");
        }
        this.config = config;
        this.lockFile = lockFile;
        this.digests = digests;
        this.registry = registry;
        this.address = address;
        this.workers = workers;
        this.connections = new Semaphore(workers, true);
        this.messages = messages;
        this.progress = progress;
        this.layouts = new Layouts(config);
    }

    /**
     * What is to be pushed: each declared model, all of whose files must be in the cache as the lock says.
     *
     * @throws ModelException when one is not locked, or not complete; nothing is pushed then
     */
    public Plan plan() throws ModelException, LockException, IOException {
        Lock lock = lockFile.read();
        Map<ModelVersion, ResolvedModel> pushed = new ConcurrentSkipListMap<>();
        List<Action> actions = new ArrayList<>();
        for (ModelDeclaration declaration : lock.wanted(config.models())) {
            Optional<ResolvedModel> model = ready(lock, declaration);
            if (model.isPresent()) {
                actions.add(push(model.get(), pushed));
            }
        }
        if (!actions.isEmpty()) {
            actions.add(new Action.Write(lockFile.path(), "what the registry calls the models", () -> {
                if (lockFile.update(now -> named(now, pushed.values()))) {
                    messages.info("Wrote " + lockFile.name() + "; commit it");
                }
                return 0;
            }));
        }
        return new Plan(actions);
    }

    /** The lock with the manifests of those models that it still pins as they were pushed; a push can take long. */
    private Lock named(Lock now, Collection<ResolvedModel> pushed) {
        Map<ModelVersion, ResolvedModel> models = new TreeMap<>();
        now.models().forEach(model -> models.put(model.version(), model));
        for (ResolvedModel model : pushed) {
            Digest manifest = model.manifest().orElseThrow();
            Optional<ResolvedModel> pinned = now.find(model.version());
            if (pinned.map(other -> other.pushed(manifest).equals(model)).orElse(false)) {
                models.put(model.version(), model);
            } else {
                messages.warn(
                        model.reference() + " was pushed, but " + lockFile.name() + " does not pin what was pushed"
                                + " any more; it stays as it is. Run mvn cache:download, then push again");
            }
        }
        return Lock.of(models.values());
    }

    /** An optional model that is not there is left out. */
    private Optional<ResolvedModel> ready(Lock lock, ModelDeclaration declaration) throws ModelException, IOException {
        Optional<ResolvedModel> model = lock.find(declaration);
        Optional<String> problem = model.isEmpty()
                ? Optional.of(declaration.reference() + " is not in the lock as it is declared")
                : incomplete(model.get());
        if (problem.isEmpty()) {
            return model;
        }
        if (!declaration.optional()) {
            throw new ModelException(problem.get() + "; run mvn cache:download, then push");
        }
        messages.warn(problem.get() + "; the model is optional and not pushed");
        return Optional.empty();
    }

    private Optional<String> incomplete(ResolvedModel model) throws IOException {
        Layout layout = layouts.of(model);
        List<ModelFile> missing = new ModelFiles(layout, digests).missing(model);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(model.reference() + " is not complete in the cache: "
                        + missing.get(0).path() + " is missing or is not what the lock says");
    }

    private Action push(ResolvedModel model, Map<ModelVersion, ResolvedModel> pushed) {
        Layout layout = layouts.of(model);
        String reference = model.version().toString();
        ArtifactName name = ArtifactName.of(address, model);
        String to = address.folder().isPresent()
                ? address.toString()
                : address.server().getRawAuthority() + "/" + name.repository();
        return new Action.Push(layout.folder(model), reference, to, model.bytes(), () -> {
            try {
                Sent sent = send(model, layout, name);
                pushed.put(model.version(), model.pushed(sent.manifest()));
                messages.info(sent.report(reference, to));
                return sent.bytes();
            } catch (ModelException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    /** What a model's push came to. */
    private record Sent(Digest manifest, int contents, long bytes, boolean present) {

        String report(String reference, String to) {
            if (present) {
                return reference + " is in " + to + " already";
            }
            return "Pushed " + reference + " to " + to + " ("
                    + (contents == 0 ? "every content was there" : ByteSize.format(bytes)) + ")";
        }
    }

    private Sent send(ResolvedModel model, Layout layout, ArtifactName name) throws ModelException, IOException {
        if (model.gated()) {
            messages.warn(model.reference() + " is gated at its source; whoever may read " + address
                    + " has it without accepting its terms");
        }
        Map<String, Digest> sha256 = ModelBlobs.sha256(model, layout, digests);
        ModelArtifact artifact = ModelArtifact.of(model, sha256);
        Digest digest = artifact.top().digest();
        List<Registry.Blob> blobs = ModelBlobs.of(model, layout, sha256, artifact);
        List<Registry.Manifest> parts = artifact.isSplit()
                ? artifact.parts().stream().map(ModelArtifact.Part::manifest).toList()
                : List.of();
        if (registry.has(name.repository(), name.tag(), artifact.top(), parts, blobs)) {
            blobs.forEach(blob -> known.putIfAbsent(blob.digest(), name.repository()));
            return new Sent(digest, 0, 0, true);
        }
        Sent contents = put(name, blobs, digest);
        for (Registry.Manifest part : parts) {
            registry.putPart(name.repository(), part);
        }
        registry.putManifest(name.repository(), name.tag(), artifact.top());
        return contents;
    }

    private Sent put(ArtifactName name, List<Registry.Blob> blobs, Digest manifest) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(workers, blobs.size()));
        try {
            AtomicBoolean failed = new AtomicBoolean();
            List<Future<Boolean>> running = new ArrayList<>();
            for (Registry.Blob blob : blobs) {
                running.add(pool.submit(() -> !failed.get() && put(name, blob, failed)));
            }
            int contents = 0;
            long bytes = 0;
            for (int i = 0; i < blobs.size(); i++) {
                if (running.get(i).get()) {
                    contents++;
                    bytes += blobs.get(i).size();
                }
            }
            return new Sent(manifest, contents, bytes, false);
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
    private boolean put(ArtifactName name, Registry.Blob blob, AtomicBoolean failed) throws IOException {
        boolean done = false;
        // What another model is sending just now can be mounted afterwards.
        synchronized (turns.computeIfAbsent(blob.digest(), digest -> new Object())) {
            try {
                boolean sent = put(name, blob);
                done = true;
                return sent;
            } finally {
                failed.compareAndSet(false, !done);
            }
        }
    }

    private boolean put(ArtifactName name, Registry.Blob blob) throws IOException {
        Optional<String> from = Optional.ofNullable(known.get(blob.digest()));
        if (from.equals(Optional.of(name.repository()))) {
            return false;
        }
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pushing", e);
        }
        try {
            boolean sent = registry.put(name.repository(), blob, from, progress.get());
            known.putIfAbsent(blob.digest(), name.repository());
            return sent;
        } finally {
            connections.release();
        }
    }
}
