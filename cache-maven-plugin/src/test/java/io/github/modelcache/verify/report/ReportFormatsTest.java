package io.github.modelcache.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.verify.VerifyReport;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportFormatsTest {

    private static final Path ROOT = Path.of("/project").toAbsolutePath();
    private static final Path CONFIG = ROOT.resolve("config/hardware_cache.json");
    private static final String HOSTILE =
            "a|b <script> \u202e\u001b[31m`x` ]]> & ::error::x \u0000\ufffe\ud800" + "n".repeat(300);

    private static final Finding CORRUPT = Finding.of(
                    FindingId.MODEL_CORRUPT, "The file m.bin is wrong", "run mvn cache:download")
            .at(ROOT.resolve(".cache/models/with space/100%ü#1?.bin"));
    private static final Finding PARTIAL = Finding.of(FindingId.PARTIAL_DOWNLOAD, HOSTILE, "run mvn cache:clean")
            .at(Path.of("/elsewhere/x"));

    private static VerifyReport report(Finding... findings) {
        return new VerifyReport(
                Instant.parse("2026-01-31T09:00:00Z"), Duration.ofMillis(412), List.of(findings), 2, 3_000_000, 0, 0);
    }

    @Nested
    class Sarif {

        private Json sarif(Finding... findings) {
            return new SarifReport(ROOT, CONFIG, "1.0").toJson(report(findings));
        }

        /** The value at a path such as {@code runs/0/results}. */
        private static Json at(Json json, String path) {
            Json value = json;
            for (String step : path.split("/", -1)) {
                value = value instanceof JsonArray array
                        ? array.items().get(Integer.parseInt(step))
                        : Objects.requireNonNull(((JsonObject) value).get(step), step);
            }
            return value;
        }

        private static String text(Json json, String path) {
            return ((JsonString) at(json, path)).value();
        }

        @Test
        void namesEachFileByARelativeUri() {
            Json run = sarif(CORRUPT, PARTIAL);

            String place = "/locations/0/physicalLocation/artifactLocation/uri";
            assertThat(text(run, "runs/0/results/0" + place))
                    .isEqualTo(".cache/models/with%20space/100%25%C3%BC%231%3F.bin");
            assertThat(text(run, "runs/0/results/1" + place)).isEqualTo("config/hardware_cache.json");
        }

        @Test
        void escapesAColonThatWouldEndAScheme() {
            Finding drive = Finding.of(FindingId.MODEL_CORRUPT, "c:drive.bin is wrong", "run mvn cache:download")
                    .at(ROOT.resolve("c:drive.bin"));

            Json run = sarif(drive);

            assertThat(text(run, "runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"))
                    .isEqualTo("c%3Adrive.bin");
        }

        @Test
        void describesEachKindOfFindingOnce() {
            Json run = at(sarif(CORRUPT, CORRUPT, PARTIAL), "runs/0");

            List<Json> rules = ((JsonArray) at(run, "tool/driver/rules")).items();
            assertThat(rules).hasSize(2);
            for (Json result : ((JsonArray) at(run, "results")).items()) {
                long index = ((JsonNumber) at(result, "ruleIndex")).longValue();
                assertThat(text(rules.get((int) index), "id")).isEqualTo(text(result, "ruleId"));
            }
            assertThat(text(run, "results/0/level")).isEqualTo("error");
            assertThat(text(run, "results/2/level")).isEqualTo("warning");
        }

        @Test
        void givesAFindingTheSameFingerprintInEachBuild() {
            Json sarif = sarif(CORRUPT, PARTIAL, CORRUPT);

            String[] fingerprints = new String[3];
            for (int i = 0; i < 3; i++) {
                Json all = at(sarif, "runs/0/results/" + i + "/partialFingerprints");
                fingerprints[i] =
                        ((JsonString) ((JsonObject) all).members().get(0).value()).value();
            }
            assertThat(fingerprints[0]).isEqualTo(fingerprints[2]).isNotEqualTo(fingerprints[1]);
        }

        @Test
        void namesFilesByTheirPathInTheRepositoryOfSeveralProjects() {
            Path config = ROOT.resolve("services/a/config.json");
            Json run = new SarifReport(ROOT, config, "1.0").toJson(report(PARTIAL));

            assertThat(text(run, "runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"))
                    .isEqualTo("services/a/config.json");
        }

        @Test
        void hasTheWorstOfMoreResultsThanGitHubAccepts() {
            Finding[] many = new Finding[25_001];
            Arrays.fill(many, CORRUPT);
            many[25_000] = PARTIAL;

            Json run = at(sarif(many), "runs/0");

            assertThat(((JsonArray) at(run, "results")).items()).hasSize(25_000);
            assertThat(((JsonArray) at(run, "tool/driver/rules")).items()).hasSize(1);
        }

        @Test
        void hasARunWithoutResultsWhereNothingWasFound() {
            assertThat(((JsonArray) at(sarif(), "runs/0/results")).items()).isEmpty();
        }
    }

    @Nested
    class JUnit {

        private Document junit(Finding... findings) throws Exception {
            String xml = JUnitReport.toXml(report(findings), "");
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)));
        }

        @Test
        void failsTheCaseOfAnErrorOnly() throws Exception {
            Document xml = junit(CORRUPT, CORRUPT, PARTIAL);

            assertThat(xml.getDocumentElement().getAttribute("failures")).isEqualTo("1");
            assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(1);
            Element failure = (Element) xml.getElementsByTagName("failure").item(0);
            assertThat(failure.getAttribute("message")).contains("The file m.bin is wrong. Fix: run mvn");
            assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo("model-corrupt");
        }

        @Test
        void namesTheCasesOfEachProjectOfARepositoryDifferently() {
            assertThat(JUnitReport.toXml(report(), "")).contains("classname=\"cache:verify\"");
            assertThat(JUnitReport.toXml(report(), "services/a.b")).contains("classname=\"cache:verify.services/a_b\"");
        }

        @Test
        void isXmlWhateverANameHolds() throws Exception {
            Document xml = junit(PARTIAL);

            String out = xml.getElementsByTagName("system-out").item(0).getTextContent();
            assertThat(out).contains("a|b <script> ??[31m`x` ]]> &").doesNotContain("\u202e");
        }
    }

    @Nested
    class GitHub {

        @Test
        void hasATableInWhichANameIsNoMarkup() {
            String summary = GitHubReport.summary(report(PARTIAL));

            assertThat(summary).startsWith("### Model cache: passed\n").doesNotContain("<script>");
            assertThat(summary.lines().filter(line -> line.startsWith("| warning | partial-download | a&#124;b &#60;")))
                    .hasSize(1);
        }

        @Test
        void keepsTheSummaryBelowTheLimitOfAStep() {
            Finding[] many = new Finding[150];
            Arrays.fill(many, Finding.of(FindingId.PARTIAL_DOWNLOAD, "模".repeat(10_000), "run mvn cache:clean"));

            String summary = GitHubReport.summary(report(many));

            assertThat(summary.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1 << 20);
            assertThat(summary).contains(" more findings are in verify.json");
        }

        @Test
        void escapesWhatEndsAnAnnotation() {
            List<String> lines = GitHubReport.annotations(report(PARTIAL, CORRUPT), ROOT, CONFIG);

            assertThat(lines).hasSize(2);
            assertThat(lines.get(0))
                    .startsWith("::error file=.cache/models/with space/100%25ü#1?.bin,title=model-corrupt::The file")
                    .doesNotContain("\n");
        }

        @Test
        void printsTenAnnotationsOfEachSeverityAtMost() {
            Finding[] many = new Finding[300];
            Arrays.fill(many, CORRUPT);

            assertThat(GitHubReport.annotations(report(many), ROOT, CONFIG)).hasSize(10);
            assertThat(GitHubReport.summary(report(many))).contains("100 more findings are in verify.json");
        }
    }
}
