package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.ModelPack;
import io.github.modelcache.oci.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is sent for an image: layers, a config and a manifest for each platform, and an index that names the manifests. The
 * platforms share all layers; engines refuse an image that names no platform or another one. Nothing in it depends on the
 * time or the machine.
 *
 * @param index what the tag means
 * @param manifests one for each platform
 * @param blobs layers and configs
 */
record ImageArtifact(Registry.Manifest index, List<Registry.Manifest> manifests, List<Registry.Blob> blobs) {

    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
    private static final String REVISION = "org.opencontainers.image.revision";

    ImageArtifact {
        manifests = List.copyOf(manifests);
        blobs = List.copyOf(blobs);
    }

    /**
     * Describes an image.
     *
     * @param models by their names
     * @param base the image below them
     * @param layers in the order in which they are mounted
     */
    static ImageArtifact of(Map<String, ResolvedModel> models, BaseImage base, LayerPlan plan, List<LayerBlob> layers) {
        JsonObject labels = labels(models, base, plan);
        Map<Digest, Registry.Blob> blobs = new LinkedHashMap<>();
        layers.forEach(layer -> blobs.put(layer.digest(), layer.blob()));
        List<Registry.Manifest> manifests = new ArrayList<>();
        List<Json> named = new ArrayList<>();
        for (BaseImage.Platform platform : base.platforms()) {
            platform.layers().forEach(layer -> blobs.put(layer.blob().digest(), layer.blob()));
            Registry.Blob config = Registry.Blob.of(ImageConfig.of(platform, labels, layers));
            blobs.put(config.digest(), config);
            Registry.Manifest manifest = manifest(config, platform, labels, layers);
            manifests.add(manifest);
            named.add(descriptor(manifest.type(), manifest.digest(), manifest.bytes().length)
                    .put("platform", platform.description())
                    .build());
        }
        JsonObject index = JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", Registry.INDEX_TYPE)
                .put("manifests", JsonArray.of(named))
                .put("annotations", labels)
                .build();
        return new ImageArtifact(
                Registry.Manifest.ofImage(Registry.INDEX_TYPE, JsonWriter.compact(index)),
                manifests,
                List.copyOf(blobs.values()));
    }

    private static Registry.Manifest manifest(
            Registry.Blob config, BaseImage.Platform base, JsonObject labels, List<LayerBlob> layers) {
        List<Json> described = new ArrayList<>();
        base.layers()
                .forEach(layer -> described.add(descriptor(
                                layer.type(),
                                layer.blob().digest(),
                                layer.blob().size())
                        .build()));
        layers.forEach(each ->
                described.add(descriptor(LAYER_TYPE, each.digest(), each.layer().size())
                        .put("annotations", annotations(each.layer()))
                        .build()));
        return Registry.Manifest.ofImage(
                Registry.MANIFEST_TYPE,
                JsonWriter.compact(JsonObject.builder()
                        .put("schemaVersion", 2)
                        .put("mediaType", Registry.MANIFEST_TYPE)
                        .put(
                                "config",
                                descriptor(CONFIG_TYPE, config.digest(), config.size())
                                        .build())
                        .put("layers", JsonArray.of(described))
                        .put("annotations", labels)
                        .build()));
    }

    private static JsonObject annotations(ImageLayer layer) {
        ResolvedModel model = layer.model().model();
        return JsonObject.builder()
                .put(ModelPack.MODEL, model.reference().toString())
                .put(ModelPack.REVISION, model.revision())
                .put(ModelPack.FOLDER, layer.model().folder())
                .build();
    }

    private static JsonObject labels(Map<String, ResolvedModel> models, BaseImage base, LayerPlan plan) {
        List<ResolvedModel> all = List.copyOf(models.values());
        String named = all.stream()
                .map(model -> model.reference() + "@" + model.revision())
                .collect(Collectors.joining(" "));
        String licenses = all.stream()
                .flatMap(model -> model.license().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" AND "));
        JsonObject.Builder labels = JsonObject.builder()
                .put(ModelPack.MODELS, named)
                .put(ModelPack.LOCK, ImageName.content(models).toString())
                .put(ModelPack.LARGE_BYTES, String.valueOf(plan.largeBytes()));
        if (all.size() == 1) {
            labels.put(REVISION, all.get(0).revision());
        }
        if (!licenses.isEmpty()) {
            labels.put(ModelPack.LICENSES, licenses);
        }
        base.labels().forEach(labels::put);
        return labels.build();
    }

    private static JsonObject.Builder descriptor(String type, Digest digest, long size) {
        return JsonObject.builder()
                .put("mediaType", type)
                .put("digest", digest.toString())
                .put("size", size);
    }
}
