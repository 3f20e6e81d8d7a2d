package io.github.modelcache.verify;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The outcome of {@code cache:verify}.
 *
 * @param startedAt when it began
 * @param duration how long it took
 * @param findings worst first
 * @param files model files looked at
 * @param bytes their size
 * @param bytesHashed what had to be read
 * @param bytesReused what was known to be unchanged
 */
public record VerifyReport(
        Instant startedAt,
        Duration duration,
        List<Finding> findings,
        long files,
        long bytes,
        long bytesHashed,
        long bytesReused) {

    /** Copies the findings. */
    public VerifyReport {
        findings = List.copyOf(findings);
    }

    /** A report of one problem that kept everything else from being checked. */
    public static VerifyReport of(Instant startedAt, Finding problem) {
        return new VerifyReport(startedAt, Duration.ZERO, List.of(problem), 0, 0, 0, 0);
    }

    /** How many findings have this severity. */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** Whether the cache meets the rules: no finding is an error. */
    public boolean passed() {
        return count(Severity.ERROR) == 0;
    }

    /**
     * The report as programs read it.
     *
     * @param projectRoot the folder that paths are relative to
     * @param version of the plugin
     */
    public JsonObject toJson(Path projectRoot, String version) {
        List<Json> items = new ArrayList<>();
        findings.forEach(finding -> items.add(json(finding, projectRoot)));
        return JsonObject.builder()
                .put("schemaVersion", 1)
                .put("tool", "cache-maven-plugin")
                .put("version", version)
                .put("startedAt", startedAt.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("durationMillis", duration.toMillis())
                .put("result", passed() ? "passed" : "failed")
                .put("summary", summary())
                .put("findings", JsonArray.of(items))
                .build();
    }

    private JsonObject summary() {
        return JsonObject.builder()
                .put("errors", count(Severity.ERROR))
                .put("warnings", count(Severity.WARNING))
                .put("infos", count(Severity.INFO))
                .put("files", files)
                .put("bytes", bytes)
                .put("bytesHashed", bytesHashed)
                .put("bytesReused", bytesReused)
                .build();
    }

    private static JsonObject json(Finding finding, Path projectRoot) {
        JsonObject.Builder json = JsonObject.builder()
                .put("id", finding.id().id())
                .put("severity", finding.severity().id());
        finding.model().ifPresent(model -> json.put("model", model.toString()));
        finding.path().ifPresent(path -> json.put("path", Plan.name(projectRoot, path)));
        finding.expected().ifPresent(expected -> json.put("expected", expected));
        finding.actual().ifPresent(actual -> json.put("actual", actual));
        return json.put("message", finding.message()).put("fix", finding.fix()).build();
    }
}
