package io.github.modelcache.registry;

import io.github.modelcache.io.Digest;
import io.github.modelcache.io.DigestAlgorithm;
import io.github.modelcache.io.Hashing;
import io.github.modelcache.io.Printable;
import io.github.modelcache.io.RelativeName;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.source.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model as a registry describes it: one layer for each file that is not empty. Nothing in it depends on the time, the
 * machine or the project, so the same files always give the same digest.
 *
 * @see <a href="https://github.com/modelpack/model-spec/blob/main/docs/spec.md">ModelPack</a>
 */
final class ModelManifest {

    static final String ARTIFACT_TYPE = "application/vnd.cncf.model.manifest.v1+json";
    static final String CONFIG_TYPE = "application/vnd.cncf.model.config.v1+json";

    private static final String PATH = "org.cncf.model.filepath";
    private static final String TITLE = "org.opencontainers.image.title";
    private static final String LICENSES = "org.opencontainers.image.licenses";
    private static final String OWN = "io.github.modelcache.";
    private static final String MODEL = OWN + "model";
    private static final String REVISION = OWN + "revision";
    private static final String ROOT = OWN + "root";
    private static final String EMPTY_FILES = OWN + "empty-files";

    private final Map<String, Layer> layers;

    private ModelManifest(Map<String, Layer> layers) {
        this.layers = layers;
    }

    /** One file's content. */
    record Layer(Digest digest, long size) {}

    /**
     * What is sent for a model.
     *
     * @param manifest the manifest
     * @param config the config that it names
     */
    record Text(String manifest, String config) {

        byte[] bytes() {
            return manifest.getBytes(StandardCharsets.UTF_8);
        }

        Digest digest() {
            return sha256(bytes());
        }

        Registry.Blob configBlob() {
            byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
            return new Registry.Blob(sha256(bytes), bytes.length, Optional.empty(), config);
        }
    }

    /**
     * Describes a model.
     *
     * @param sha256 of each file by its path
     * @throws ModelException when it has more files than a manifest can name
     */
    static Text text(ResolvedModel model, Map<String, Digest> sha256) throws ModelException {
        List<ModelFile> files = model.files().stream()
                .sorted(Comparator.comparing(ModelFile::path))
                .toList();
        List<Json> layers = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (ModelFile file : files) {
            if (file.size() == 0) {
                empty.add(file.path()); // some registries refuse a content of no bytes
                continue;
            }
            Digest digest = Optional.ofNullable(sha256.get(file.path())).orElseThrow();
            diffIds.add(digest.toString());
            layers.add(layer(file, digest));
        }
        String config = config(model, diffIds);
        byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
        JsonObject manifest = JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", Registry.MANIFEST_TYPE)
                .put("artifactType", ARTIFACT_TYPE)
                .put(
                        "config",
                        descriptor(CONFIG_TYPE, sha256(configBytes), configBytes.length)
                                .build())
                .put("layers", JsonArray.of(layers))
                .put("annotations", annotations(model, empty))
                .build();
        Text text = new Text(JsonWriter.compact(manifest), config);
        if (text.bytes().length > Registry.LONGEST_MANIFEST) {
            throw new ModelException(model.reference() + " has " + files.size()
                    + " files, more than a registry's manifest can name, which is about 9,000; leave some out with"
                    + " \"include\" or \"exclude\"");
        }
        return text;
    }

    private static JsonObject layer(ModelFile file, Digest digest) {
        JsonObject.Builder annotations =
                JsonObject.builder().put(PATH, file.path()).put(TITLE, file.path());
        file.digest()
                .filter(known -> known.algorithm() != DigestAlgorithm.SHA256)
                .ifPresent(known -> annotations.put(OWN + known.algorithm().id(), known.hex()));
        return descriptor(mediaType(file.path()), digest, file.size())
                .put("annotations", annotations.build())
                .build();
    }

    private static JsonObject.Builder descriptor(String type, Digest digest, long size) {
        return JsonObject.builder()
                .put("mediaType", type)
                .put("digest", digest.toString())
                .put("size", size);
    }

    private static String config(ResolvedModel model, List<String> diffIds) {
        JsonObject.Builder descriptor =
                JsonObject.builder().put("name", model.reference().id()).put("revision", model.revision());
        model.license().ifPresent(license -> descriptor.put("licenses", JsonArray.ofStrings(List.of(license))));
        return JsonWriter.compact(JsonObject.builder()
                .put("descriptor", descriptor.build())
                .put("config", JsonObject.builder().build())
                .put(
                        "modelfs",
                        JsonObject.builder()
                                .put("type", "layers")
                                .put("diffIds", JsonArray.ofStrings(diffIds))
                                .build())
                .build());
    }

