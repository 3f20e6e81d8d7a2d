package io.github.modelcache.mojo;

import io.github.modelcache.mojo.maven.QuietMessages;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import org.apache.maven.plugins.annotations.Parameter;

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
}
