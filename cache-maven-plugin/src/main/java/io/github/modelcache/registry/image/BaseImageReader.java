package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpContent;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.oci.ManifestJson;
import io.github.modelcache.oci.Registry;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a base image from its registry. A layer is fetched when it has to be sent: into a temporary file, which is deleted
 * afterwards.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">OCI image index</a>
 */
public final class BaseImageReader implements Closeable {

    /** Engines mount 127 layers, and the models need up to {@link LayerPlan#MOST_LAYERS}. */
    private static final int MOST_LAYERS = 127 - LayerPlan.MOST_LAYERS;

    private static final String BASE_NAME = "org.opencontainers.image.base.name";
    private static final String BASE_DIGEST = "org.opencontainers.image.base.digest";
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    private static final Set<String> LAYERS =
            Set.of(ImageArtifact.LAYER_TYPE, ImageArtifact.LAYER_TYPE + "+gzip", ImageArtifact.LAYER_TYPE + "+zstd");

    private final Registry registry;
    private final BaseReference reference;
    private final String where;

    /**
     * A reader.
     *
     * @param registry that of the reference; it is closed with the reader
     */
    public BaseImageReader(Registry registry, BaseReference reference) {
        this.registry = registry;
        this.reference = reference;
        this.where = "The base image " + reference;
    }

    @Override
    public void close() {
        registry.close();
    }

