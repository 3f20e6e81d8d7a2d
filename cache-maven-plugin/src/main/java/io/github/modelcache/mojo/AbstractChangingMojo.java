package io.github.modelcache.mojo;

import io.github.modelcache.mojo.maven.QuietMessages;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import org.apache.maven.plugins.annotations.Parameter;

/** What the goals share that can say what they would do without doing it. */
abstract class AbstractChangingMojo extends AbstractCacheMojo {

    /** Prints the planned changes and does not make them. */
    @Parameter(property = "cache.dryRun", defaultValue = "false")
    boolean dryRun;

    /** Number of changes that a dry run lists, largest first. 0 lists all. */
    @Parameter(property = "cache.limit", defaultValue = "50")
    int limit;

    /**
     * Prints what would be done.
     *
     * @param typed the command that does it
     */
    final void print(Plan plan, String typed) {
        plan.print(dryRunMessages(), projectRoot(), typed, limit);
    }

    /** Where a dry run tells what it would do: it is what the user asked for, so with -q too. */
    final Messages dryRunMessages() {
        return getLog().isInfoEnabled()
                ? messages()
                : new QuietMessages(
                        messages(), commands(), StandardStreams.of(session).out());
    }
}
