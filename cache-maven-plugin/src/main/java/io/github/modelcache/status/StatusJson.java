package io.github.modelcache.status;

import io.github.modelcache.config.Budget;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNull;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report {@code status.json}: bytes are integers, times ISO 8601. */
public final class StatusJson {

    private StatusJson() {}

    /** The report {@code status.json}. */
    public static JsonObject of(CacheStatus status) {
        return of(status, ModelSelection.ALL);
    }

    /** The same; only the list of models depends on the selection. */
    public static JsonObject of(CacheStatus status, ModelSelection selection) {
        List<Json> roots = new ArrayList<>();
        status.roots().forEach(root -> roots.add(root(root, status)));
        List<Json> models = new ArrayList<>();
        selection.of(status).forEach(model -> models.add(model(model, status.projectRoot())));
        List<Json> clean = new ArrayList<>();
        status.freeable().forEach(freeable -> clean.add(freeable(freeable)));
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
                                .put("sharedBytes", status.sharedBytes())
                                .put("duplicateBytes", status.duplicateBytes())
                                .put("missingBytes", status.missingBytes())
                                .put("freeDiskBytes", number(status.freeDiskBytes()))
                                .put("recordedBytes", number(status.before().map(SizeRecord::bytes)))
                                .put("recordedAt", time(status.before().map(SizeRecord::at)))
                                .build())
                .put("roots", JsonArray.of(roots))
                .put("models", JsonArray.of(models))
                .put("clean", JsonArray.of(clean))
                .build();
    }

    private static JsonObject freeable(CacheStatus.Freeable freeable) {
        return JsonObject.builder()
                .put("scope", freeable.scope())
                .put("bytes", number(freeable.bytes()))
                .build();
    }

    private static Json number(Optional<Long> number) {
        return number.<Json>map(JsonNumber::of).orElseGet(JsonNull::of);
    }

    private static Json text(Optional<String> text) {
        return text.<Json>map(JsonString::of).orElseGet(JsonNull::of);
    }

    private static Json time(Optional<Instant> time) {
        return text(time.map(instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    private static JsonObject root(CacheStatus.Root root, CacheStatus status) {
        return JsonObject.builder()
                .put("name", root.name())
                .put("kind", root.kind().name().toLowerCase(Locale.ROOT))
                .put("path", Plan.name(status.projectRoot(), root.path()))
                .put("bytes", root.bytes())
                .put("files", root.files())
                .put("warnBytes", number(root.budget().map(Budget::warnBytes).filter(StatusJson::isLimit)))
                .put("maxBytes", number(root.budget().map(Budget::maxBytes).filter(StatusJson::isLimit)))
                .build();
    }

    private static boolean isLimit(long bytes) {
        return bytes < Long.MAX_VALUE;
    }

    private static JsonObject model(CacheStatus.Model model, Path projectRoot) {
        return JsonObject.builder()
                .put("model", model.model())
                .put("kind", model.kind())
                .put("path", Plan.name(projectRoot, model.path()))
                .put("revision", text(model.revision()))
                .put("bytes", model.bytes())
                .put("files", model.files())
                .put("lastUsed", time(model.lastUsed()))
                .put("declared", model.declared())
                .put("locked", model.locked())
                .put("expectedFiles", model.expectedFiles())
                .put("state", model.state().name().toLowerCase(Locale.ROOT))
                .put("elsewhere", text(model.elsewhere().map(Path::toString)))
                .build();
    }
}
