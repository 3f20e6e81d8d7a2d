package io.github.modelcache.registry.image;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The config of an image: that of its base, with the labels and the layers of the models.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">OCI image configuration</a>
 */
final class ImageConfig {

    private ImageConfig() {}

    static String of(BaseImage.Platform base, JsonObject labels, List<LayerBlob> layers) {
        List<Json> diffIds = new ArrayList<>();
        base.layers().forEach(layer -> diffIds.add(JsonString.of(layer.diffId().toString())));
        List<Json> history = new ArrayList<>();
        if (base.config().get("history") instanceof JsonArray before) {
            history.addAll(before.items());
        }
        for (LayerBlob each : layers) {
            diffIds.add(JsonString.of(each.digest().toString()));
            history.add(JsonObject.builder()
                    .put("created_by", "cache:push")
                    .put("comment", each.layer().model().model().reference().toString())
                    .build());
        }
        JsonObject.Builder settings = copy(base.config().get("config"));
        JsonObject.Builder allLabels =
                copy(base.config().get("config") instanceof JsonObject own ? own.get("Labels") : null);
        labels.members().forEach(label -> allLabels.put(label.name(), label.value()));
        return JsonWriter.compact(copy(base.config())
                .put("config", settings.put("Labels", allLabels.build()).build())
                .put(
                        "rootfs",
                        JsonObject.builder()
                                .put("type", "layers")
                                .put("diff_ids", JsonArray.of(diffIds))
                                .build())
                .put("history", JsonArray.of(history))
                .build());
    }

    private static JsonObject.Builder copy(@Nullable Json json) {
        JsonObject.Builder copy = JsonObject.builder();
        if (json instanceof JsonObject object) {
            for (JsonMember member : object.members()) {
                copy.put(member.name(), member.value());
            }
        }
        return copy;
    }
}
