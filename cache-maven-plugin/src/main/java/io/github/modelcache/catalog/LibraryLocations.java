package io.github.modelcache.catalog;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.LibraryLayout;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.UrlTarget;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Where each library of a {@link LibraryLayout} looks for a model.
 *
 * @see <a href="https://github.com/tjake/Jlama">Jlama, {@code SafeTensorSupport.maybeDownloadModel}</a>
 * @see <a href="https://github.com/deepjavalibrary/djl">DJL, {@code RemoteRepository} and {@code Artifact}</a>
 * @see <a href="https://github.com/spring-projects/spring-ai">Spring AI, {@code ResourceCacheService}</a>
 * @see <a href="https://github.com/apache/opennlp">OpenNLP, {@code DownloadUtil}</a>
 * @see <a href="https://github.com/deeplearning4j/deeplearning4j">DL4J, {@code ZooModel} and {@code DL4JResources}</a>
 */
public record LibraryLocations(CacheConfig config) {
    /** The folder that the library is told to use. */
    public Path root(LibraryLayout layout) {
        return layout == LibraryLayout.DJL
                ? config.djlHome()
                : config.modelsHome().resolve(layout.value());
    }

    /** Where DJL keeps what it fetches from its model zoo, and looks first. */
    public Path djlRepository() {
        return config.djlHome().resolve("cache").resolve("repo");
    }

    /** OpenNLP's own folder in the one it is told to use. */
    public Path opennlp() {
        return root(LibraryLayout.OPENNLP).resolve(".opennlp");
    }

    /** The page on which OpenNLP finds the names of the models. */
    public Path index() {
        return opennlp().resolve("index.html");
    }

    /**
     * Where the library looks for a file.
     *
     * @param name the model's name in programs
     * @return empty if the library never looks for this file
     * @throws IllegalArgumentException when it can't find such a model
     */
    Optional<Path> path(LibraryLayout layout, String name, ResolvedModel model, ModelFile file) {
        Path root = root(layout);
        return switch (layout) {
            case JLAMA -> Optional.of(SafeRelativePath.resolve(jlama(root, model), file.path()));
            case DJL -> Optional.of(SafeRelativePath.resolve(djlRepository(), djl(model, file)));
            case SPRING_AI -> Optional.of(springAi(root, onlyFile(layout, model)));
            case OPENNLP ->
                file.path().endsWith(".bin") ? Optional.of(opennlp().resolve(fileName(file.path()))) : Optional.empty();
            case DL4J -> {
                String address = onlyFile(layout, model).getPath();
                yield Optional.of(root.resolve("models").resolve(name).resolve(fileName(address)));
            }
        };
    }

    /** What belongs to the model and to no other: its folder, or the file. */
    Path unit(LibraryLayout layout, ResolvedModel model, Path path) {
        return layout == LibraryLayout.JLAMA ? jlama(root(layout), model) : path;
    }

    static Path jlama(Path root, ResolvedModel model) {
        String id = model.reference().id();
        if (id.chars().filter(c -> c == '/').count() != 1) {
            throw new IllegalArgumentException(
                    "Jlama looks for models by owner and name, which " + model.reference() + " has not");
        }
        return SafeRelativePath.resolve(root, id.replace('/', '_'));
    }

    /** DJL repeats the paths of its zoo; of an archive it keeps the content, in a folder of the archive's name. */
    private static String djl(ResolvedModel model, ModelFile file) {
        URI address = URI.create(model.reference().id());
        String path = address.getPath() == null ? "" : address.getPath().substring(1);
        if (!path.startsWith("model/")) {
            throw new IllegalArgumentException("DJL looks for models of its zoo, whose addresses are"
                    + " https://mlrepo.djl.ai/model/…; remove \"layout\" from " + model.reference());
        }
        Optional<String> unpacked = UrlTarget.folder(model);
        return unpacked.map(folder -> UrlTarget.stem(path) + file.path().substring(folder.length()))
                .orElse(path);
    }

    private static Path springAi(Path root, URI address) {
        String uri = address.toASCIIString();
        int end = uri.lastIndexOf('/') + 1;
        UUID folder = UUID.nameUUIDFromBytes(uri.substring(0, end).getBytes(StandardCharsets.UTF_8));
        String fragment = address.getFragment();
        String name = fileName(address.getPath());
        return root.resolve(folder.toString())
                .resolve(fragment == null || fragment.isBlank() ? name : fileName(name + "_" + fragment));
    }

    private static URI onlyFile(LibraryLayout layout, ResolvedModel model) {
        if (model.files().size() != 1) {
            throw new IllegalArgumentException("\"layout\": \"" + layout.value() + "\" needs one file, but "
                    + model.reference() + " has " + model.files().size() + "; add \"unpack\": false");
        }
        return URI.create(model.reference().id());
    }

    private static String fileName(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        Optional<String> problem = SafeRelativePath.problem(name);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("The file name '" + name + "' " + problem.get());
        }
        return name;
    }
}
