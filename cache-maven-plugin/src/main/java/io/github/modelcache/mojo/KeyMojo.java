package io.github.modelcache.mojo;

import io.github.modelcache.ci.CacheKey;
import io.github.modelcache.ci.KeyFormat;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.files.FileAppender;
import io.github.modelcache.hardware.HardwareDetector;
import io.github.modelcache.hardware.Probes;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.python.EnvironmentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Prints a cache key for CI and the folders to store under it. The same lock file, platform and accelerator give the
 * same key. Makes no request.
 */
@Mojo(name = "key", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class KeyMojo extends AbstractCacheMojo {

    private static final String OUTPUT_FILE = "GITHUB_OUTPUT";

    /** Skips this goal. */
    @Parameter(property = "cache.key.skip", defaultValue = "false")
    boolean skipKey;

    /**
     * Output format: text (the key, then one folder on each line), json, or github, which appends key, restore-keys and
     * path to the file named by GITHUB_OUTPUT.
     */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

    @Override
    Optional<String> skippedBy() {
        return skipKey ? Optional.of("cache.key.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, EnvironmentException, IOException {
        KeyFormat asked = KeyFormat.named(format);
        CacheConfig cache = readConfig();
        LockFile lock = lockFile();
        CacheKey key = CacheKey.of(cache, lock, lock.read(), new HardwareDetector(Probes.ofThisMachine()).detect());
        String text = asked.text(key);
        if (asked == KeyFormat.GITHUB) {
            FileAppender.append(outputFile(), text, OUTPUT_FILE);
            getLog().info("Wrote the outputs key, restore-keys and path: " + key.key());
            return;
        }
        printRaw(text);
    }

    private static Path outputFile() throws EnvironmentException {
        String named = System.getenv(OUTPUT_FILE);
        if (named == null || named.isBlank()) {
            throw new EnvironmentException("GITHUB_OUTPUT is not set, so there is no file to append to;"
                    + " cache.format=github is for GitHub Actions. Elsewhere take cache.format=text or json");
        }
        return Path.of(named);
    }
}
