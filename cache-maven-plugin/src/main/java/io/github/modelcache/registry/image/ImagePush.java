package io.github.modelcache.registry.image;

import io.github.modelcache.concurrent.WorkSharingExecutor;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.Lock;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts locked models of a project into a registry as one image. */
public final class ImagePush {

    private final CacheConfig config;
    private final Lock lock;
    private final ContentDigests digests;
    private final Registry registry;
    private final RegistryAddress address;
    private final BlobUploads uploads;
    private final Messages messages;
    private final Layouts layouts;

    /**
     * A push.
     *
     * @param uploads to the registry
     */
    public ImagePush(
            CacheConfig config,
            Lock lock,
            ContentDigests digests,
            Registry registry,
            RegistryAddress address,
            BlobUploads uploads,
            Messages messages) {
        this.config = config;
        this.lock = lock;
        this.digests = digests;
        this.registry = registry;
        this.address = address;
        this.uploads = uploads;
        this.messages = messages;
        this.layouts = new Layouts(config);
    }

    /**
     * What is to be pushed.
     *
     * @param chosen names or references of models; none means all
     * @param name of the image; empty for the usual one
     * @param base the image below the models
     * @throws ModelException when a model is not locked, or not complete; nothing is pushed then
     * @throws IllegalArgumentException when no model has a name that is asked for, the image may not have its name, or the
     *     models don't fit into one image
     */
    public Plan plan(List<String> chosen, Optional<String> name, Optional<BaseImageReader> base)
            throws ModelException, IOException {
        Map<String, ResolvedModel> models = complete(new ImageSelection(config, lock).models(chosen));
        if (models.isEmpty()) {
            return new Plan(List.of());
        }
        ImageName image = ImageName.of(address, name, models);
        List<ImageModel> placed = new ArrayList<>();
        models.forEach((each, model) -> placed.add(
                ImageModel.of(model, models.size() == 1 ? ImageModel.ROOT : ImageModel.ROOT + "/" + each, layouts)));
        LayerPlan layers = LayerPlan.of(placed);
        String what =
                models.size() == 1 ? models.values().iterator().next().version().toString() : models.size() + " models";
        long bytes = models.values().stream().mapToLong(ResolvedModel::bytes).sum();
        return new Plan(List.of(new Action.Push(
                config.baseDir(),
                what + " as an image",
                address.display(image.repository(), image.tag()),
                bytes,
                () -> push(image, models, base, placed, layers))));
    }

    /** The models, all of whose files must be in the cache as the lock says; an optional one is left out. */
    private Map<String, ResolvedModel> complete(List<ImageSelection.Chosen> chosen) throws ModelException, IOException {
        Map<String, ResolvedModel> models = new LinkedHashMap<>();
        for (ImageSelection.Chosen each : chosen) {
            Optional<String> problem = problem(each);
            if (problem.isEmpty()) {
                models.put(each.name(), each.model().orElseThrow());
            } else if (each.declaration().optional()) {
                messages.warn(problem.get() + "; the model is optional and not pushed");
            } else {
                throw new ModelException(problem.get() + "; run mvn cache:download, then push");
            }
        }
        return models;
    }

    private Optional<String> problem(ImageSelection.Chosen chosen) throws IOException {
        if (chosen.model().isEmpty()) {
            return Optional.of(chosen.declaration().reference() + " is not in the lock as it is declared");
        }
        ResolvedModel model = chosen.model().get();
        return new ModelFiles(layouts.of(model), digests).incomplete(model);
    }

    private long push(
            ImageName image,
            Map<String, ResolvedModel> models,
            Optional<BaseImageReader> base,
            List<ImageModel> placed,
            LayerPlan plan)
            throws IOException {
        for (ResolvedModel model : models.values()) {
            if (model.gated()) {
                messages.warn(model.reference() + " is gated at its source; whoever may read " + address
                        + " has it without accepting its terms");
            }
        }
        List<LayerBlob> layers = digests(placed, plan);
        BaseImage below = base.isPresent() ? base.get().read() : BaseImage.NONE;
        ImageArtifact artifact = ImageArtifact.of(models, below, plan, layers);
        String name = address.display(image.repository(), image.tag());
        Digest digest = artifact.index().digest();
        if (registry.has(image.repository(), image.tag(), artifact.index(), artifact.manifests(), artifact.blobs())) {
            messages.info("The image is in " + name + " already (" + digest + ")");
            return 0;
        }
        BlobUploads.Sent sent = uploads.put(image.repository(), artifact.blobs());
        for (Registry.Manifest manifest : artifact.manifests()) {
            registry.putPart(image.repository(), manifest);
        }
        registry.putManifest(image.repository(), image.tag(), artifact.index());
        messages.info("Pushed the image " + name + " (" + layers.size()
                + (layers.size() == 1 ? " layer, " : " layers, ")
                + (sent.contents() == 0 ? "every content was there" : ByteSize.format(sent.bytes()) + " sent") + "); "
                + digest);
        return sent.bytes();
    }

    private List<LayerBlob> digests(List<ImageModel> models, LayerPlan plan) throws IOException {
        LayerDigests remembered = LayerDigests.read(new PluginDirectory(config).layerDigests());
        List<WorkSharingExecutor.Task<LayerBlob>> running = new ArrayList<>();
        List<LayerBlob> found = new ArrayList<>();
        try (WorkSharingExecutor executor = new WorkSharingExecutor("model-cache-layers")) {
            for (ImageModel model : models) {
                for (ImageLayer layer : plan.layers(model)) {
                    running.add(executor.begin(() -> new LayerBlob(layer, remembered.of(layer))));
                }
            }
            for (WorkSharingExecutor.Task<LayerBlob> each : running) {
                found.add(each.get());
            }
        }
        remembered.save();
        return found;
    }
}
