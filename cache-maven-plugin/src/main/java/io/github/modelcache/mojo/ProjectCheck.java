package io.github.modelcache.mojo;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.VariableConflict;
import io.github.modelcache.environment.EnvironmentConflicts;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.hardware.HardwareDetector;
import io.github.modelcache.hardware.Probes;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.SizeHistory;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.python.PythonEnvironments;
import io.github.modelcache.setup.IgnoredFolders;
import io.github.modelcache.verify.Verification;
import io.github.modelcache.verify.VerifyReport;
import io.github.modelcache.verify.checks.VerificationContext;
import io.github.modelcache.verify.memory.VerificationCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Verifies a project's caches with what this machine is and has, and remembers digests and sizes for the next run. */
final class ProjectCheck {

    private final CacheConfig cache;
    private final LockFile lockFile;
    private final Path home;
    private final String version;
    private final Messages messages;
    private long cacheBytes;

    ProjectCheck(CacheConfig cache, LockFile lockFile, Path home, String version, Messages messages) {
        this.cache = cache;
        this.lockFile = lockFile;
        this.home = home;
        this.version = version;
        this.messages = messages;
    }

    VerifyReport run(boolean rehash, Clock clock) throws IOException {
        PluginDirectory own = new PluginDirectory(cache);
        try (ContentDigests digests = new ContentDigests(own.stampIndex(), rehash, clock, messages.progress())) {
            Verification verification = new Verification(cache, lockFile, digests, context(), clock);
            VerifyReport report = verification.run(new VerificationCache(own.lastVerification(), version));
            cacheBytes = verification.cacheBytes();
            if (Files.isDirectory(cache.baseDir())) {
                remember(digests, own, new SizeRecord(clock.instant(), cacheBytes));
            }
            return report;
        }
    }

    /** The bytes in all caches at the last run. */
    long cacheBytes() {
        return cacheBytes;
    }

    private void remember(ContentDigests digests, PluginDirectory own, SizeRecord size) {
        if (!digests.save()) {
            messages.debug("The digests can't be stored in " + own.stampIndex());
        }
        try {
            new SizeHistory(own.sizes()).record(size);
        } catch (IOException e) {
            messages.debug("The size can't be recorded in " + own.sizes() + ": " + e.getMessage());
        }
    }

    private VerificationContext context() throws IOException {
        EnvironmentConflicts variables = new EnvironmentConflicts(cache, home, System.getenv());
        List<VariableConflict> conflicts = new ArrayList<>(variables.inherited());
        Map<Path, IOException> unreadable = new TreeMap<>();
        try {
            conflicts.addAll(variables.ofFile());
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
                new ExternalCaches(cache, home, System.getenv()));
    }
}
