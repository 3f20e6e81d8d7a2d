package io.github.modelcache.registry.image;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.ManifestJson;
import io.github.modelcache.oci.ModelPack;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of models lie in an image that {@code cache:push} made and a registry holds. The tar files are not read:
 * where a file begins in a layer follows from the names and sizes in the lock.
 */
public final class ImageContents {

    private final String where;
    private final LayerPlan plan;
    private final List<Layer> layers;

    private ImageContents(String where, LayerPlan plan, List<Layer> layers) {
        this.where = where;
        this.plan = plan;
        this.layers = layers;
    }

    /** A layer as the manifest has it. */
    private record Layer(Digest digest, long size, String model, String revision, String folder) {}

    /**
     * Where a file lies.
     *
     * @param offset of its first byte in the layer
     */
    public record Place(Digest layer, long offset) {}

    /** Gives a manifest by its digest, which its bytes really have; empty when there is none. */
    @FunctionalInterface
    public interface Manifests {
        Optional<byte[]> manifest(Digest digest) throws IOException;
    }

    /**
     * Reads an image's index, or the manifest of one platform, that somebody else may have written.
     *
     * @param where it comes from, as people read it
     * @param manifests asked for what the index names
     * @throws ModelException if it is none, or not one that {@code cache:push} made
     * @throws IOException what asking for manifests throws
     */
    public static ImageContents read(String where, byte[] bytes, Manifests manifests)
            throws ModelException, IOException {
        JsonObject top = ManifestJson.parse(where, bytes);
        JsonObject manifest = top;
        if (ManifestJson.text(top.get("mediaType")).equals(Registry.INDEX_TYPE)) {
            // All platforms have the same layers.
            Digest first = ManifestJson.named(where, top).stream()
                    .findFirst()
                    .orElseThrow(() -> new ModelException(where + " names no manifests; push the image again"));
            manifest = ManifestJson.parse(
                    where,
                    manifests
                            .manifest(first)
                            .orElseThrow(() -> new ModelException(where + " names the manifest " + first
                                    + ", which is not there; push the image" + " again")));
        }
        return new ImageContents(where, plan(where, manifest), layers(where, manifest));
    }

    private static LayerPlan plan(String where, JsonObject manifest) throws ModelException {
        String large = manifest.get("annotations") instanceof JsonObject annotations
                ? ManifestJson.text(annotations.get(ModelPack.LARGE_BYTES))
                : "";
        try {
            return new LayerPlan(Long.parseLong(large));
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    where + " is not an image that cache:push made, or another tool changed it; push it again", e);
        }
    }

    private static List<Layer> layers(String where, JsonObject manifest) throws ModelException {
        if (!(manifest.get("layers") instanceof JsonArray array)) {
            throw new ModelException(where + " has no layers, so it is not an image that cache:push made");
        }
        List<Layer> layers = new ArrayList<>();
        for (Json item : array.items()) {
            if (item instanceof JsonObject layer && layer.get("annotations") instanceof JsonObject annotations) {
                layers.add(new Layer(
                        ManifestJson.digest(where, "layer", ManifestJson.text(layer.get("digest"))),
                        ManifestJson.size(where, layer.get("size")),
                        ManifestJson.text(annotations.get(ModelPack.MODEL)),
                        ManifestJson.text(annotations.get(ModelPack.REVISION)),
                        ManifestJson.text(annotations.get(ModelPack.FOLDER))));
            }
        }
        return layers;
    }

    /**
     * Where the files of a model lie, by their paths; files without bytes are left out.
     *
     * @return empty if the image does not have the model at this revision
     * @throws ModelException if the layers are not those that the lock's files make
     */
    public Optional<Map<String, Place>> find(ResolvedModel model, Layouts layouts) throws ModelException {
        Map<String, List<Layer>> folders = new LinkedHashMap<>();
        for (Layer layer : layers) {
            if (layer.model().equals(model.reference().toString())
                    && layer.revision().equals(model.revision())) {
                folders.computeIfAbsent(layer.folder(), folder -> new ArrayList<>())
                        .add(layer);
            }
        }
        for (Map.Entry<String, List<Layer>> folder : folders.entrySet()) {
            Optional<Map<String, Place>> places =
                    places(plan.layers(ImageModel.of(model, folder.getKey(), layouts)), folder.getValue());
            if (places.isPresent()) {
                return places;
            }
        }
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        throw new ModelException(where + " has other files of " + model.reference() + " than the lock, or the layers"
                + " were compressed on the way (" + TextSanitizer.text(String.join(", ", folders.keySet()))
                + "); push it again, and copy images with skopeo copy --all --preserve-digests");
    }

    private static Optional<Map<String, Place>> places(List<ImageLayer> expected, List<Layer> found) {
        if (expected.size() != found.size()) {
            return Optional.empty();
        }
        Map<String, Place> places = new HashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            Digest digest = found.get(i).digest();
            if (expected.get(i).size() != found.get(i).size()) {
                return Optional.empty();
            }
            expected.get(i).offsets().forEach((path, offset) -> places.put(path, new Place(digest, offset)));
        }
        return Optional.of(places);
    }
}