    /**
     * Reads manifests and configs.
     *
     * @throws IOException if the image is missing, has no Linux platform that is supported, or can't be read
     */
    BaseImage read() throws IOException {
        byte[] bytes =
                reference.digest().isPresent() ? manifest(reference.digest().get()) : tagged();
        try {
            JsonObject top = ManifestJson.parse(where, bytes);
            SortedMap<String, String> labels = new TreeMap<>(Map.of(
                    BASE_NAME,
                    reference.registry().display(reference.repository()) + ":" + reference.tag(),
                    BASE_DIGEST,
                    Hashing.digest(bytes, DigestAlgorithm.SHA256).toString()));
            return new BaseImage(labels, top.get("manifests") == null ? List.of(platform(top, null)) : platforms(top));
        } catch (ModelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private byte[] tagged() throws IOException {
        return registry.manifest(reference.repository(), reference.tag())
                .orElseThrow(() -> new IOException(where + " does not exist; check cache.image.base"));
    }

    private byte[] manifest(Digest digest) throws IOException {
        return registry.manifest(reference.repository(), digest)
                .orElseThrow(() -> new IOException(where + " has no manifest " + digest));
    }

    private List<BaseImage.Platform> platforms(JsonObject index) throws ModelException, IOException {
        List<BaseImage.Platform> platforms = new ArrayList<>();
        for (String architecture : BaseImage.ARCHITECTURES) {
            Optional<JsonObject> found = items(index.get("manifests")).stream()
                    .filter(each -> isLinux(each.get("platform"), architecture))
                    .findFirst();
            if (found.isPresent()) {
                Digest digest = ManifestJson.digest(
                        where, "manifest", ManifestJson.text(found.get().get("digest")));
                platforms.add(platform(
                        ManifestJson.parse(where, manifest(digest)), found.get().get("platform")));
            }
        }
        if (platforms.isEmpty()) {
            throw new ModelException(
                    where + " is not made for Linux on " + String.join(" or ", BaseImage.ARCHITECTURES));
        }
        return platforms;
    }

    private static boolean isLinux(@Nullable Json platform, String architecture) {
        return platform instanceof JsonObject object
                && ManifestJson.text(object.get("os")).equals("linux")
                && ManifestJson.text(object.get("architecture")).equals(architecture);
    }

    private BaseImage.Platform platform(JsonObject manifest, @Nullable Json description)
            throws ModelException, IOException {
        JsonObject config = config(manifest);
        List<String> diffIds =
                config.get("rootfs") instanceof JsonObject rootfs && rootfs.get("diff_ids") instanceof JsonArray ids
                        ? ids.items().stream().map(ManifestJson::text).toList()
                        : List.of();
        List<JsonObject> layers = items(manifest.get("layers"));
        if (layers.size() != diffIds.size()) {
            throw new ModelException(
                    where + " has " + layers.size() + " layers, but its config names " + diffIds.size());
        }
        if (layers.size() > MOST_LAYERS) {
            throw new ModelException(where + " has " + layers.size() + " layers; at most " + MOST_LAYERS
                    + " are supported, because the models need up to " + LayerPlan.MOST_LAYERS);
        }
        List<BaseImage.Layer> read = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            read.add(layer(layers.get(i), ManifestJson.digest(where, "config", diffIds.get(i))));
        }
        JsonObject platform = description instanceof JsonObject known ? known : ownPlatform(config);
        return new BaseImage.Platform(platform, config, read);
    }

    private static JsonObject ownPlatform(JsonObject config) {
        return JsonObject.builder()
                .put("architecture", ManifestJson.text(config.get("architecture")))
                .put("os", ManifestJson.text(config.get("os")))
                .build();
    }

    private JsonObject config(JsonObject manifest) throws ModelException, IOException {
        if (!(manifest.get("config") instanceof JsonObject descriptor)) {
            throw new ModelException(where + " has no config, so it is not an image");
        }
        Digest digest = ManifestJson.digest(where, "config", ManifestJson.text(descriptor.get("digest")));
        long size = ManifestJson.size(where, descriptor.get("size"));
        if (size > Registry.LONGEST_MANIFEST) {
            throw new ModelException(
                    where + " has a config of " + size + " bytes; at most " + Registry.LONGEST_MANIFEST + " are read");
        }
        String text = withFile(digest, size, file -> RegularFile.text(file, Registry.LONGEST_MANIFEST));
        return ManifestJson.parse(where, text.getBytes(StandardCharsets.UTF_8));
    }

    private BaseImage.Layer layer(JsonObject descriptor, Digest diffId) throws ModelException {
        String type = ManifestJson.text(descriptor.get("mediaType"))
                .replace(DOCKER_LAYER + ".gzip", ImageArtifact.LAYER_TYPE + "+gzip")
                .replace(DOCKER_LAYER, ImageArtifact.LAYER_TYPE);
        if (!LAYERS.contains(type)) {
            throw new ModelException(where + " has a layer of the type '" + type + "', which can't be copied");
        }
        Digest digest = ManifestJson.digest(where, "layer", ManifestJson.text(descriptor.get("digest")));
        long size = ManifestJson.size(where, descriptor.get("size"));
        return new BaseImage.Layer(
                type, diffId, Registry.Blob.of(digest, size, (out, progress) -> copy(digest, size, out, progress)));
    }

    private void copy(Digest digest, long size, OutputStream out, TransferProgress progress) throws IOException {
        withFile(digest, size, file -> {
            HttpContent.of(file, size, progress).writeTo(out);
            return size;
        });
    }

    /** Uses a file. */
    @FunctionalInterface
    private interface Use<T> {
        T of(Path file) throws IOException;
    }

    private <T> T withFile(Digest digest, long size, Use<T> use) throws IOException {
        Path folder = Files.createTempDirectory("model-cache-base");
        try {
            Path file = folder.resolve(digest.hex());
            registry.fetch(
                    reference.repository(),
                    digest,
                    file,
                    new ExpectedContent(size, Optional.of(digest)),
                    TransferProgress.NONE);
            return use.of(file);
        } finally {
            delete(folder);
        }
    }

    /** Deletes the file, and what a failed transfer left beside it. */
    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static List<JsonObject> items(@Nullable Json array) {
        List<JsonObject> objects = new ArrayList<>();
        if (array instanceof JsonArray found) {
            for (Json item : found.items()) {
                if (item instanceof JsonObject object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }
}
