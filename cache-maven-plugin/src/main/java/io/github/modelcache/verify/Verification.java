package io.github.modelcache.verify;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Checks everything that can be decided offline, from what the disk, the config and the lock say. */
public final class Verification {

    private final CacheConfig config;
    private final LockFile lockFile;
    private final ContentDigests digests;
    private final List<String> notIgnored;
    private final Supplier<Hardware> machine;
    private final Clock clock;

    /**
     * A verification of one project.
     *
     * @param notIgnored cache folders that {@code .gitignore} does not name
     * @param machine detects this machine's hardware, where the config records one
     */
    public Verification(
            CacheConfig config,
            LockFile lockFile,
            ContentDigests digests,
            List<String> notIgnored,
            Supplier<Hardware> machine,
            Clock clock) {
        this.config = config;
        this.lockFile = lockFile;
        this.digests = digests;
        this.notIgnored = notIgnored;
        this.machine = machine;
        this.clock = clock;
    }

    /**
     * Checks, and changes nothing.
     *
     * @throws IOException when something can't be decided
     */
    public VerifyReport run() throws IOException {
        Instant started = clock.instant();
        List<Finding> findings = new ArrayList<>();
        Tally tally = new Tally();
        for (Check check : checks(tally, findings)) {
            check.run(findings::add);
        }
        findings.sort(Comparator.comparing(Finding::severity));
        return new VerifyReport(
                started,
                Duration.between(started, clock.instant()),
                findings,
                tally.files(),
                tally.bytes(),
                digests.bytesHashed(),
                digests.bytesReused());
    }

    private List<Check> checks(Tally tally, List<Finding> findings) throws IOException {
        List<Check> checks = new ArrayList<>();
        try {
            Lock lock = lockFile.read();
            checks.add(new ModelCheck(config, lockFile, lock, digests, tally));
        } catch (LockException e) {
            findings.add(Finding.of(FindingId.LOCK_DRIFT, message(e), "mvn cache:lock")
                    .at(lockFile.path()));
        }
        checks.add(new RootCheck(config, clock.instant()));
        checks.add(new ProjectCheck(config, notIgnored, machine));
        return checks;
    }

    private static String message(Exception problem) {
        return String.valueOf(problem.getMessage());
    }
}
