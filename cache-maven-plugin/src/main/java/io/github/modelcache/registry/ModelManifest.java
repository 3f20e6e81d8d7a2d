package io.github.modelcache.registry;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.ModelPack;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a registry has of a model: a layer for each file that is not empty, in one manifest or several. */
final class ModelManifest {

    /** Of a single model; more is no model, but somebody who wants to keep us busy. */
    private static final int MOST_PARTS = 100;

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
        JsonObject top = parse(where, bytes);
        if (text(top.get("mediaType")).equals(Registry.INDEX_TYPE)) {
            requireModel(where, top, model);
            for (Digest digest : named(where, top)) {
                byte[] part = parts.manifest(digest)
                        .orElseThrow(() ->
                                new ModelException(where + " names the manifest " + digest + ", which is not there"));
                add(where, parse(where, part), model, layers);
            }
        } else {
            add(where, top, model, layers);
        }
        ModelManifest manifest = new ModelManifest(layers);
        manifest.require(where, model);
        return manifest;
    }

    private static List<Digest> named(String where, JsonObject index) throws ModelException {
        if (!(index.get("manifests") instanceof JsonArray manifests)) {
            throw new ModelException(where + " names no manifests, so it is not a model that cache:push put there");
        }
        if (manifests.items().size() > MOST_PARTS) {
            throw new ModelException(where + " names " + manifests.items().size() + " manifests; at most " + MOST_PARTS
                    + " are read for a model");
        }
        List<Digest> named = new ArrayList<>();
        for (Json item : manifests.items()) {
            if (item instanceof JsonObject descriptor) {
                named.add(digest(where, "manifest", text(descriptor.get("digest"))));
            }
        }
        return named;
    }

    private static void add(String where, JsonObject manifest, ResolvedModel model, Map<String, Layer> layers)
            throws ModelException {
        String type = text(manifest.get("mediaType"));
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

    private static JsonObject parse(String where, byte[] bytes) throws ModelException {
        try {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.stripLeading().startsWith("<")) {
                throw new ModelException(
                        where + " is an HTML page, as proxies send that want a sign-in; expected a manifest");
            }
            if (JsonDocument.parse("manifest", text).root() instanceof JsonObject root) {
                return root;
            }
        } catch (JsonException e) {
            throw new ModelException(where + " is not a manifest: " + e.getMessage(), e);
        }
        throw new ModelException(where + " is not a manifest, which is an object");
    }

    private static void requireModel(String where, JsonObject manifest, ResolvedModel model) throws ModelException {
        String found = manifest.get("annotations") instanceof JsonObject annotations
                ? text(annotations.get(ModelPack.MODEL))
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
        String path = text(annotations.get(ModelPack.PATH)).isEmpty()
                ? text(annotations.get(ModelPack.TITLE))
                : text(annotations.get(ModelPack.PATH));
        if (path.isEmpty()) {
            return;
        }
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(where + " has a file named '" + TextSanitizer.text(path) + "', which "
                    + problem.get() + "; nothing of it was taken");
        }
        layers.put(path, new Layer(digest(where, "layer", text(layer.get("digest"))), size(where, layer.get("size"))));
    }

    private static Digest digest(String where, String what, String text) throws ModelException {
        try {
            if (text.startsWith(DigestAlgorithm.SHA256.id())) {
                return Digest.parse(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ModelException(where + " has a " + what + " whose digest is wrong: " + e.getMessage(), e);
        }
        throw new ModelException(
                where + " has a " + what + " with the digest '" + TextSanitizer.text(text) + "', expected sha256:…");
    }

    private static long size(String where, @Nullable Json json) throws ModelException {
        try {
            if (json instanceof JsonNumber number && number.longValue() >= 0) {
                return number.longValue();
            }
        } catch (ArithmeticException e) {
            throw new ModelException(where + " has a layer whose size is no whole number", e);
        }
        throw new ModelException(where + " has a layer without a size");
    }

    private static String text(@Nullable Json json) {
        return json instanceof JsonString string ? string.value() : "";
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
