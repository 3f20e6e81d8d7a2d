package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.mojo.maven.QuietMessages;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** The base of goals with a dry run. */
abstract class AbstractChangingMojo extends AbstractCacheMojo {

    /** Prints the planned changes and does not make them. */
    @Parameter(property = "cache.dryRun", defaultValue = "false")
    boolean dryRun;

    /** Number of changes that a dry run lists, largest first. 0 lists all. */
    @Parameter(property = "cache.limit", defaultValue = "50")
    int limit;

    /** Prints a plan and the command that executes it. */
    final void print(Plan plan, String typed) {
        plan.print(dryRunMessages(), projectRoot(), typed, limit);
    }

    /** The output of a dry run, which -q does not suppress. */
    final Messages dryRunMessages() {
        return getLog().isInfoEnabled()
                ? messages()
                : new QuietMessages(
                        messages(), commands(), StandardStreams.of(session).out());
    }

    /** The digests of the cached files; unchanged files are not hashed again. */
    final ContentDigests digests(CacheConfig cache) {
        return new ContentDigests(
                new PluginDirectory(cache).stampIndex(),
                false,
                Clock.systemUTC(),
                messages().progress());
    }

    /** The parts of a parameter that are separated by commas. */
    static List<String> list(@Nullable String value) {
        return Arrays.stream(given(value).orElse("").split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
