package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.process.SearchPath;
import io.github.modelcache.report.ReportData;
import io.github.modelcache.report.ReportPage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.maven.doxia.sink.Sink;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.reporting.MavenReport;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code target/cache/report.html}, one page without a network: findings with their fixes, what takes the space,
 * budgets, what cleaning would free, growth over time, and each model. In the reporting section of a POM the page becomes
 * part of the Maven site, which never fails because of it.
 * Example: mvn cache:report -Dcache.report.open=true
 */
@Mojo(name = "report", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class ReportMojo extends AbstractCacheMojo implements MavenReport {

    private static final String FILE = "report.html";
    private static final String SITE_NAME = "model-cache";

    /** Skips this goal. */
    @Parameter(property = "cache.report.skip", defaultValue = "false")
    boolean skipReport;

    /** Opens the page in the browser. */
    @Parameter(property = "cache.report.open", defaultValue = "false")
    boolean open;

    private @Nullable File siteFolder;

    @Override
    Optional<String> skippedBy() {
        return skipReport ? Optional.of("cache.report.skip") : Optional.empty();
    }

    @Override
    boolean inEachModule() {
        return siteFolder != null;
    }

    @Override
    void run() throws ConfigException, IOException {
        CacheConfig cache = readConfig();
        List<Finding> findings = new ProjectCheck(cache, lockFile(), home(), execution.getVersion(), messages())
                .run(false, Clock.systemUTC())
                .findings();
        Reports reports = new Reports(session, cache, messages());
        ReportContent content = new ReportContent(
                cache, lockFile(), home(), commands(), Clock.systemUTC().instant(), reports.file("outdated.json"));
        ReportData data = content.of(findings, execution.getVersion());
        content.notes().forEach(messages()::warn);
        String page = ReportPage.of(data);
        if (siteFolder != null) {
            write(siteFolder.toPath(), page);
            return;
        }
        reports.write(FILE, page);
        Path file = reports.file(FILE);
        if (Files.isRegularFile(file)) {
            messages().info("Wrote " + Plan.name(projectRoot(), file));
            openIfWanted(file);
        }
    }

    private void openIfWanted(Path file) {
        if (open && !new Browser(SearchPath.of(System.getenv()), System.getProperty("os.name")).open(file)) {
            messages().warn("No browser could be started; open " + file.toUri());
        }
    }

    private static void write(Path folder, String page) throws IOException {
        AtomicFiles.writeUnflushed(folder.resolve(SITE_NAME + ".html"), page.getBytes(StandardCharsets.UTF_8));
    }

    /** Called by the site plugin. A failure is a page that names it, never a failed site. */
    @Override
    public void generate(Sink sink, Locale locale) {
        Path folder = getReportOutputDirectory().toPath();
        try {
            execute();
            if (!Files.exists(folder.resolve(SITE_NAME + ".html"))) {
                write(folder, ReportPage.without("There is no model cache in this module."));
            }
        } catch (MojoExecutionException | MojoFailureException | IOException | RuntimeException e) {
            messages().warn("The report of the model cache could not be written: " + e.getMessage());
            writeReason(folder, String.valueOf(e.getMessage()));
        }
    }

    private void writeReason(Path folder, String reason) {
        try {
            write(folder, ReportPage.without(reason));
        } catch (IOException e) {
            messages().debug(String.valueOf(e.getMessage()));
        }
    }

    @Override
    @SuppressWarnings("deprecation") // older site plugins know no other name
    public String getOutputName() {
        return SITE_NAME;
    }

    @Override
    public String getCategoryName() {
        return CATEGORY_PROJECT_REPORTS;
    }

    @Override
    public String getName(Locale locale) {
        return "Model cache";
    }

    @Override
    public String getDescription(Locale locale) {
        return "Machine-learning models of this project: findings, sizes, budgets and growth.";
    }

    @Override
    public void setReportOutputDirectory(File folder) {
        siteFolder = folder;
    }

    @Override
    public File getReportOutputDirectory() {
        File folder = siteFolder;
        return folder == null ? buildFolder().resolve("site").toFile() : folder;
    }

    /** The page has its own style, so the site plugin does not wrap it. */
    @Override
    public boolean isExternalReport() {
        return true;
    }

    @Override
    public boolean canGenerateReport() {
        return !skip && !skipReport;
    }
}
