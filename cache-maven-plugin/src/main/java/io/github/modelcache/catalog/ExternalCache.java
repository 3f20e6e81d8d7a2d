package io.github.modelcache.catalog;

import io.github.modelcache.family.Layout;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.family.torch.TorchHubLayout;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.model.WhisperModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder outside a project's cache roots, or at a wrong place inside them, in which some library keeps models.
 *
 * @param path the folder, as people know it
 * @param kind how models lie in it
 * @param shared whether other projects may read it too
 * @param name why it is looked at, in words that follow "the": "home cache of PyTorch"
 */
public record ExternalCache(Path path, Kind kind, boolean shared, String name) {

    /** How models lie in a folder. */
    public enum Kind {
        /** {@code models--org--name/}, as in the model hub's cache. */
        HUB,
        /** {@code checkpoints/<file>} and {@code <owner>_<name>_<ref>/}, as in torch's {@code hub}. */
        TORCH,
        /** Checkpoints of PyTorch without a folder of their own, as {@code model_dir} puts them. */
        CHECKPOINTS,
        /** openai-whisper's files. */
        WHISPER
    }

    /**
     * Where a model would lie here: the folder of a repository, or a file. Empty for a model of another kind. There are
     * two answers where torch itself tries two branches. Nothing is looked at.
     */
    public List<Path> of(ModelReference reference) {
        try {
            return switch (reference.scheme()) {
                case "hf" -> kind == Kind.HUB ? List.of(repository(reference.id())) : List.of();
                case "torch" ->
                    kind == Kind.TORCH || kind == Kind.CHECKPOINTS ? List.of(checkpoint(reference.id())) : List.of();
                case "torchhub" -> kind == Kind.TORCH ? unpacked(reference.id()) : List.of();
                case "whisper" -> kind == Kind.WHISPER ? whisper(reference.id()) : List.of();
                default -> List.of();
            };
        } catch (IllegalArgumentException e) {
            return List.of(); // no such model can be
        }
    }

    private Path repository(String id) {
        return path.resolve(HubRepository.parse(id).folder());
    }

    private Path checkpoint(String id) {
        String url = id.split("[?#]", 2)[0];
        return checkpoints().resolve(url.substring(url.lastIndexOf('/') + 1));
    }

    private List<Path> unpacked(String id) {
        TorchHubRepository repository = TorchHubRepository.parse(id);
        List<String> refs = repository.ref().map(List::of).orElse(TorchHubRepository.DEFAULT_BRANCHES);
        return refs.stream().map(ref -> path.resolve(repository.folder(ref))).toList();
    }

    private List<Path> whisper(String id) {
        return WhisperModels.read().find(id).map(entry -> path.resolve(entry.file())).stream()
                .toList();
    }

    private Path checkpoints() {
        return kind == Kind.CHECKPOINTS ? path : path.resolve("checkpoints");
    }

    /** The models that lie here, with their folder or file. */
    public Map<ModelReference, Path> found() throws IOException {
        Map<ModelReference, Path> found = new TreeMap<>();
        for (Layout layout : layouts()) {
            found.putAll(layout.found());
        }
        return found;
    }

    /** How to read what lies here. */
    public List<Layout> layouts() {
        return switch (kind) {
            case HUB -> List.of(new HubLayout(path));
            case TORCH -> List.of(ModelFamilies.checkpoints(checkpoints()), new TorchHubLayout(path, path));
            case CHECKPOINTS -> List.of(ModelFamilies.checkpoints(checkpoints()));
            case WHISPER -> List.of(ModelFamilies.whisper(path));
        };
    }
}
