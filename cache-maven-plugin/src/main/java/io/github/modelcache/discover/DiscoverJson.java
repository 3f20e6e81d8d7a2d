package io.github.modelcache.discover;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNull;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.units.TextSanitizer;
import java.util.ArrayList;
import java.util.List;

/** The report {@code discover.json}: one entry for each model and place, the most certain place first. */
public final class DiscoverJson {

    private DiscoverJson() {}

    /** The report. */
    public static JsonObject of(Discovery.Result result) {
        List<Json> entries = new ArrayList<>();
        for (DiscoveredModel model : result.models()) {
            model.mentions().forEach(mention -> entries.add(entry(model, mention)));
        }
        return JsonObject.builder()
                .put("schemaVersion", 1)
                .put("models", JsonArray.of(entries))
                .build();
    }

    private static JsonObject entry(DiscoveredModel model, Mention mention) {
        return JsonObject.builder()
                .put("declare", mention.model().toString())
                .put("revision", mention.revision().<Json>map(JsonString::of).orElseGet(JsonNull::of))
                .put("include", JsonArray.ofStrings(mention.include()))
                .put("file", TextSanitizer.text(mention.file()))
                .put("line", mention.line())
                .put("how", TextSanitizer.text(mention.how()))
                .put("certainty", mention.certainty().id())
                .put("use", mention.use().id())
                .put("declared", model.declared())
                .build();
    }
}
