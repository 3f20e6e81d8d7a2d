package io.github.modelcache.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.memory.VerificationCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanCheckTest {

    private static final Hardware MACHINE =
            new Hardware("linux", "x86_64", false, false, false, 2, 24, Optional.empty(), OptionalInt.empty());
    private static final String DECLARED = "\"models\": [{\"model\": \"url:https://h/m.bin\", \"to\": \"m.bin\"}]";
    private static final String EXCEPTION = DECLARED + ", \"policy\": {\"exceptions\": [{\"model\": \"url:*\","
            + " \"findings\": [\"unsafe-model\"], \"reason\": \"a test\", \"until\": \"2026-06-30\"}]}";
    private static final String HOSTILE = "cos\nsystem\n(S'true'\ntR.";

    @TempDir
    Path folder;

    private List<Finding> verify(String config, Instant now, String license) throws Exception {
        TestProject project = new TestProject(folder);
        CacheConfig cache = project.prepared(config);
        Path model = cache.modelsHome().resolve("m.bin");
        ModelFile file = new ModelFile(
                "m.bin",
                Files.size(model),
                Optional.of(Hashing.digest(model, DigestAlgorithm.SHA256)),
                "https://h/m.bin");
        project.lock()
                .write(Lock.of(List.of(new ResolvedModel(
                        ModelReference.parse("url:https://h/m.bin"),
                        cache.models().get(0).request(),
                        "1",
                        Optional.of(license),
                        false,
                        List.of(file)))));
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        PluginDirectory own = new PluginDirectory(cache);
        try (ContentDigests digests = new ContentDigests(own.stampIndex(), false, later)) {
            return new Verification(
                            cache,
                            project.lock(),
                            digests,
                            Verifier.surroundings(cache, MACHINE),
                            Clock.fixed(now, ZoneOffset.UTC))
                    .run(new VerificationCache(own.lastVerification(), "1", 0))
                    .findings();
        }
    }

    private List<Finding> verify(String config) throws Exception {
        return verify(config, Instant.parse("2026-06-30T12:00:00Z"), "mit");
    }

    private void write(String content) throws Exception {
        new TestProject(folder).write(".cache/models/m.bin", content);
    }

    @Test
    void aFileThatRunsCodeIsAnError() throws Exception {
        write(HOSTILE);
        List<Finding> findings = verify(DECLARED);

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).id()).isEqualTo(FindingId.UNSAFE_MODEL);
        assertThat(findings.get(0).message()).isEqualTo(".cache/models/m.bin: it would call os.system");
        assertThat(findings.get(0).path()).hasValue(folder.resolve(".cache/models/m.bin"));
        assertThat(verify(DECLARED)).isEqualTo(findings);
    }

    @Test
    void anExceptionHoldsUntilItsLastDay() throws Exception {
        write(HOSTILE);

        assertThat(verify(EXCEPTION)).isEmpty();
        assertThat(verify(EXCEPTION, Instant.parse("2026-07-01T00:00:00Z"), "mit"))
                .hasSize(1);
    }

    @Test
    void whatIsKnownOfAContentIsNotReadAgain() throws Exception {
        write("harmless");
        assertThat(verify(DECLARED)).isEmpty();
        Path scans = folder.resolve(".cache/.modelcache/scans.txt");
        Files.writeString(scans, Files.readString(scans).replace(" text", " pickle"));

        assertThat(verify(DECLARED + ", \"policy\": {\"formats\": {\"deny\": [\"pickle\"]}}"))
                .extracting(Finding::id)
                .containsExactly(FindingId.FORMAT_DENIED);
    }

    @Test
    void aLicenseOfTheLockIsJudgedInEveryBuild() throws Exception {
        write("harmless");
        String policy = DECLARED + ", \"policy\": {\"licenses\": {\"deny\": [\"cc-by-nc-*\"]}}";

        assertThat(verify(policy)).isEmpty();
        assertThat(verify(policy, Instant.parse("2026-06-30T12:00:00Z"), "cc-by-nc-4.0"))
                .extracting(Finding::id)
                .containsExactly(FindingId.LICENSE_DENIED);
    }

    @Test
    void aRequiredSignatureIsCheckedInEveryBuild() throws Exception {
        write("harmless");
        new TestProject(folder).write("key.pem", "none");
        String policy = DECLARED + ", \"policy\": {\"signatures\": [{\"model\": \"url:*\", \"key\": \"key.pem\"}]}";

        assertThat(verify(policy)).extracting(Finding::id).containsExactly(FindingId.SIGNATURE_MISSING);
        assertThat(verify(policy)).extracting(Finding::id).containsExactly(FindingId.SIGNATURE_MISSING);
    }

    @Test
    void aConfigWithAutoMapIsRemoteCode() throws Exception {
        write("{\"auto_map\": {\"AutoModel\": \"modeling.Net\"}}");

        assertThat(verify(DECLARED)).extracting(Finding::id).containsExactly(FindingId.REMOTE_CODE);
        assertThat(verify(DECLARED + ", \"policy\": {\"remote_code\": \"allow\"}"))
                .isEmpty();
    }
}
