package io.github.modelcache.mojo;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanPlan;
import io.github.modelcache.clean.CleanRequest;
import io.github.modelcache.clean.CleanScope;
import io.github.modelcache.config.Budget;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.inventory.usage.SizeHistory;
import io.github.modelcache.model.DeclaredModels;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WeightFiles;
import io.github.modelcache.mojo.maven.CommandHints;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.report.ReportData;
import io.github.modelcache.status.CacheStatus;
import io.github.modelcache.status.StatusCollector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Gathers what the report shows: status, findings, the plans of clean, and the history of sizes. Changes nothing. */
final class ReportContent {

    private final CacheConfig cache;
    private final LockFile lockFile;
    private final Path home;
    private final CommandHints commands;
    private final Instant now;
    private final NewerVersions newer;
    private final List<String> notes = new ArrayList<>();

    /**
     * The content for a project.
     *
     * @param outdated the last report of {@code cache:outdated}, if there is one
     */
    ReportContent(CacheConfig cache, LockFile lockFile, Path home, CommandHints commands, Instant now, Path outdated) {
        this.newer = NewerVersions.read(outdated);
        this.cache = cache;
        this.lockFile = lockFile;
        this.home = home;
        this.commands = commands;
        this.now = now;
    }

    ReportData of(List<Finding> findings, String version) throws IOException {
        Lock lock = lockFile.readOrEmpty(); // a finding names the problem
        CacheStatus status = new StatusCollector(
                        cache,
                        lock,
                        now,
                        Optional.empty(),
                        Optional.of(new ExternalCaches(cache, home, System.getenv())))
                .collect();
        List<ReportData.Cleaning> cleanings = new ArrayList<>();
        for (CleanScope scope : CleanScope.values()) {
            cleanings.add(cleaning(scope));
        }
        SizeHistory.Content history = history();
        return new ReportData(
                cache.projectRoot(),
                version,
                now,
                ZoneId.systemDefault(),
                status.bytes(),
                status.files(),
                new Budget(status.warnBytes(), status.maxBytes()),
                status.freeDiskBytes(),
                status.roots().stream().map(ReportContent::root).toList(),
                models(status, lock),
                findings.stream().map(this::typed).toList(),
                cleanings,
                history.sizes(),
                notes);
    }

    private SizeHistory.Content history() {
        Path file = new PluginDirectory(cache).sizes();
        SizeHistory.Content history = new SizeHistory(file).read();
        if (history.damaged() > 0) {
            notes.add("The history of sizes in " + Plan.name(cache.projectRoot(), file) + " has " + history.damaged()
                    + (history.damaged() == 1 ? " line that" : " lines that")
                    + " can't be read. The chart skips them, and the next change of the size drops them.");
        }
        return history;
    }

    /** Warnings for the log. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    private Finding typed(Finding finding) {
        return new Finding(
                finding.id(),
                finding.severity(),
                finding.model(),
                finding.path(),
                finding.expected(),
                finding.actual(),
                commands.apply(finding.message()),
                commands.apply(finding.fix()));
    }

    private ReportData.Cleaning cleaning(CleanScope scope) throws IOException {
        String command = commands.apply("mvn cache:clean -Dcache.scope=" + scope.id());
        try {
            CleanPlan plan =
                    new CacheCleaning(cache, lockFile, home, now, new SilentMessages()).plan(CleanRequest.of(scope));
            int entries = plan.plan().actions().size();
            return new ReportData.Cleaning(scope.id(), meaning(scope), Optional.of(plan.bytes()), entries, command);
        } catch (LockException | IOException e) {
            notes.add("cache:clean with scope " + scope.id() + ": " + e.getMessage());
            return new ReportData.Cleaning(scope.id(), meaning(scope), Optional.empty(), 0, command);
        }
    }

    private static String meaning(CleanScope scope) {
        return switch (scope) {
            case STALE -> "expired application entries, abandoned partial downloads";
            case UNUSED -> "models that are not in the lock file";
            case METADATA -> "the application caches";
            case MODELS -> "all models; locked ones can be fetched again";
            case ALL -> "models and application caches";
        };
    }

    /** What clean keeps is no news here. */
    private static final class SilentMessages implements Messages {
        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {}

        @Override
        public void debug(String message) {}
    }

    private static ReportData.Root root(CacheStatus.Root root) {
        return new ReportData.Root(root.root().name(), root.root().path(), root.bytes(), root.files(), root.budget());
    }

    private List<ReportData.Model> models(CacheStatus status, Lock lock) {
        DeclaredModels declaredModels = DeclaredModels.of(cache.models(), lock::find);
        lock.models().forEach(declaredModels::resolved);
        Map<String, ResolvedModel> locked = new HashMap<>();
        lock.models()
                .forEach(model -> locked.put(key(model.reference().toString(), Optional.of(model.revision())), model));
        List<ModelReference> declared =
                cache.models().stream().map(ModelDeclaration::reference).toList();
        Set<ModelReference> config = new TreeSet<>(declared);
        return status.models().stream()
                .map(model -> model(
                        model,
                        Optional.ofNullable(locked.get(key(model.model(), model.revision()))),
                        config,
                        declaredModels))
                .toList();
    }

    private static String key(String reference, Optional<String> revision) {
        return reference + " " + revision.orElse("");
    }

    private ReportData.Model model(
            CacheStatus.Model model,
            Optional<ResolvedModel> locked,
            Set<ModelReference> config,
            DeclaredModels declaredModels) {
        List<String> declaredBy = new ArrayList<>();
        if (model.declared() && config.contains(ModelReference.parse(model.model()))) {
            declaredBy.add(Plan.name(cache.projectRoot(), cache.file()));
        }
        locked.ifPresent(found ->
                declaredModels.dependents(found.version()).forEach(dependent -> declaredBy.add(dependent.toString())));
        return new ReportData.Model(
                model.model(),
                model.kind(),
                model.bytes(),
                model.state().name().toLowerCase(Locale.ROOT),
                model.revision(),
                locked.flatMap(ResolvedModel::license),
                locked.map(ReportContent::formats).orElse(List.of()),
                model.lastUsed(),
                declaredBy,
                newer.of(model.model(), model.revision()));
    }

    private static List<String> formats(ResolvedModel model) {
        return model.files().stream()
                .map(ModelFile::path)
                .filter(WeightFiles::is)
                .map(path -> path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }
}