    private static JsonObject annotations(ResolvedModel model, List<String> empty) {
        JsonObject.Builder annotations = JsonObject.builder()
                .put(MODEL, model.reference().toString())
                .put(REVISION, model.revision())
                .put(ROOT, root(model.reference().scheme()))
                .putIfPresent(LICENSES, model.license());
        if (!empty.isEmpty()) {
            annotations.put(EMPTY_FILES, JsonWriter.compact(JsonArray.ofStrings(empty)));
        }
        return annotations.build();
    }

    private static String root(String scheme) {
        return switch (scheme) {
            case "hf" -> "huggingface";
            case "torch", "torchhub" -> "torch";
            case "whisper" -> "whisper";
            default -> "models";
        };
    }

    /** What tools that unpack a model make of a file. */
    private static String mediaType(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String kind = switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "json", "yaml", "yml", "txt", "model", "tiktoken", "vocab", "merges", "jinja", "toml", "cfg" ->
                "weight.config";
            case "py", "sh", "ipynb" -> "code";
            case "md", "license", "pdf" -> "doc";
            default -> "weight";
        };
        return "application/vnd.cncf.model." + kind + ".v1.raw";
    }

    private static Digest sha256(byte[] bytes) {
        return Hashing.digest(bytes, DigestAlgorithm.SHA256);
    }

    /**
     * Reads a manifest that somebody else may have written, and holds it against the lock. Members that are not known
     * here are passed over.
     *
     * @param where it comes from, as people read it
     * @throws ModelException when it is none, is of another model, or has other files than the lock
     */
    static ModelManifest read(String where, byte[] bytes, ResolvedModel model) throws ModelException {
        JsonObject root = parse(where, bytes);
        String type = text(root.get("mediaType"));
        if (!type.isEmpty() && !type.equals(Registry.MANIFEST_TYPE)) {
            throw new ModelException(
                    where + " is of the type " + Printable.text(type) + ", expected a single manifest");
        }
        if (root.get("annotations") instanceof JsonObject annotations) {
            requireModel(where, text(annotations.get(MODEL)), model);
        }
        Map<String, Layer> layers = new HashMap<>();
        if (!(root.get("layers") instanceof JsonArray array)) {
            throw new ModelException(where + " has no layers, so it is not a model that cache:push put there");
        }
        for (Json item : array.items()) {
            addLayer(where, item, layers);
        }
        ModelManifest manifest = new ModelManifest(layers);
        manifest.require(where, model);
        return manifest;
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

    private static void requireModel(String where, String found, ResolvedModel model) throws ModelException {
        if (!found.isEmpty() && !found.equals(model.reference().toString())) {
            throw new ModelException(where + " is the model " + Printable.text(found) + ", not " + model.reference()
                    + "; somebody pushed another one under this name");
        }
    }

    private static void addLayer(String where, Json item, Map<String, Layer> layers) throws ModelException {
        if (!(item instanceof JsonObject layer) || !(layer.get("annotations") instanceof JsonObject annotations)) {
            return; // not one of ours
        }
        String path =
                text(annotations.get(PATH)).isEmpty() ? text(annotations.get(TITLE)) : text(annotations.get(PATH));
        if (path.isEmpty()) {
            return;
        }
        Optional<String> problem = RelativeName.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(where + " has a file named '" + Printable.text(path) + "', which " + problem.get()
                    + "; nothing of it was taken");
        }
        layers.put(path, new Layer(digest(where, text(layer.get("digest"))), size(where, layer.get("size"))));
    }

    private static Digest digest(String where, String text) throws ModelException {
        try {
            if (text.startsWith(DigestAlgorithm.SHA256.id())) {
                return Digest.parse(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ModelException(where + " has a layer whose digest is wrong: " + e.getMessage(), e);
        }
        throw new ModelException(
                where + " has a layer with the digest '" + Printable.text(text) + "', expected sha256:…");
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
                        where + " has no file " + Printable.text(file.path()) + ", which the lock names");
            }
            Optional<Digest> sha256 = file.digest().filter(known -> known.algorithm() == DigestAlgorithm.SHA256);
            boolean same = sha256.isEmpty() || sha256.get().equals(layer.digest());
            if (!same || layer.size() != file.size()) {
                throw new ModelException(where + " has " + Printable.text(file.path()) + " as " + layer.digest() + " ("
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
