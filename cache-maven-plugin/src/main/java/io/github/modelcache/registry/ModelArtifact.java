package io.github.modelcache.registry;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.ModelPack;
import io.github.modelcache.oci.Registry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is sent for a model: a manifest with a layer for each file that is not empty. A model with more files than
 * registries let a manifest name has several, each of a run of its files in the order of their paths, and an index that
 * names these. Nothing in it depends on the time, the machine or the project, so the same files always give the same digest.
 *
 * @param top what the model's tag means: the one manifest, or the index
 * @param parts the manifests
 */
record ModelArtifact(Registry.Manifest top, List<Part> parts) {

    private static final Optional<String> TYPE = Optional.of(ModelPack.ARTIFACT_TYPE);

    ModelArtifact {
        parts = List.copyOf(parts);
    }

    /**
     * A manifest.
     *
     * @param config the config that it names
     */
    record Part(Registry.Manifest manifest, String config) {

        Registry.Blob configBlob() {
            return Registry.Blob.of(config);
        }
    }

    /**
     * Describes a model.
     *
     * @param sha256 of each file by its path
     */
    static ModelArtifact of(ResolvedModel model, Map<String, Digest> sha256) {
        List<ModelFile> files = model.files().stream()
                .sorted(Comparator.comparing(ModelFile::path))
                .toList();
        List<Part> parts = new ArrayList<>();
        addParts(model, files, sha256, parts);
        return new ModelArtifact(parts.size() == 1 ? parts.get(0).manifest() : index(model, parts), parts);
    }

    /** Whether the manifests have to be put before the top. */
    boolean isSplit() {
        return parts.size() > 1;
    }

    /** One part if it is short enough, otherwise those of the two halves. */
    private static void addParts(
            ResolvedModel model, List<ModelFile> files, Map<String, Digest> sha256, List<Part> parts) {
        Part whole = part(model, files, sha256);
        if (files.size() == 1 || whole.manifest().bytes().length <= Registry.LONGEST_MANIFEST) {
            parts.add(whole);
            return;
        }
        addParts(model, files.subList(0, files.size() / 2), sha256, parts);
        addParts(model, files.subList(files.size() / 2, files.size()), sha256, parts);
    }

    private static Registry.Manifest index(ResolvedModel model, List<Part> parts) {
        List<Json> named = new ArrayList<>();
        for (Part part : parts) {
            Registry.Manifest manifest = part.manifest();
            named.add(descriptor(manifest.type(), manifest.digest(), manifest.bytes().length)
                    .put("artifactType", ModelPack.ARTIFACT_TYPE)
                    .build());
        }
        JsonObject index = JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", Registry.INDEX_TYPE)
                .put("artifactType", ModelPack.ARTIFACT_TYPE)
                .put("manifests", JsonArray.of(named))
                .put("annotations", annotations(model, List.of()))
                .build();
        return new Registry.Manifest(Registry.INDEX_TYPE, TYPE, JsonWriter.compact(index));
    }

    private static Part part(ResolvedModel model, List<ModelFile> files, Map<String, Digest> sha256) {
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
                .put("artifactType", ModelPack.ARTIFACT_TYPE)
                .put(
                        "config",
                        descriptor(ModelPack.CONFIG_TYPE, sha256(configBytes), configBytes.length)
                                .build())
                .put("layers", JsonArray.of(layers))
                .put("annotations", annotations(model, empty))
                .build();
        return new Part(new Registry.Manifest(Registry.MANIFEST_TYPE, TYPE, JsonWriter.compact(manifest)), config);
    }

    private static JsonObject layer(ModelFile file, Digest digest) {
        JsonObject.Builder annotations =
                JsonObject.builder().put(ModelPack.PATH, file.path()).put(ModelPack.TITLE, file.path());
        file.digest()
                .filter(known -> known.algorithm() != DigestAlgorithm.SHA256)
                .ifPresent(known ->
                        annotations.put(ModelPack.OWN + known.algorithm().id(), known.hex()));
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
                .put(ModelPack.MODEL, model.reference().toString())
                .put(ModelPack.REVISION, model.revision())
                .put(ModelPack.ROOT, root(model.reference().scheme()))
                .putIfPresent(ModelPack.LICENSES, model.license());
        if (!empty.isEmpty()) {
            annotations.put(ModelPack.EMPTY_FILES, JsonWriter.compact(JsonArray.ofStrings(empty)));
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
}
