package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import io.github.modelcache.verify.VerifyReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionCheckTest {

    private static final String REF = ".cache/huggingface/hub/models--acme--tiny/refs/main";

    @TempDir
    Path folder;

    private HubFixture tiny;
    private Verifier verifier;

    @BeforeEach
    void fill() throws Exception {
        tiny = new HubFixture(folder.resolve(".cache/huggingface/hub"), "acme/tiny")
                .small("config.json", "{}")
                .ref("main", HubFixture.COMMIT);
        verifier = new Verifier(new TestProject(folder), "hf:acme/tiny");
        verifier.lock(tiny.resolved());
    }

    @Test
    void saysInOneInfoWhichModelsOnlyTheLockHolds() throws Exception {
        VerifyReport report = verifier.verify();
        assertThat(report.findings()).hasSize(1);
        Finding finding = report.findings().get(0);
        assertThat(finding.id()).isEqualTo(FindingId.MODEL_UNPINNED);
        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.message())
                .isEqualTo("Only the lock file pins these models, their entries name no commit: hf:acme/tiny at main");
        assertThat(finding.actual()).contains("hf:acme/tiny at main");
    }

    @Test
    void warnsOfARefThatAClientMovedToAnotherCommit() throws Exception {
        String other = "f".repeat(40);
        tiny.ref("main", other);
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).containsExactly("model-unpinned warning " + REF);
        Finding finding = report.findings().get(0);
        assertThat(finding.message()).contains(other).contains(HubFixture.COMMIT);
        assertThat(finding.expected()).contains(HubFixture.COMMIT);
        assertThat(finding.actual()).contains(other);
        assertThat(finding.fix()).isEqualTo("mvn cache:download");
    }

    @Test
    void findsARefThatNoClientCanFollow() throws Exception {
        tiny.ref("main", HubFixture.COMMIT + "\n");
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).containsExactly("model-corrupt error " + REF);
        assertThat(report.findings().get(0).fix()).isEqualTo("mvn cache:download");
    }

    @Test
    void findsThatThereIsNoRef() throws Exception {
        Files.delete(folder.resolve(REF));
        assertThat(verifier.found()).containsExactly("model-missing error " + REF);
    }

    @Test
    void looksAtTheRefsOfModelsThatADeclaredOneBrings() throws Exception {
        HubFixture voices = new HubFixture(folder.resolve(".cache/huggingface/hub"), "acme/voices")
                .small("config.json", "{}")
                .ref("main", HubFixture.COMMIT);
        verifier.lock(bringing(tiny.resolved(), "hf:acme/voices"), voices.resolved());
        assertThat(verifier.found()).isEmpty();
        assertThat(verifier.verify().files()).isEqualTo(2);
        assertThat(verifier.verify().findings())
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.message())
                                .isEqualTo(
                                        "Only the lock file pins these models, their entries name no commit: hf:acme/tiny at main"));

        voices.ref("main", "f".repeat(40));
        String ref = REF.replace("tiny", "voices");
        assertThat(verifier.found()).containsExactly("model-unpinned warning " + ref);
        Files.delete(folder.resolve(ref));
        assertThat(verifier.found()).containsExactly("model-missing error " + ref);
    }

    private static ResolvedModel bringing(ResolvedModel model, String other) {
        return new ResolvedModel(
                model.reference(),
                model.request(),
                model.revision(),
                model.license(),
                model.gated(),
                model.branch(),
                model.files(),
                List.of(ModelDeclaration.of(ModelReference.parse(other))),
                model.manifest(),
                model.formerLicense());
    }
}
