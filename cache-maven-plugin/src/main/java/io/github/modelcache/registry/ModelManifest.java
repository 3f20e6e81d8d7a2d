package io.github.modelcache.registry;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.ManifestJson;
import io.github.modelcache.oci.ModelPack;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a registry has of a model: a layer for each file that is not empty, in one manifest or several. */
final class ModelManifest {

    private final Map<String, Layer> layers;

    private ModelManifest(Map<String, Layer> layers) {
        this.layers = layers;
    }

    /** One file's content. */
    record Layer(Digest digest, long size) {}

    /** Gives a manifest by its digest, which its bytes really have; empty when there is none. */
    @FunctionalInterface
    interface Parts {
        Optional<byte[]> manifest(Digest digest) throws IOException;
    }

    /**
     * Reads a manifest, or an index of several, that somebody else may have written, and holds it against the lock. Members
     * that are not known here are passed over.
     *
     * @param where it comes from, as people read it
     * @param parts asked for what an index names
     * @throws ModelException when it is none, is of another model, or has other files than the lock
     * @throws IOException what asking for parts throws
     */
    static ModelManifest read(String where, byte[] bytes, ResolvedModel model, Parts parts)
            throws ModelException, IOException {
        Map<String, Layer> layers = new HashMap<>();
        JsonObject top = ManifestJson.parse(where, bytes);
        if (ManifestJson.text(top.get("mediaType")).equals(Registry.INDEX_TYPE)) {
            requireModel(where, top, model);
            for (Digest digest : ManifestJson.named(where, top)) {
                byte[] part = parts.manifest(digest)
                        .orElseThrow(() ->
                                new ModelException(where + " names the manifest " + digest + ", which is not there"));
                add(where, ManifestJson.parse(where, part), model, layers);
            }
        } else {
            add(where, top, model, layers);
        }
        ModelManifest manifest = new ModelManifest(layers);
        manifest.require(where, model);
        return manifest;
    }

    private static void add(String where, JsonObject manifest, ResolvedModel model, Map<String, Layer> layers)
            throws ModelException {
        String type = ManifestJson.text(manifest.get("mediaType"));
        if (!type.isEmpty() && !type.equals(Registry.MANIFEST_TYPE)) {
            throw new ModelException(
                    where + " is of the type " + TextSanitizer.text(type) + ", expected a model's manifest");
        }
        requireModel(where, manifest, model);
        if (!(manifest.get("layers") instanceof JsonArray array)) {
            throw new ModelException(where + " has no layers, so it is not a model that cache:push put there");
        }
        for (Json item : array.items()) {
            addLayer(where, item, layers);
        }
    }

    private static void requireModel(String where, JsonObject manifest, ResolvedModel model) throws ModelException {
        String found = manifest.get("annotations") instanceof JsonObject annotations
                ? ManifestJson.text(annotations.get(ModelPack.MODEL))
                : "";
        if (!found.isEmpty() && !found.equals(model.reference().toString())) {
            throw new ModelException(where + " is the model " + TextSanitizer.text(found) + ", not " + model.reference()
                    + "; somebody pushed another one under this name");
        }
    }

    private static void addLayer(String where, Json item, Map<String, Layer> layers) throws ModelException {
        if (!(item instanceof JsonObject layer) || !(layer.get("annotations") instanceof JsonObject annotations)) {
            return; // not one of ours
        }
        String path = ManifestJson.text(annotations.get(ModelPack.PATH)).isEmpty()
                ? ManifestJson.text(annotations.get(ModelPack.TITLE))
                : ManifestJson.text(annotations.get(ModelPack.PATH));
        if (path.isEmpty()) {
            return;
        }
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(where + " has a file named '" + TextSanitizer.text(path) + "', which "
                    + problem.get() + "; nothing of it was taken");
        }
        layers.put(
                path,
                new Layer(
                        ManifestJson.digest(where, "layer", ManifestJson.text(layer.get("digest"))),
                        ManifestJson.size(where, layer.get("size"))));
    }

    /** Whatever the registry says, only what the lock names is taken. */
    private void require(String where, ResolvedModel model) throws ModelException {
        for (ModelFile file : model.files()) {
            if (file.size() == 0) {
                continue;
            }
            Layer layer = layers.get(file.path());
            if (layer == null) {
                throw new ModelException(
                        where + " has no file " + TextSanitizer.text(file.path()) + ", which the lock names");
            }
            Optional<Digest> sha256 = file.digest().filter(known -> known.algorithm() == DigestAlgorithm.SHA256);
            boolean same = sha256.isEmpty() || sha256.get().equals(layer.digest());
            if (!same || layer.size() != file.size()) {
                throw new ModelException(
                        where + " has " + TextSanitizer.text(file.path()) + " as " + layer.digest() + " ("
                                + layer.size() + " bytes), but the lock says "
                                + file.digest().map(Digest::toString).orElse("") + " (" + file.size() + " bytes)");
            }
        }
    }

    /** The layer of a file of the model that it was read for; not for one without bytes. */
    Layer layer(ModelFile file) {
        return Optional.ofNullable(layers.get(file.path())).orElseThrow();
    }
}
