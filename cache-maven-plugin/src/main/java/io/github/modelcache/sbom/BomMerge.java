package io.github.modelcache.sbom;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonEditor;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Adds the models to a BOM that another program wrote, and keeps the rest of its text. */
public final class BomMerge {
    private BomMerge() {}

    /**
     * The other BOM with our models, which replace those of an earlier merge.
     *
     * @throws IllegalArgumentException if it is not a CycloneDX BOM
     */
    public static String merged(JsonDocument other, JsonObject ours) {
        boolean isBom = other.root() instanceof JsonObject object
                && object.get("bomFormat") instanceof JsonString format
                && format.value().equals("CycloneDX");
        if (!isBom) {
            throw new IllegalArgumentException(
                    other.name() + " is not a CycloneDX BOM in JSON; expected one that cyclonedx-maven-plugin wrote");
        }
        JsonObject root = (JsonObject) other.root();
        JsonEditor editor = JsonEditor.of(other);
        for (String list : List.of("components", "dependencies")) {
            String key = list.equals("components") ? "bom-ref" : "ref";
            List<Json> added = new ArrayList<>(items(ours, list));
            if (list.equals("dependencies")) {
                added.remove(0); // that of the project: the other BOM has its own
            }
            Set<String> names = added.stream().map(item -> name(item, key)).collect(Collectors.toSet());
            List<Json> all = new ArrayList<>(items(root, list));
            all.removeIf(item -> names.contains(name(item, key)));
            all.addAll(added);
            editor.set(List.of(list), JsonArray.of(all));
        }
        return editor.text();
    }

    private static List<Json> items(JsonObject bom, String list) {
        return bom.get(list) instanceof JsonArray array ? array.items() : List.of();
    }

    private static String name(Json item, String key) {
        return item instanceof JsonObject object && object.get(key) instanceof JsonString name ? name.value() : "";
    }
}
