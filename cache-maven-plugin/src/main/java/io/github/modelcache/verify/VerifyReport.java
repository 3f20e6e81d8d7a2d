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
 * The result of {@code cache:verify}.
 *
 * @param findings worst first
 * @param files number of checked model files
 * @param bytes their size
 * @param bytesReused bytes of unchanged files, which were not hashed
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

    /** A report of one problem that prevented all checks. */
    public static VerifyReport of(Instant startedAt, Finding problem) {
        return new VerifyReport(startedAt, Duration.ZERO, List.of(problem), 0, 0, 0, 0);
    }

    /** The number of findings of this severity. */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** Whether no finding is an error. */
    public boolean passed() {
        return count(Severity.ERROR) == 0;
    }

    /**
     * The report {@code verify.json}.
     *
     * @param projectRoot the folder that paths are relative to
     * @param version of the plugin
     */
    public JsonObject toJson(Path projectRoot, String version) {
        List<Json> items = new ArrayList<>();
        findings.forEach(finding -> items.add(finding.toJson(path -> Plan.name(projectRoot, path))));
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
}
