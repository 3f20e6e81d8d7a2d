package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.hardware.Hardware;
import java.util.function.Consumer;

/** Checks the hardware in the config and the entries of {@code .gitignore}. */
public record ProjectCheck(CacheConfig config, VerificationContext context) implements Check {
    @Override
    public void run(Consumer<Finding> findings) {
        if (!context.notIgnored().isEmpty()) {
            findings.accept(Finding.of(
                            FindingId.GITIGNORE_MISSING,
                            ".gitignore has no entry for " + String.join(", ", context.notIgnored()),
                            "mvn cache:init")
                    .at(config.projectRoot().resolve(".gitignore")));
        }
        if (config.hardware().isPresent()) {
            Hardware recorded = config.hardware().get();
            context.machine()
                    .get()
                    .filter(actual -> !actual.equals(recorded))
                    .ifPresent(actual -> findings.accept(stale(recorded, actual)));
        }
    }

    private Finding stale(Hardware recorded, Hardware actual) {
        return Finding.of(
                        FindingId.HARDWARE_STALE,
                        "The hardware in the config differs from this machine's",
                        "mvn cache:init")
                .at(config.file())
                .comparing(recorded.toString(), actual.toString());
    }
}
