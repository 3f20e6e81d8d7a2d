package io.github.modelcache.verify;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.policy.PolicyRules;
import io.github.modelcache.scan.RememberedScans;
import io.github.modelcache.verify.checks.BudgetCheck;
import io.github.modelcache.verify.checks.CheckedFiles;
import io.github.modelcache.verify.checks.DuplicateCheck;
import io.github.modelcache.verify.checks.EnvironmentCheck;
import io.github.modelcache.verify.checks.GitCheck;
import io.github.modelcache.verify.checks.HubCheck;
import io.github.modelcache.verify.checks.LegacyCheck;
import io.github.modelcache.verify.checks.LibraryCheck;
import io.github.modelcache.verify.checks.ModelCheck;
import io.github.modelcache.verify.checks.ModelRootCheck;
import io.github.modelcache.verify.checks.ProjectCheck;
import io.github.modelcache.verify.checks.RevisionCheck;
import io.github.modelcache.verify.checks.RootCheck;
import io.github.modelcache.verify.checks.SignatureCheck;
import io.github.modelcache.verify.checks.StrayCheck;
import io.github.modelcache.verify.checks.UnmanagedFilesCheck;
import io.github.modelcache.verify.checks.VerificationContext;
import io.github.modelcache.verify.checks.WalkCheck;
import io.github.modelcache.verify.checks.WalkDispatcher;
import io.github.modelcache.verify.memory.CachedVerification;
import io.github.modelcache.verify.memory.VerificationCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Checks everything that can be decided offline, from what the disk, the config and the lock say. */
public final class Verification {

    /** Worst first, and the same in each run. */
    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::id)
            .thenComparing(finding -> finding.path().map(Path::toString).orElse(""))
            .thenComparing(Finding::message)
            .thenComparing(
                    finding -> finding.model().map(ModelReference::toString).orElse(""));

    private final CacheConfig config;
    private final LockFile lockFile;
    private final ContentDigests digests;
    private final VerificationContext context;
    private final Clock clock;
    private final RememberedScans scans;
    private long cacheBytes;

    /**
     * A verification of one project.
     *
     * @param context what is known of the project and the machine
     */
    public Verification(
            CacheConfig config, LockFile lockFile, ContentDigests digests, VerificationContext context, Clock clock) {
        this.config = config;
        this.lockFile = lockFile;
        this.digests = digests;
        this.context = context;
        this.clock = clock;
        this.scans = new RememberedScans(new PluginDirectory(config).scans(), digests.rehash());
    }

    /**
     * Checks everything, and changes nothing.
     *
     * @throws IOException when something can't be decided
     */
    public VerifyReport run() throws IOException {
        Instant started = clock.instant();
        return report(started, check(), digests.bytesReused());
    }

    /**
     * Checks everything, unless nothing changed since the last run; stores the result for the next one.
     *
     * @throws IOException when something can't be decided
     */
    public VerifyReport run(VerificationCache cache) throws IOException {
        Instant started = clock.instant();
        Optional<VerificationCache.State> state = cache.state(config, lockFile.path(), clock);
        Optional<CachedVerification> stored = digests.rehash() ? Optional.empty() : state.flatMap(cache::find);
        if (stored.isPresent()) {
            return report(started, stored.get(), stored.get().bytes());
        }
        CachedVerification result = check();
        if (Files.isDirectory(config.baseDir())) {
            scans.save();
        }
        state.ifPresent(before -> cache.store(before, result));
        return report(started, result, digests.bytesReused());
    }

    /** The bytes in all caches when they were last checked. */
    public long cacheBytes() {
        return cacheBytes;
    }

    /** Adds the checks that depend on more than config, lock file and model roots; see docs/dev/architecture.md. */
    private VerifyReport report(Instant started, CachedVerification result, long bytesReused) throws IOException {
        Set<Finding> findings = new TreeSet<>(ORDER); // two checks may find the same
        PolicyRules rules = new PolicyRules(config.policy());
        LocalDate today = LocalDate.ofInstant(started, ZoneOffset.UTC);
        Consumer<Finding> decided = finding -> rules.on(today, finding).ifPresent(findings::add);
        result.findings().forEach(decided);
        new SignatureCheck(config, lockFile, started).run(decided);
        CacheUsage usage = new CacheUsage();
        usage.add(result.usedFiles(), result.usedBytes());
        new RootCheck(config, clock.instant(), usage).run(findings::add);
        cacheBytes = usage.bytes();
        new BudgetCheck(config, lockFile, clock.instant(), cacheBytes).run(findings::add);
        new ProjectCheck(config, context).run(findings::add);
        new EnvironmentCheck(config, context).run(findings::add);
        new LegacyCheck(config, context.externalCaches(), models(result)).run(findings::add);
        new StrayCheck(config, context.externalCaches(), models(result)).run(findings::add);
        new GitCheck(config).run(findings::add);
        return new VerifyReport(
                started,
                Duration.between(started, clock.instant()),
                List.copyOf(findings),
                result.files(),
                result.bytes(),
                digests.bytesHashed(),
                bytesReused);
    }

    /** The declared models and their dependencies, each once. */
    private Set<ModelReference> models(CachedVerification result) {
        Set<ModelReference> models = new TreeSet<>(result.locked());
        config.models().forEach(declaration -> models.add(declaration.reference()));
        return models;
    }

    /** Checks what depends on config, lock file and model roots alone. */
    private CachedVerification check() throws IOException {
        List<Finding> findings = new ArrayList<>();
        CheckedFiles checked = new CheckedFiles();
        Optional<Lock> lock = lock(findings::add);
        Lock known = lock.orElse(Lock.EMPTY);
        List<WalkCheck> watches = List.of(
                new HubCheck(config, known, digests, checked),
                new UnmanagedFilesCheck(config, known, digests, checked),
                new DuplicateCheck(config, known, digests)); // last: the others learn digests that it needs
        ModelRootCheck roots = new ModelRootCheck(config, known, new WalkDispatcher(watches));
        roots.run(findings::add);
        if (lock.isPresent()) {
            new ModelCheck(config, lockFile, known, digests, checked, scans).run(findings::add);
            new LibraryCheck(config, known, digests).run(findings::add);
        }
        new RevisionCheck(config, known).run(findings::add);
        for (WalkCheck watch : watches) {
            watch.run(findings::add);
        }
        CacheUsage usage = roots.usage();
        return new CachedVerification(
                findings,
                checked.files(),
                checked.bytes(),
                usage.files(),
                usage.bytes(),
                known.models().stream().map(ResolvedModel::reference).toList());
    }

    /** The lock; without one that can be read, what the disk itself tells is checked all the same. */
    private Optional<Lock> lock(Consumer<Finding> findings) throws IOException {
        try {
            return Optional.of(lockFile.read());
        } catch (LockException e) {
            findings.accept(
                    Finding.of(FindingId.LOCK_DRIFT, e.problem(), e.fix()).at(lockFile.path()));
            return Optional.empty();
        }
    }
}
