package io.github.modelcache.verify.report;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.verify.VerifyReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes findings as SARIF 2.1.0, with relative URIs below {@code %SRCROOT%}.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 * @see <a href="https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning">What
 *     GitHub reads of it</a>
 */
public final class SarifReport {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String HOME = "https://github.com/modelcache/cache-maven-plugin";

    /** GitHub rejects a file with more results than this. */
    private static final int MOST_RESULTS = 25_000;

    private final FindingLocation location;
    private final String version;

    /**
     * Prepares a report.
     *
     * @param root the top folder of the repository
     * @param version of the plugin
     */
    public SarifReport(Path root, Path configFile, String version) {
        this.location = new FindingLocation(root, configFile);
        this.version = version;
    }

    /** The report as a document with one run, which has the worst findings if there are very many. */
    public JsonObject toJson(VerifyReport report) {
        List<Finding> findings = report.findings().stream().limit(MOST_RESULTS).toList();
        List<FindingId> rules =
                findings.stream().map(Finding::id).distinct().sorted().toList();
        JsonObject driver = JsonObject.builder()
                .put("name", "cache-maven-plugin")
                .put("version", version)
                .put("informationUri", HOME)
                .put("rules", JsonArray.of(rules.stream().map(SarifReport::rule).toList()))
                .build();
        List<Json> results = findings.stream()
                .map(finding -> result(finding, rules.indexOf(finding.id())))
                .toList();
        JsonObject run = JsonObject.builder()
                .put("tool", JsonObject.builder().put("driver", driver).build())
                .put("columnKind", "utf16CodeUnits")
                .put("results", JsonArray.of(results))
                .build();
        return JsonObject.builder()
                .put("$schema", SCHEMA)
                .put("version", "2.1.0")
                .put("runs", JsonArray.of(List.of(run)))
                .build();
    }

    private static Json rule(FindingId id) {
        return JsonObject.builder()
                .put("id", id.id())
                .put("shortDescription", text(id.id().replace('-', ' ')))
                .put("helpUri", HOME + "/blob/main/docs/findings.md#" + id.id())
                .put(
                        "defaultConfiguration",
                        JsonObject.builder().put("level", level(id.severity())).build())
                .build();
    }

    private Json result(Finding finding, int rule) {
        String uri = location.uri(finding);
        String message = TextSanitizer.lines(finding.message() + ". Fix: " + finding.fix());
        JsonObject artifact = JsonObject.builder()
                .put("uri", uri)
                .put("uriBaseId", "%SRCROOT%")
                .build();
        JsonObject physical = JsonObject.builder()
                .put("artifactLocation", artifact)
                .put("region", JsonObject.builder().put("startLine", 1).build())
                .build();
        return JsonObject.builder()
                .put("ruleId", finding.id().id())
                .put("ruleIndex", rule)
                .put("level", level(finding.severity()))
                .put("message", text(message))
                .put(
                        "locations",
                        JsonArray.of(List.of(JsonObject.builder()
                                .put("physicalLocation", physical)
                                .build())))
                .put(
                        "partialFingerprints",
                        JsonObject.builder()
                                .put("modelCacheFinding/v1", fingerprint(finding, uri))
                                .build())
                .build();
    }

    /** The same for the same finding in each build, so that a service can tell new findings from known ones. */
    private static String fingerprint(Finding finding, String uri) {
        String model = finding.model().map(Object::toString).orElse("");
        byte[] identity = String.join("\n", finding.id().id(), model, uri).getBytes(StandardCharsets.UTF_8);
        return Hashing.digest(identity, DigestAlgorithm.SHA256).hex();
    }

    private static JsonObject text(String text) {
        return JsonObject.builder().put("text", text).build();
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }
}
