package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.environment.EnvironmentConflicts;
import io.github.modelcache.families.ExternalCaches;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.hardware.HardwareDetector;
import io.github.modelcache.hardware.Probes;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.python.PythonEnvironments;
import io.github.modelcache.setup.IgnoredFolders;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.verify.Verification;
import io.github.modelcache.verify.VerifyReport;
import io.github.modelcache.verify.checks.VariableConflict;
import io.github.modelcache.verify.checks.VerificationContext;
import io.github.modelcache.verify.memory.VerificationCache;
import io.github.modelcache.verify.report.SarifReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Checks the caches against the config and the lock file, without a network. Fails the build if it finds an error. */
@Mojo(name = "verify", defaultPhase = LifecyclePhase.VERIFY, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class VerifyMojo extends AbstractCacheMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.verify.skip", defaultValue = "false")
    boolean skipVerify;

    /** Lowest severity that fails the build: error, warning, or never. */
    @Parameter(property = "cache.failOn", defaultValue = "error")
    String failOn;

    /** Hashes every file again, including files that look unchanged. */
    @Parameter(property = "cache.rehash", defaultValue = "false")
    boolean rehash;

    /**
     * Further reports beside {@code verify.json}: {@code sarif} writes {@code verify.sarif}, {@code junit} writes
     * {@code verify-junit.xml}; separate several with commas. In GitHub Actions this goal also adds a table to the summary of the
     * step and prints annotations; {@code none} turns that off.
     */
    @Parameter(property = "cache.reports", defaultValue = "")
    @Nullable
    String reports;

    private String growth = "";

    @Override
    Optional<String> skippedBy() {
        return skipVerify ? Optional.of("cache.verify.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, IOException, MojoFailureException {
        FailOn limit = FailOn.parse(failOn);
        VerifyOutputs outputs = VerifyOutputs.parse(given(reports).orElse(""), System.getenv());
        Clock clock = Clock.systemUTC();
        CacheConfig cache;
        VerifyReport report;
        try {
            cache = readConfig();
            report = check(cache, clock);
        } catch (ConfigException e) {
            cache = ConfigReader.read(projectRoot(), projectRoot().resolve("no such file"));
            report = VerifyReport.of(clock.instant(), invalid(e));
        }
        Reports files = new Reports(session, cache, messages());
        files.write("verify.json", report.toJson(projectRoot(), version()));
        outputs.write(report, files, new SarifReport(projectRoot(), configFile(), version()));
        print(report);
        outputs.tellGitHub(
                report, projectRoot(), configFile(), StandardStreams.of(session).out(), messages());
        if (limit.fails(report)) {
            throw new MojoFailureException(TextSanitizer.lines(commands().apply(failure(report))));
        }
    }

    private Finding invalid(ConfigException problem) {
        return Finding.of(FindingId.CONFIG_INVALID, String.valueOf(problem.getMessage()), "correct the file")
                .at(configFile());
    }

    private VerifyReport check(CacheConfig cache, Clock clock) throws IOException {
        PluginDirectory own = new PluginDirectory(cache);
        try (ContentDigests digests =
                new ContentDigests(own.stampIndex(), rehash, clock, messages().progress())) {
            Verification verification = new Verification(cache, lockFile(), digests, context(cache), clock);
            VerifyReport report = verification.run(new VerificationCache(own.lastVerdict(), version()));
            growth = recordSize(new Reports(session, cache, messages()), clock.instant(), verification.cacheBytes());
            if (Files.isDirectory(cache.baseDir()) && !digests.save()) {
                getLog().debug("The digests can't be stored in " + own.stampIndex());
            }
            return report;
        }
    }

    private static VerificationContext context(CacheConfig cache) throws IOException {
        EnvironmentConflicts variables = new EnvironmentConflicts(cache, home(), System.getenv());
        List<VariableConflict> conflicts = new ArrayList<>(conflicts(variables.inherited(), Optional.empty()));
        Map<Path, IOException> unreadable = new TreeMap<>();
        try {
            conflicts.addAll(conflicts(variables.ofFile(), Optional.of(variables.file())));
        } catch (IOException e) {
            unreadable.put(variables.file(), e);
        }
        Map<String, Path> notInstalled = new LinkedHashMap<>();
        new PythonEnvironments(cache)
                .missing()
                .forEach(missing ->
                        notInstalled.put(missing.entry().name(), missing.entry().path()));
        return new VerificationContext(
                new IgnoredFolders(cache).missing(),
                () -> SharedConfig.isTracked(cache.file())
                        ? Optional.empty()
                        : Optional.of(new HardwareDetector(Probes.ofThisMachine()).detect()),
                conflicts,
                unreadable,
                notInstalled,
                new ExternalCaches(cache, home(), System.getenv()));
    }

    private static List<VariableConflict> conflicts(
            List<EnvironmentConflicts.Conflict> conflicts, Optional<Path> file) {
        return conflicts.stream()
                .map(found ->
                        new VariableConflict(found.name(), file, found.expected(), found.actual(), found.secret()))
                .toList();
    }

    /** Records the size of the caches; returns the growth since the last build for messages. */
    private static String recordSize(Reports reports, Instant now, long bytes) {
        Optional<SizeRecord> before = reports.size();
        long grown = bytes - before.map(SizeRecord::bytes).orElse(bytes);
        if (before.isEmpty() || grown != 0) {
            reports.writeSize(new SizeRecord(now, bytes));
        }
        String direction = grown > 0 ? " more" : " less";
        return grown == 0 ? "" : "; " + ByteSize.format(Math.abs(grown)) + direction + " than at the last build";
    }

    private void print(VerifyReport report) {
        for (Finding finding : report.findings()) {
            String line = finding.id().id() + ": " + finding.message() + ". Fix: " + finding.fix();
            switch (finding.severity()) {
                case ERROR -> getLog().error(TextSanitizer.lines(commands().apply(line)));
                case WARNING -> messages().warn(line);
                case INFO -> messages().info(line);
            }
        }
        if (report.passed()) {
            getLog().info("Verified " + report.files() + (report.files() == 1 ? " model file, " : " model files, ")
                    + ByteSize.format(report.bytes()) + " (" + ByteSize.format(report.bytesHashed())
                    + " hashed, the rest unchanged)" + growth);
        }
    }

    private static String failure(VerifyReport report) {
        long errors = report.count(Severity.ERROR);
        long warnings = report.count(Severity.WARNING);
        Finding first = report.findings().get(0);
        return "Verification failed: " + errors + (errors == 1 ? " error, " : " errors, ")
                + warnings + (warnings == 1 ? " warning. " : " warnings. ")
                + first.id().id() + ": "
                + first.message() + ". Fix: " + first.fix();
    }

    private String version() {
        return execution.getVersion();
    }

    /** The severity that fails the build. */
    private enum FailOn {
        ERROR,
        WARNING,
        NEVER;

        static FailOn parse(String text) {
            return switch (text) {
                case "error" -> ERROR;
                case "warning" -> WARNING;
                case "never" -> NEVER;
                default ->
                    throw new IllegalArgumentException(
                            "cache.failOn is '" + text + "', expected error, warning or never");
            };
        }

        boolean fails(VerifyReport report) {
            return switch (this) {
                case ERROR -> !report.passed();
                case WARNING -> !report.passed() || report.count(Severity.WARNING) > 0;
                case NEVER -> false;
            };
        }
    }
}
