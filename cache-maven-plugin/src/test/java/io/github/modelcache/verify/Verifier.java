package io.github.modelcache.verify;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.checks.VerificationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Verifies a test's project, an hour after its files were written: their stamps have settled by then. */
public final class Verifier {

    private static final Hardware MACHINE =
            new Hardware("linux", "x86_64", false, false, false, 2, 24, Optional.empty(), OptionalInt.empty());

    private final Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    private final TestProject project;
    private CacheConfig config;
    private Optional<VerificationContext> around = Optional.empty();

    /** A project that declares these models; its folders are there. */
    public Verifier(TestProject project, String... references) throws Exception {
        this.project = project;
        this.config = declare(references);
    }

    /** A project with a config of its own. */
    public Verifier(TestProject project, CacheConfig config) {
        this.project = project;
        this.config = config;
    }

    /** Declares other models. */
    public CacheConfig declare(String... references) throws Exception {
        String models = references.length == 0 ? "" : "\"" + String.join("\", \"", references) + "\"";
        config = project.prepared("\"models\": [" + models + "]");
        return config;
    }

    /** Declares one model that may be missing. */
    public void declareOptional(String reference) throws Exception {
        config = project.prepared("\"models\": [{\"model\": \"" + reference + "\", \"optional\": true}]");
    }

    /** Nothing around the caches that anything could be said of. */
    static VerificationContext surroundings(CacheConfig config, Hardware machine) {
        return new VerificationContext(
                List.of(),
                () -> Optional.of(machine),
                List.of(),
                Map.of(),
                Map.of(),
                new ExternalCaches(config, config.projectRoot().resolve("no home"), Map.of()));
    }

    /** Verifies with this home folder and these inherited variables from now on. */
    public void home(Path home, Map<String, String> inherited) {
        VerificationContext usual = surroundings(config, MACHINE);
        around(new VerificationContext(
                usual.notIgnored(),
                usual.machine(),
                usual.conflicts(),
                usual.unreadable(),
                usual.notInstalled(),
                new ExternalCaches(config, home, inherited)));
    }

    /** Verifies in other surroundings from now on. */
    public void around(VerificationContext other) {
        around = Optional.of(other);
    }

    public CacheConfig config() {
        return config;
    }

    /** Locks these models and no others. */
    public void lock(ResolvedModel... models) throws Exception {
        project.lock().write(Lock.of(List.of(models)));
    }

    public VerifyReport verify() throws Exception {
        return verify(false);
    }

    /** Verifies, and remembers what was hashed for the next time. */
    public VerifyReport verify(boolean rehash) throws Exception {
        Path stamps = new PluginDirectory(config).stampIndex();
        try (ContentDigests digests = new ContentDigests(stamps, rehash, later)) {
            VerifyReport report = new Verification(
                            config,
                            project.lock(),
                            digests,
                            around.orElseGet(() -> surroundings(config, MACHINE)),
                            Clock.systemUTC())
                    .run();
            digests.save();
            if (Files.exists(stamps)) {
                Files.setLastModifiedTime(stamps, FileTime.from(later.instant()));
            }
            return report;
        }
    }

    /** {@code id severity path}, one line each, without the info about models that only the lock holds. */
    public List<String> found() throws Exception {
        return lines(verify());
    }

    public List<String> lines(VerifyReport report) {
        return report.findings().stream()
                .filter(finding -> finding.id() != FindingId.MODEL_UNPINNED || finding.severity() != Severity.INFO)
                .map(finding -> finding.id().id() + " " + finding.severity().id() + " "
                        + finding.path()
                                .map(path -> project.root().relativize(path).toString())
                                .orElse(""))
                .toList();
    }
}
