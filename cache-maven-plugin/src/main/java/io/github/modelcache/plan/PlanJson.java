package io.github.modelcache.plan;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan for programs: what a goal changed, or would change in a dry run. */
public final class PlanJson {

    private PlanJson() {}

    /**
     * The plan.
     *
     * @param root the folder that paths are relative to
     * @param dryRun whether it is a plan only
     * @param bytes that were really freed or moved; in a dry run those of the plan
     */
    public static JsonObject of(Plan plan, Path root, boolean dryRun, long bytes) {
        List<Json> actions = new ArrayList<>();
        for (Action action : plan.actions()) {
            String path = Plan.name(root, action.target());
            actions.add(JsonObject.builder()
                    .put("action", action.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                    .put("path", path)
                    .put("bytes", Math.max(0, action.bytes()))
                    .put("description", action.describe(path))
                    .build());
        }
        return JsonObject.builder()
                .put("schemaVersion", 1)
                .put("dryRun", dryRun)
                .put("bytes", bytes)
                .put("actions", JsonArray.of(actions))
                .build();
    }
}
