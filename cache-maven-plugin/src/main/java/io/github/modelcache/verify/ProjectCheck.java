package io.github.modelcache.verify;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.hardware.Hardware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Looks at the project around the caches: its hardware record, its ignored folders, its legacy folders. */
final class ProjectCheck implements Check {

    private static final String LEGACY = "shared/model-cache";

    private final CacheConfig config;
    private final List<String> notIgnored;
    private final Supplier<Hardware> machine;

    ProjectCheck(CacheConfig config, List<String> notIgnored, Supplier<Hardware> machine) {
        this.config = config;
        this.notIgnored = notIgnored;
        this.machine = machine;
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        if (!notIgnored.isEmpty()) {
            findings.accept(Finding.of(
                            FindingId.GITIGNORE_MISSING,
                            ".gitignore does not name " + String.join(", ", notIgnored),
                            "mvn cache:init")
                    .at(config.projectRoot().resolve(".gitignore")));
        }
        Path legacy = config.projectRoot().resolve(LEGACY);
        if (Files.isDirectory(legacy)) {
            findings.accept(Finding.of(
                            FindingId.LEGACY_CACHE,
                            LEGACY + "/ is a cache folder that nothing reads any more",
                            "look into it, keep what is not a model, and delete the folder")
                    .at(legacy));
        }
        config.hardware()
                .filter(recorded -> !recorded.equals(machine.get()))
                .ifPresent(recorded -> findings.accept(Finding.of(
                                FindingId.HARDWARE_STALE,
                                "The hardware in the config is not this machine's",
                                "mvn cache:init")
                        .at(config.file())
                        .comparing(recorded.toString(), machine.get().toString())));
    }
}
