package io.github.modelcache.status;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNull;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status as programs read it: bytes are integers, times ISO 8601. */
public final class StatusJson {

    private StatusJson() {}

    /** The report {@code status.json}. */
    public static JsonObject of(CacheStatus status) {
        List<Json> roots = new ArrayList<>();
        status.roots().forEach(root -> roots.add(root(root, status)));
        List<Json> models = new ArrayList<>();
        status.models().forEach(model -> models.add(model(model, status.projectRoot())));
        return JsonObject.builder()
                .put("schemaVersion", 1)
                .put("projectRoot", status.projectRoot().toString())
                .put(
                        "totals",
                        JsonObject.builder()
                                .put("bytes", status.bytes())
                                .put("files", status.files())
                                .put("models", status.models().size())
                                .put("warnBytes", status.warnBytes())
                                .put("maxBytes", status.maxBytes())
                                .build())
                .put("roots", JsonArray.of(roots))
                .put("models", JsonArray.of(models))
                .build();
    }

    private static JsonObject root(CacheStatus.Root root, CacheStatus status) {
        return JsonObject.builder()
                .put("name", root.name())
                .put("kind", root.kind().name().toLowerCase(Locale.ROOT))
                .put("path", Plan.name(status.projectRoot(), root.path()))
                .put("bytes", root.bytes())
                .put("files", root.files())
                .put("warnBytes", JsonNull.of())
                .put("maxBytes", JsonNull.of())
                .build();
    }

    private static JsonObject model(CacheStatus.Model model, Path projectRoot) {
        Json revision = model.revision().<Json>map(JsonString::of).orElseGet(JsonNull::of);
        Json lastUsed = model.lastUsed()
                .<Json>map(time ->
                        JsonString.of(time.truncatedTo(ChronoUnit.SECONDS).toString()))
                .orElseGet(JsonNull::of);
        return JsonObject.builder()
                .put("model", model.model())
                .put("kind", model.kind())
                .put("path", Plan.name(projectRoot, model.path()))
                .put("revision", revision)
                .put("bytes", model.bytes())
                .put("files", model.files())
                .put("lastUsed", lastUsed)
                .put("declared", model.declared())
                .put("locked", model.locked())
                .build();
    }
}
