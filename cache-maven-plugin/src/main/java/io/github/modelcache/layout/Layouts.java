package io.github.modelcache.layout;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WhisperModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which layout keeps which models. */
public final class Layouts {

    private final Map<String, Layout> byScheme;
    private final List<Layout> layouts;

    /** The layouts of a project's cache roots. */
    public Layouts(CacheConfig config) {
        Layout flat = new FlatLayout(config.modelsHome());
        Layout hub = new HubLayout(config.hfHome().resolve("hub"));
        Path torchHub = config.torchHome().resolve("hub");
        Layout checkpoints = new FilesLayout(
                torchHub.resolve("checkpoints"), name -> Optional.of(new ModelReference("torch", name)));
        WhisperModels table = WhisperModels.read();
        Layout whisper = new FilesLayout(config.whisperHome(), table::reference);
        byScheme = Map.of("maven", flat, "url", flat, "hf", hub, "torch", checkpoints, "whisper", whisper);
        layouts = List.of(hub, checkpoints, whisper, flat);
    }

    /** All of them. */
    public List<Layout> all() {
        return layouts;
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
}
