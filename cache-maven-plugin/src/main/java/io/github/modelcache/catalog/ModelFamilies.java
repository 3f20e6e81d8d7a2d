package io.github.modelcache.catalog;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.CoordinateLayout;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelFamily;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.SingleFolderLayout;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.SourceContext;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.family.maven.MavenSource;
import io.github.modelcache.family.modelscope.ModelScopeLayout;
import io.github.modelcache.family.modelscope.ModelScopeSource;
import io.github.modelcache.family.ollama.OllamaLayout;
import io.github.modelcache.family.ollama.OllamaSource;
import io.github.modelcache.family.spacy.SpacySource;
import io.github.modelcache.family.torch.TorchHubLayout;
import io.github.modelcache.family.torch.TorchHubSource;
import io.github.modelcache.family.torch.TorchSource;
import io.github.modelcache.family.url.UrlSource;
import io.github.modelcache.family.whisper.WhisperSource;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.SpacyPackage;
import io.github.modelcache.model.TorchCheckpoint;
import io.github.modelcache.model.WhisperModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The list of all model families. To add a family, add a line to it and the scheme to {@link ModelReference}. */
public final class ModelFamilies {

    static final List<ModelFamily> ALL = List.of(
            new ModelFamily("hf", config -> new HubLayout(config.hfHome().resolve("hub")), HubSource::new),
            new ModelFamily(
                    "torch",
                    config -> checkpoints(torchHub(config).resolve("checkpoints")),
                    in -> new TorchSource(in.web())),
            new ModelFamily(
                    "torchhub",
                    config -> new TorchHubLayout(torchHub(config), config.projectRoot()),
                    in -> new TorchHubSource(in.web(), new PluginDirectory(in.config()).downloads())),
            new ModelFamily("whisper", config -> whisper(config.whisperHome()), in -> new WhisperSource(in.web())),
            new ModelFamily("spacy", ModelFamilies::spacy, in -> new SpacySource(in.web())),
            new ModelFamily("modelscope", ModelScopeLayout::new, in -> new ModelScopeSource(in.web())),
            new ModelFamily("ollama", OllamaLayout::new, in -> new OllamaSource(in.web())),
            new ModelFamily(
                    "maven",
                    ModelFamilies::models,
                    in -> new MavenSource(in.artifacts(), new PluginDirectory(in.config()).downloads())),
            new ModelFamily(
                    "url",
                    ModelFamilies::models,
                    in -> new UrlSource(in.web(), new PluginDirectory(in.config()).downloads())));

    private ModelFamilies() {}

    /** The sources of all families. */
    public static Sources sources(SourceContext context) {
        Map<String, Source> sources = new TreeMap<>();
        ALL.forEach(family -> sources.put(family.scheme(), family.source().apply(context)));
        return new Sources(sources);
    }

    /** A folder of PyTorch's checkpoints. */
    static Layout checkpoints(Path folder) {
        return new SingleFolderLayout(
                folder, name -> Optional.of(new ModelReference("torch", name)), TorchCheckpoint::certainPrefix);
    }

    /** A folder of openai-whisper's models. */
    static Layout whisper(Path folder) {
        WhisperModels table = WhisperModels.read();
        return new SingleFolderLayout(folder, table::reference, table::sha256);
    }

    private static Layout spacy(CacheConfig config) {
        return new SingleFolderLayout(config.modelsHome().resolve("spacy"), SpacyPackage::ofWheel);
    }

    private static Layout models(CacheConfig config) {
        return new CoordinateLayout(config.modelsHome());
    }

    private static Path torchHub(CacheConfig config) {
        return config.torchHome().resolve("hub");
    }
}
