package io.github.modelcache.family.ollama;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Ollama's folder of models: {@code manifests/<host>/<user>/<name>/<tag>} lists the contents of a model, which lie in
 * {@code blobs/sha256-<digest>}. Models may share contents.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/faq.mdx">Ollama's FAQ: where are models stored</a>
 * @see <a href="https://github.com/ollama/ollama/blob/main/server/modelpath.go">Ollama, {@code modelpath.go}</a>
 */
public final class OllamaLayout implements Layout {

    static final String MANIFESTS = "manifests";
    private static final String BLOBS = "blobs";
    private static final String BLOB = BLOBS + "/sha256-";

    private final Path root;

    /** The layout of a project: {@code ollama} in its cache of models. */
    public OllamaLayout(CacheConfig config) {
        this.root = config.modelsHome().resolve("ollama");
    }

    static String blob(String sha256) {
        return BLOB + sha256;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Map<String, Path> variables() {
        return Map.of("OLLAMA_MODELS", root);
    }

    @Override
    public Path folder(ResolvedModel model) {
        return root;
    }

    @Override
    public Path place(ResolvedModel model) {
        return SafeRelativePath.resolve(root, OllamaName.of(model.reference()).manifest());
    }

    @Override
    public Path file(ResolvedModel model, ModelFile file) {
        return SafeRelativePath.resolve(root, file.path());
    }

    @Override
    public List<Path> exclusivePaths(ResolvedModel model) {
        return List.of(place(model)); // models share contents
    }

    @Override
    public boolean owns(ResolvedModel model, Path file) {
        return model.files().stream()
                .anyMatch(candidate -> file(model, candidate).equals(file));
    }

    /** Each manifest with the contents that no other manifest lists. */
    @Override
    public List<DeletableUnit> units() throws IOException {
        Map<Path, OllamaManifest> manifests = manifests();
        Map<Path, Integer> users = users(manifests);
        List<DeletableUnit> units = new ArrayList<>();
        manifests.forEach((file, manifest) -> {
            List<Path> parts = new ArrayList<>(List.of(file)); // first: without it the rest is no model
            blobs(manifest).filter(blob -> users.getOrDefault(blob, 0) == 1).forEach(parts::add);
            name(file)
                    .ifPresent(name -> units.add(new DeletableUnit(
                            Optional.of(name.reference()), Optional.empty(), file, parts, Optional.empty())));
        });
        return units;
    }

    /** Contents of several models: they can't be deleted with one of them. */
    @Override
    public List<Path> kept() {
        try {
            List<Path> shared = new ArrayList<>();
            users(manifests()).forEach((blob, count) -> {
                if (count > 1) {
                    shared.add(blob);
                }
            });
            return shared;
        } catch (IOException e) {
            return List.of(); // then the models can't be listed, and nothing is deleted
        }
    }

    private Map<Path, OllamaManifest> manifests() throws IOException {
        Map<Path, OllamaManifest> manifests = new TreeMap<>();
        Path folder = root.resolve(MANIFESTS);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return manifests;
        }
        try (Stream<Path> all = Files.walk(folder, 4)) {
            for (Path file : all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                if (name(file).isPresent() && Files.size(file) <= OllamaManifest.LARGEST) {
                    OllamaManifest.parse(RegularFile.text(file, OllamaManifest.LARGEST))
                            .ifPresent(manifest -> manifests.put(file, manifest));
                }
            }
        }
        return manifests;
    }

    private Map<Path, Integer> users(Map<Path, OllamaManifest> manifests) {
        Map<Path, Integer> users = new HashMap<>();
        manifests.values().stream().flatMap(this::blobs).forEach(blob -> users.merge(blob, 1, Integer::sum));
        return users;
    }

    private Stream<Path> blobs(OllamaManifest manifest) {
        return manifest.blobs().stream().map(blob -> root.resolve(blob(blob.sha256())));
    }

    /** The model whose manifest a file is. */
    private Optional<OllamaName> name(Path manifest) {
        Path below = root.resolve(MANIFESTS).resolve(OllamaName.HOST);
        if (!manifest.startsWith(below) || manifest.getNameCount() != below.getNameCount() + 3) {
            return Optional.empty();
        }
        String[] names =
                below.relativize(manifest).toString().replace('\\', '/').split("/", 3);
        return OllamaName.find(names[0] + "/" + names[1] + ":" + names[2]);
    }
}
