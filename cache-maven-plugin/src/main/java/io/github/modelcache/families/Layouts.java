package io.github.modelcache.families;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.CoordinateLayout;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.SingleFolderLayout;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.family.torch.TorchHubLayout;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.SpacyPackage;
import io.github.modelcache.model.TorchCheckpoint;
import io.github.modelcache.model.WhisperModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which layout keeps which models. */
public final class Layouts {

    private final Map<String, Layout> byScheme;
    private final List<Layout> layouts;
    private final Layout hub;

    /** The layouts of a project's cache roots. */
    public Layouts(CacheConfig config) {
        Layout flat = new CoordinateLayout(config.modelsHome());
        hub = new HubLayout(config.hfHome().resolve("hub"));
        Path torchHub = config.torchHome().resolve("hub");
        Layout checkpoints = new SingleFolderLayout(
                torchHub.resolve("checkpoints"),
                name -> Optional.of(new ModelReference("torch", name)),
                TorchCheckpoint::certainPrefix);
        WhisperModels table = WhisperModels.read();
        Layout whisper = new SingleFolderLayout(config.whisperHome(), table::reference, table::sha256);
        Layout repositories = new TorchHubLayout(torchHub, config.projectRoot());
        Layout spacy = new SingleFolderLayout(config.modelsHome().resolve("spacy"), SpacyPackage::ofWheel);
        byScheme = Map.of(
                "maven", flat,
                "url", flat,
                "hf", hub,
                "torch", checkpoints,
                "torchhub", repositories,
                "whisper", whisper,
                "spacy", spacy);
        layouts = List.of(hub, checkpoints, repositories, whisper, spacy, flat);
    }

    /** All of them. */
    public List<Layout> all() {
        return layouts;
    }

    /** That of the model hub. */
    public Layout hub() {
        return hub;
    }

    /** The layout of a kind of model, if this plugin knows it. */
    public Optional<Layout> find(ModelReference reference) {
        return Optional.ofNullable(byScheme.get(reference.scheme()));
    }

    /**
     * The layout of a resolved model.
     *
     * @throws IllegalArgumentException when no layout knows its scheme
     */
    public Layout of(ResolvedModel model) {
        return find(model.reference())
                .orElseThrow(() -> new IllegalArgumentException(
                        "models of the kind '" + model.reference().scheme() + ":' are not known to this plugin"));
    }

    /**
     * What a program opens: the model's one file, or the folder that holds its files and no other model's.
     *
     * @throws IllegalArgumentException when no layout knows its scheme
     */
    public Path path(ResolvedModel model) {
        Layout layout = of(model);
        return model.files().size() == 1 ? layout.file(model, model.files().get(0)) : layout.place(model);
    }
}
