package io.github.modelcache.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.scan.ScanIssue;
import io.github.modelcache.scan.ScanResult;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyRulesTest {

    private static final LocalDate DAY = LocalDate.parse("2026-06-30");

    @TempDir
    Path folder;

    private PolicyRules rules(String policy) throws Exception {
        CacheConfig config = new TestProject(folder).config("\"policy\": " + policy.replace('\'', '"'));
        return new PolicyRules(config.policy());
    }

    private static ResolvedModel model(String reference, String license, boolean gated, String... paths) {
        Digest digest = new Digest(DigestAlgorithm.SHA256, "0".repeat(64));
        List<ModelFile> files = Stream.of(paths)
                .map(path -> new ModelFile(path, 1000, Optional.of(digest), "https://hub.example/" + path))
                .toList();
        return new ResolvedModel(
                ModelReference.parse(reference),
                ModelRequest.PLAIN,
                "c0ffee",
                Optional.of(license).filter(text -> !text.isEmpty()),
                gated,
                files);
    }

    private static List<FindingId> ids(List<Finding> findings) {
        return findings.stream().map(Finding::id).toList();
    }

    @Nested
    class ALicense {

        @ParameterizedTest
        @CsvSource({
            "cc-by-nc-4.0, true",
            "CC-BY-NC-SA-4.0, true",
            "cc-by-4.0, false",
            "openrail, true",
            "mit, false",
            "'', false"
        })
        void isDeniedByAPattern(String license, boolean denied) throws Exception {
            PolicyRules rules = rules("{'licenses': {'deny': ['cc-by-nc-*', 'LicenseRef-scancode-openrail']}}");

            assertThat(ids(rules.ofModel(model("hf:a/b", license, false))))
                    .isEqualTo(denied ? List.of(FindingId.LICENSE_DENIED) : List.of());
        }

        @Test
        void isDeniedIfItIsNotAmongTheAllowedOnes() throws Exception {
            PolicyRules rules = rules("{'licenses': {'allow': ['mit'], 'unknown': 'warn'}}");

            assertThat(rules.ofModel(model("hf:a/b", "mit", false))).isEmpty();
            assertThat(rules.ofModel(model("hf:a/b", "apache-2.0", false))
                            .get(0)
                            .severity())
                    .isEqualTo(Severity.ERROR);
            assertThat(rules.ofModel(model("hf:a/b", "", false)).get(0).severity())
                    .isEqualTo(Severity.WARNING);
        }
    }

    @Nested
    class ALicenseThatChanged {

        private final ResolvedModel changed =
                model("hf:a/b", "cc-by-nc-4.0", false).after(model("hf:a/b", "mit", false));

        @Test
        void isReportedUntilTheLineIsDeleted() throws Exception {
            List<Finding> findings = rules("{}").ofModel(changed);

            assertThat(ids(findings)).containsExactly(FindingId.LICENSE_CHANGED);
            assertThat(findings.get(0).message())
                    .isEqualTo("The licence of hf:a/b was mit when it was locked before, and now is cc-by-nc-4.0");
            assertThat(findings.get(0).fix()).contains("\"formerLicense\"");
            assertThat(rules("{}").ofModel(model("hf:a/b", "cc-by-nc-4.0", false)))
                    .isEmpty();
        }

        @Test
        void isKeptThroughUpdatesAndEndsWhenItChangesBack() throws Exception {
            ResolvedModel again = model("hf:a/b", "cc-by-nc-4.0", false).after(changed);
            ResolvedModel back = model("hf:a/b", "mit", false).after(changed);

            assertThat(again.formerLicense()).hasValue("mit");
            assertThat(back.formerLicense()).isEmpty();
            assertThat(model("hf:a/b", "", false)
                            .after(model("hf:a/b", "mit", false))
                            .formerLicense())
                    .hasValue("mit");
        }

        @Test
        void isNotReportedIfThePolicyAllowsTheNewOneByName() throws Exception {
            assertThat(rules("{'licenses': {'allow': ['cc-*']}}").ofModel(changed))
                    .isEmpty();
            assertThat(ids(rules("{'licenses': {'deny': ['gpl-*']}}").ofModel(changed)))
                    .containsExactly(FindingId.LICENSE_CHANGED);
        }

        @Test
        void canBeAcceptedForATime() throws Exception {
            PolicyRules rules = rules("{'exceptions': [{'model': 'hf:a/b', 'findings': ['license-changed'],"
                    + " 'reason': 'asked the lawyer', 'until': '2026-06-30'}]}");
            Finding finding = rules.ofModel(changed).get(0);

            assertThat(rules.on(DAY, finding)).isEmpty();
            assertThat(rules.on(DAY.plusDays(1), finding)).isPresent();
        }
    }

    @Nested
    class ASource {

        @Test
        void isJudgedByReferenceOrUrl() throws Exception {
            PolicyRules rules =
                    rules("{'sources': {'allow': ['hf:good/*', 'https://hub.example/*'], 'deny': ['hf:bad/*']}}");

            assertThat(rules.ofModel(model("hf:good/m", "", false, "w"))).isEmpty();
            assertThat(rules.ofModel(model("hf:other/m", "", false, "w"))).isEmpty();
            assertThat(ids(rules.ofModel(model("hf:other/m", "", false)))).containsExactly(FindingId.SOURCE_DENIED);
            assertThat(ids(rules.ofModel(model("hf:bad/m", "", false, "w")))).containsExactly(FindingId.SOURCE_DENIED);
        }

        @Test
        void thatIsGatedIsReportedIfThePolicySaysSo() throws Exception {
            assertThat(rules("{}").ofModel(model("hf:a/b", "", true))).isEmpty();
            assertThat(ids(rules("{'gated': 'error'}").ofModel(model("hf:a/b", "", true))))
                    .containsExactly(FindingId.SOURCE_DENIED);
        }
    }

    @Nested
    class RemoteCode {

        @Test
        void isAPythonFileBesideAConfig() throws Exception {
            PolicyRules rules = rules("{}");

            assertThat(ids(rules.ofModel(model("hf:a/b", "", false, "config.json", "modeling.py"))))
                    .containsExactly(FindingId.REMOTE_CODE);
            // huggingface/diffusers#13446, CVE-2026-44513: without trust_remote_code
            assertThat(ids(rules.ofModel(model("hf:a/b", "", false, "model_index.json", "pipeline.py"))))
                    .containsExactly(FindingId.REMOTE_CODE);
            assertThat(rules.ofModel(model("hf:a/b", "", false, "config.json", "tools/x.py")))
                    .isEmpty();
            assertThat(rules.ofModel(model("torchhub:a/b", "", false, "hubconf.py")))
                    .isEmpty();
            assertThat(ids(rules("{'remote_code': 'error'}").ofModel(model("torchhub:a/b", "", false, "hubconf.py"))))
                    .containsExactly(FindingId.REMOTE_CODE);
            assertThat(rules("{'remote_code': 'allow'}")
                            .ofModel(model("hf:a/b", "", false, "config.json", "modeling.py")))
                    .isEmpty();
        }
    }

    @Nested
    class AFile {

        private final ScanResult scan = new ScanResult(
                "pickle",
                List.of(
                        new ScanIssue(ScanIssue.Kind.UNSAFE, "it would call os.system"),
                        new ScanIssue(ScanIssue.Kind.UNREADABLE, "it ends early")));
        private final ModelReference model = ModelReference.parse("hf:a/b");

        @Test
        void isTakenAsThePolicySays() throws Exception {
            List<Finding> strict = rules("{}").ofFile(model, "x.pt", scan);
            assertThat(ids(strict)).containsExactly(FindingId.UNSAFE_MODEL, FindingId.NOT_SCANNABLE);
            assertThat(strict.get(0).message()).isEqualTo("x.pt: it would call os.system");
            assertThat(rules("{'unsafe': 'warn'}")
                            .ofFile(model, "x.pt", scan)
                            .get(0)
                            .severity())
                    .isEqualTo(Severity.WARNING);
            assertThat(rules("{'unsafe': 'allow', 'not_scannable': 'allow'}").ofFile(model, "x.pt", scan))
                    .isEmpty();
        }

        @Test
        void hasAFormatThatMayBeDenied() throws Exception {
            assertThat(ids(rules("{'unsafe': 'allow', 'not_scannable': 'allow', 'formats': {'deny': ['pick*']}}")
                            .ofFile(model, "x.pt", scan)))
                    .containsExactly(FindingId.FORMAT_DENIED);
        }
    }

    @Nested
    class AnException {

        private static final String POLICY = "{'exceptions': [{'model': 'hf:a/*', 'findings': ['unsafe-model'],"
                + " 'reason': 'read', 'until': '2026-06-30'}]}";
        private final Finding finding = Finding.of(FindingId.UNSAFE_MODEL, "it is", "x");

        @Test
        void holdsUntilItsLastDay() throws Exception {
            PolicyRules rules = rules(POLICY);
            Finding covered = finding.about(ModelReference.parse("hf:a/b"));

            assertThat(rules.on(DAY, covered)).isEmpty();
            assertThat(rules.on(DAY.plusDays(1), covered))
                    .hasValueSatisfying(
                            after -> assertThat(after.message()).endsWith("(the exception ended on 2026-06-30)"));
        }

        @Test
        void coversNothingElse() throws Exception {
            PolicyRules rules = rules(POLICY);

            assertThat(rules.on(DAY, finding.about(ModelReference.parse("hf:z/b"))))
                    .isPresent();
            assertThat(rules.on(
                            DAY, Finding.of(FindingId.MODEL_CORRUPT, "m", "f").about(ModelReference.parse("hf:a/b"))))
                    .isPresent();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'unsafe': 'never'}",
                    "{'exceptions': [{'model': 'hf:a/*'}]}",
                    "{'exceptions': [{'model': 'm', 'findings': ['model-corrupt'], 'reason': 'r', 'until':"
                            + " '2026-01-01'}]}",
                    "{'exceptions': [{'model': 'm', 'findings': [], 'reason': 'r', 'until': 'soon'}]}",
                    "{'max_model_size': 'large'}",
                    "{'licenses': ['mit']}"
                })
        void orAnotherMemberThatIsWrongIsNamed(String policy) {
            assertThatThrownBy(() -> rules(policy)).hasMessageContaining("cache.policy");
        }
    }
}
