package io.github.modelcache.registry;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.CompleteModels;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.BlobUploads;
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
import java.util.concurrent.ConcurrentSkipListMap;

/** Puts the locked models of a project into a registry, and their manifests' digests into the lock. */
public final class ModelPush {

    private final CacheConfig config;
    private final LockFile lockFile;
    private final ContentDigests digests;
    private final RegistryAddress address;
    private final BlobUploads uploads;
    private final Messages messages;
    private final Layouts layouts;
    private final CompleteModels models;

    /**
     * A push.
     *
     * @param uploads to the registry
     */
    public ModelPush(
            CacheConfig config,
            LockFile lockFile,
            ContentDigests digests,
            RegistryAddress address,
            BlobUploads uploads,
            Messages messages) {
        this.config = config;
        this.lockFile = lockFile;
        this.digests = digests;
        this.address = address;
        this.uploads = uploads;
        this.messages = messages;
        this.layouts = new Layouts(config);
        this.models = new CompleteModels(layouts, digests, messages);
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
        for (ModelDeclaration declaration : lock.withDependencies(config.models())) {
            Optional<ResolvedModel> model = models.complete(declaration, lock.find(declaration));
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
                                + " any more; it was not changed. Run mvn cache:download, then push again");
            }
        }
        return Lock.of(models.values());
    }

    private Action push(ResolvedModel model, Map<ModelVersion, ResolvedModel> pushed) {
        Layout layout = layouts.of(model);
        String reference = model.version().toString();
        ArtifactName name = ArtifactName.of(address, model);
        String to = address.display(name.repository());
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

    /**
     * The result of a model's push.
     *
     * @param contents empty if the registry had the model
     */
    private record Sent(Digest manifest, Optional<BlobUploads.Sent> contents) {

        long bytes() {
            return contents.map(BlobUploads.Sent::bytes).orElse(0L);
        }

        String report(String reference, String to) {
            if (contents.isEmpty()) {
                return reference + " is in " + to + " already";
            }
            return "Pushed " + reference + " to " + to + " ("
                    + (contents.get().contents() == 0 ? "every content was there" : ByteSize.format(bytes())) + ")";
        }
    }

    private Sent send(ResolvedModel model, Layout layout, ArtifactName name) throws ModelException, IOException {
        models.warnIfGated(model, address);
        Map<String, Digest> sha256 = ModelBlobs.sha256(model, layout, digests);
        ModelArtifact artifact = ModelArtifact.of(model, sha256);
        List<Registry.Manifest> parts = artifact.isSplit()
                ? artifact.parts().stream().map(ModelArtifact.Part::manifest).toList()
                : List.of();
        Optional<BlobUploads.Sent> sent = uploads.put(new BlobUploads.Artifact(
                name.repository(), name.tag(), artifact.top(), parts, ModelBlobs.of(model, layout, sha256, artifact)));
        return new Sent(artifact.top().digest(), sent);
    }
}
