package io.github.modelcache.download;

import java.util.Set;

/**
 * Options of a download.
 *
 * @param workers connections used at once, 1 or more
 * @param frozen whether the lock must already cover every declared model
 * @param update the references whose pins move; {@link #ALL} among them moves all
 * @param dryRun whether to print the plan instead of running it
 * @param command what a user types to have the plan run
 * @param limit how many changes a dry run lists; 0 lists all
 */
public record DownloadOptions(
        int workers, boolean frozen, Set<String> update, boolean dryRun, String command, int limit) {

    private static final int MOST_REQUESTS = 96;
    private static final int REQUESTS_A_CONNECTION = 6;

    /** Moves every pin. */
    public static final String ALL = "all";

    /** Checks the range. */
    public DownloadOptions {
        if (workers < 1) {
            throw new IllegalArgumentException("cache.workers is " + workers + ", expected 1 or more");
        }
        update = Set.copyOf(update);
    }

    /** The same, with a dry run that lists all. */
    public DownloadOptions(int workers, boolean frozen, Set<String> update, boolean dryRun, String command) {
        this(workers, frozen, update, dryRun, command, 0);
    }

    /**
     * How many files are asked for at once. Over HTTP/2 many share a connection; over HTTP/1.1 those that are more than the
     * connections wait for one.
     */
    int requests() {
        return Math.min(MOST_REQUESTS, workers * REQUESTS_A_CONNECTION);
    }

    boolean updates(String reference) {
        return update.contains(ALL) || update.contains(reference);
    }
}
