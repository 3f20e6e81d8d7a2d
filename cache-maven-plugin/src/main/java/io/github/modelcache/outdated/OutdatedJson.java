package io.github.modelcache.outdated;

import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNull;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.units.TextSanitizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The report {@code outdated.json}, with the names that Renovate uses: a commit is a digest, a version is a value. */
public final class OutdatedJson {

    private OutdatedJson() {}

    /** The report. */
    public static JsonObject of(List<CheckedModel> models) {
        List<Json> entries = new ArrayList<>();
        models.forEach(model -> entries.add(entry(model)));
        return JsonObject.builder()
                .put("schemaVersion", 1)
                .put("models", JsonArray.of(entries))
                .build();
    }

    private static JsonObject entry(CheckedModel model) {
        ResolvedModel locked = model.locked();
        Optional<String> latest = model.latest().map(LatestVersion::revision);
        boolean commit = TorchHubRepository.isCommit(locked.revision());
        Optional<String> asked = locked.request().revision();
        return JsonObject.builder()
                .put("model", locked.reference().toString())
                .put("state", model.state().id())
                .put("currentValue", text(commit ? asked : Optional.of(locked.revision())))
                .put("newValue", text(commit ? asked : latest))
                .put("currentDigest", text(commit ? Optional.of(locked.revision()) : Optional.empty()))
                .put("newDigest", text(commit ? latest : Optional.empty()))
                .put(
                        "releaseTimestamp",
                        text(model.latest().flatMap(LatestVersion::date).map(Instant::toString)))
                .put("bytes", model.bytes().<Json>map(JsonNumber::of).orElseGet(JsonNull::of))
                .put("currentLicense", text(locked.license()))
                .put("newLicense", text(model.latest().flatMap(LatestVersion::license)))
                .put("note", text(Optional.of(model.note()).filter(note -> !note.isEmpty())))
                .build();
    }

    private static Json text(Optional<String> text) {
        return text.<Json>map(value -> JsonString.of(TextSanitizer.text(value))).orElseGet(JsonNull::of);
    }
}
