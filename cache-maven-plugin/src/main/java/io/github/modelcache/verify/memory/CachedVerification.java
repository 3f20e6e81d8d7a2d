package io.github.modelcache.verify.memory;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The result of checking the models. It holds until the config, the lock file or a model root changes.
 *
 * @param findings in the order they were made
 * @param files number of checked model files
 * @param bytes their size
 * @param usedFiles number of distinct contents in the model roots
 * @param usedBytes their size
 * @param locked the models of the lock file
 */
public record CachedVerification(
        List<Finding> findings, long files, long bytes, long usedFiles, long usedBytes, List<ModelReference> locked) {

    public CachedVerification {
        findings = List.copyOf(findings);
        locked = List.copyOf(locked);
    }

    JsonObject.Builder toJson() {
        return JsonObject.builder()
                .put("files", files)
                .put("bytes", bytes)
                .put("usedFiles", usedFiles)
                .put("usedBytes", usedBytes)
                .put(
                        "locked",
                        JsonArray.ofStrings(
                                locked.stream().map(ModelReference::toString).toList()))
                .put(
                        "findings",
                        JsonArray.of(findings.stream()
                                .map(finding -> finding.toJson(Path::toString))
                                .toList()));
    }

    /**
     * Reads what {@link #toJson} gave.
     *
     * @throws RuntimeException if it is something else
     */
    static CachedVerification of(JsonObject json) {
        return new CachedVerification(
                list(json, "findings", item -> finding((JsonObject) item)),
                number(json, "files"),
                number(json, "bytes"),
                number(json, "usedFiles"),
                number(json, "usedBytes"),
                list(json, "locked", item -> ModelReference.parse(((JsonString) item).value())));
    }

    private static Finding finding(JsonObject json) {
        return new Finding(
                FindingId.of(text(json, "id").orElse("")),
                Severity.valueOf(text(json, "severity").orElse("").toUpperCase(Locale.ROOT)),
                text(json, "model").map(ModelReference::parse),
                text(json, "path").map(Path::of),
                text(json, "expected"),
                text(json, "actual"),
                text(json, "message").orElse(""),
                text(json, "fix").orElse(""));
    }

    private static <T> List<T> list(JsonObject json, String name, Function<Json, T> reader) {
        return json.get(name) instanceof JsonArray array
                ? array.items().stream().map(reader).toList()
                : List.of();
    }

    private static long number(JsonObject json, String name) {
        if (json.get(name) instanceof JsonNumber number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(name + " is missing");
    }

    static Optional<String> text(JsonObject json, String name) {
        return json.get(name) instanceof JsonString text ? Optional.of(text.value()) : Optional.empty();
    }
}
