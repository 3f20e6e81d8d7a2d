package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.VariableConflict;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentCheckTest {

    @TempDir
    Path folder;

    private Verifier verifier;

    @BeforeEach
    void prepare() throws Exception {
        verifier = new Verifier(new TestProject(folder));
    }

    @Test
    void tellsOfAnInheritedVariable() throws Exception {
        Finding finding = only(Optional.empty(), Optional.of("/p/hf"), "/data\n/hf", false);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.path()).isEmpty();
        assertThat(finding.expected()).contains("/p/hf");
        assertThat(finding.actual()).contains("/data?/hf");
        assertThat(finding.message())
                .isEqualTo("NAME is /data?/hf in the environment that the build was started in; the config says /p/hf");
        assertThat(finding.fix()).startsWith("unset NAME").contains("eval \"$(mvn -q cache:env)\"");
    }

    @Test
    void tellsOfAVariableThatShouldNotBeSet() throws Exception {
        Finding finding = only(Optional.empty(), Optional.empty(), "/data/st", false);
        assertThat(finding.expected()).contains("not set");
        assertThat(finding.message()).contains("some libraries do not use");
        assertThat(finding.fix()).startsWith("unset NAME").doesNotContain("eval");
    }

    @Test
    void tellsWhichFileToMend() throws Exception {
        Path file = folder.resolve(".env");
        Finding finding = only(Optional.of(file), Optional.of("/p/hf"), "", false);
        assertThat(finding.path()).contains(file);
        assertThat(finding.message()).startsWith("NAME is empty in .env");
        assertThat(finding.fix()).isEqualTo("mvn cache:env -Dcache.format=dotenv -Dcache.output=.env");
        assertThat(only(Optional.of(file), Optional.empty(), "/data/st", false).fix())
                .isEqualTo("delete the line from .env");
    }

    @Test
    void neverShowsASecret() throws Exception {
        Finding finding = only(Optional.empty(), Optional.of("hf_mine"), "hf_yours", true);
        assertThat(finding.toString()).doesNotContain("hf_");
    }

    @Test
    void namesAllEnvironmentsThatAreMissingInOneFinding() throws Exception {
        Map<String, Path> missing = new LinkedHashMap<>();
        missing.put("whisperx", folder.resolve("venv/whisperx"));
        missing.put("asr", Path.of("/opt/asr"));
        verifier.around(around(List.of(), Map.of(), missing));
        Finding finding = verifier.verify().findings().get(0);
        assertThat(finding.id()).isEqualTo(FindingId.ENVIRONMENT_MISSING);
        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.path()).contains(folder.resolve("venv/whisperx"));
        assertThat(finding.message())
                .isEqualTo("2 environments of the config are not installed: whisperx (venv/whisperx), asr (/opt/asr)");
        assertThat(finding.fix()).isEqualTo("mvn cache:init -Dcache.createEnvironments=true");
    }

    @Test
    void saysWhatCannotBeRead() throws Exception {
        verifier.around(around(List.of(), Map.of(folder.resolve(".env"), new IOException("no")), Map.of()));
        assertThat(verifier.found()).containsExactly("unverifiable info .env");
    }

    private Finding only(Optional<Path> file, Optional<String> expected, String actual, boolean secret)
            throws Exception {
        VariableConflict conflict = new VariableConflict("NAME", file, expected, actual, secret);
        verifier.around(around(List.of(conflict), Map.of(), Map.of()));
        List<Finding> findings = verifier.verify().findings();
        assertThat(findings).extracting(Finding::id).containsExactly(FindingId.ENVIRONMENT_CONFLICT);
        return findings.get(0);
    }

    private VerificationContext around(
            List<VariableConflict> conflicts, Map<Path, IOException> unreadable, Map<String, Path> missing) {
        return new VerificationContext(
                List.of(),
                () -> {
                    throw new AssertionError("the config records no hardware");
                },
                conflicts,
                unreadable,
                missing,
                new ExternalCaches(verifier.config(), folder.resolve("no home"), Map.of()));
    }
}
