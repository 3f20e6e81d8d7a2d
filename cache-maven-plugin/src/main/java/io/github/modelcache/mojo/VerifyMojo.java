package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.git.GitRepository;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.units.Words;
import io.github.modelcache.verify.VerifyReport;
import io.github.modelcache.verify.report.SarifReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
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

    /**
     * Output format: text, or json, which writes the content of verify.json to standard output without Maven's prefixes, in
     * the place of findings in the log.
     */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

    private String growth = "";

    @Override
    Optional<String> skippedBy() {
        return skipVerify ? Optional.of("cache.verify.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, IOException, MojoFailureException {
        FailOn limit = FailOn.parse(failOn);
        OutputFormat output = OutputFormat.parseBesideOthers(format);
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
        JsonObject json = report.toJson(projectRoot(), version());
        files.write("verify.json", json);
        Path top = GitRepository.around(projectRoot()).map(GitRepository::top).orElse(projectRoot());
        String project = top.relativize(projectRoot()).toString().replace('\\', '/');
        outputs.write(report, files, new SarifReport(top, configFile(), version()), project);
        if (output == OutputFormat.JSON) {
            printRaw(JsonWriter.write(json));
        } else {
            print(report);
        }
        outputs.reportToGitHub(
                report, top, configFile(), StandardStreams.of(session).out(), messages());
        if (limit.fails(report)) {
            throw new MojoFailureException(TextSanitizer.lines(commands().apply(failure(report))));
        }
    }

    private Finding invalid(ConfigException problem) {
        return Finding.of(FindingId.CONFIG_INVALID, String.valueOf(problem.getMessage()), "correct the file")
                .at(configFile());
    }

    private VerifyReport check(CacheConfig cache, Clock clock) throws IOException {
        ProjectCheck check = new ProjectCheck(cache, lockFile(), home(), version(), messages());
        VerifyReport report = check.run(rehash, clock);
        growth = recordSize(new Reports(session, cache, messages()), clock.instant(), check.cacheBytes());
        return report;
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
        if (report.passed() && report.files() == 0) {
            getLog().info("No model files to verify" + growth);
        } else if (report.passed()) {
            getLog().info("Verified " + Words.count(report.files(), "model file") + ", "
                    + ByteSize.format(report.bytes()) + " (" + ByteSize.format(report.bytesHashed())
                    + " hashed, the rest unchanged)" + growth);
        }
    }

    private static String failure(VerifyReport report) {
        long errors = report.count(Severity.ERROR);
        long warnings = report.count(Severity.WARNING);
        Finding first = report.findings().get(0);
        return "Verification failed: " + Words.count(errors, "error") + ", "
                + Words.count(warnings, "warning") + ". "
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
