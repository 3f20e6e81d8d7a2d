package io.github.modelcache.registry.image;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.concurrent.WorkSharingExecutor;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.CompleteModels;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.BlobUploads;
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
    public ImagePush(
            CacheConfig config,
            Lock lock,
            ContentDigests digests,
            RegistryAddress address,
            BlobUploads uploads,
            Messages messages) {
        this.config = config;
        this.lock = lock;
        this.address = address;
        this.uploads = uploads;
        this.messages = messages;
        this.layouts = new Layouts(config);
        this.models = new CompleteModels(layouts, digests, messages);
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
        Map<String, ResolvedModel> pushed = complete(new ImageSelection(config, lock).models(chosen));
        if (pushed.isEmpty()) {
            return new Plan(List.of());
        }
        ImageName image = ImageName.of(address, name, pushed);
        List<ImageModel> placed = new ArrayList<>();
        pushed.forEach((each, model) -> placed.add(
                ImageModel.of(model, pushed.size() == 1 ? ImageModel.ROOT : ImageModel.ROOT + "/" + each, layouts)));
        LayerPlan layers = LayerPlan.of(placed);
        String what =
                pushed.size() == 1 ? pushed.values().iterator().next().version().toString() : pushed.size() + " models";
        long bytes = pushed.values().stream().mapToLong(ResolvedModel::bytes).sum();
        return new Plan(List.of(new Action.Push(
                config.baseDir(),
                what + " as an image",
                address.display(image.repository(), image.tag()),
                bytes,
                () -> push(image, pushed, base, placed, layers))));
    }

    /** The models that can be pushed, by their names. */
    private Map<String, ResolvedModel> complete(List<ImageSelection.Chosen> chosen) throws ModelException, IOException {
        Map<String, ResolvedModel> complete = new LinkedHashMap<>();
        for (ImageSelection.Chosen each : chosen) {
            models.complete(each.declaration(), each.model()).ifPresent(model -> complete.put(each.name(), model));
        }
        return complete;
    }

    private long push(
            ImageName image,
            Map<String, ResolvedModel> chosen,
            Optional<BaseImageReader> base,
            List<ImageModel> placed,
            LayerPlan plan)
            throws IOException {
        chosen.values().forEach(model -> models.warnIfGated(model, address));
        List<LayerBlob> layers = digests(placed, plan);
        BaseImage below = base.isPresent() ? base.get().read() : BaseImage.NONE;
        ImageArtifact artifact = ImageArtifact.of(chosen, below, plan, layers);
        String name = address.display(image.repository(), image.tag());
        Digest digest = artifact.index().digest();
        Optional<BlobUploads.Sent> sent = uploads.put(new BlobUploads.Artifact(
                image.repository(), image.tag(), artifact.index(), artifact.manifests(), artifact.blobs()));
        if (sent.isEmpty()) {
            messages.info("The image is in " + name + " already (" + digest + ")");
            return 0;
        }
        messages.info("Pushed the image " + name + " (" + layers.size()
                + (layers.size() == 1 ? " layer, " : " layers, ")
                + (sent.get().contents() == 0
                        ? "every content was there"
                        : ByteSize.format(sent.get().bytes()) + " sent")
                + "); "
                + digest);
        return sent.get().bytes();
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
