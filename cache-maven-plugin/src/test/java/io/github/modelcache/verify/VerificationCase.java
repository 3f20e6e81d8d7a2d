package io.github.modelcache.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A project with one locked model that is as it should be. */
abstract class VerificationCase {

    static final Hardware MACHINE =
            new Hardware("linux", "x86_64", false, false, false, 2, 24, Optional.empty(), OptionalInt.empty());
    static final String DECLARED = "\"models\": [{\"model\": \"url:https://h/m.bin\", \"to\": \"m.bin\"}]";

    /** Long after the files of a test were written, so that their stamps have settled. */
    static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    @TempDir
    Path folder;

    TestProject project;
    CacheConfig config;
    Path model;

    @BeforeEach
    void lockAModel() throws Exception {
        project = new TestProject(folder);
        config = project.prepared(DECLARED);
        model = project.write(".cache/models/m.bin", "a model");
        Files.setLastModifiedTime(model, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        lock(ModelReference.parse("url:https://h/m.bin"));
    }

    void lock(ModelReference reference) throws Exception {
        ModelRequest request = config.models().get(0).request();
        ModelFile file = new ModelFile(
                "m.bin", 7, Optional.of(Hashing.digest(model, DigestAlgorithm.SHA256)), "https://h/m.bin");
        project.lock()
                .write(Lock.of(
                        List.of(new ResolvedModel(reference, request, "1", Optional.empty(), false, List.of(file)))));
    }

    Path stamps() {
        return new PluginDirectory(config).stampIndex();
    }

    VerifyReport verify() throws Exception {
        try (ContentDigests digests = new ContentDigests(stamps(), false, LATER)) {
            VerifyReport report = verification(digests).run();
            digests.save();
            return report;
        }
    }

    Verification verification(ContentDigests digests) {
        return new Verification(
                config, project.lock(), digests, Verifier.surroundings(config, MACHINE), Clock.systemUTC());
    }

    static Finding only(VerifyReport report) {
        assertThat(report.findings()).hasSize(1);
        return report.findings().get(0);
    }
}
