package io.github.modelcache.plan;

import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The changes that a goal is about to make, in order. A dry run prints the plan that a real run executes. */
public record Plan(List<Action> actions) {

    /** Copies the actions. */
    public Plan {
        actions = List.copyOf(actions);
    }

    public boolean isEmpty() {
        return actions.isEmpty();
    }

    /** This plan, followed by another. */
    public Plan and(Plan next) {
        List<Action> all = new ArrayList<>(actions);
        all.addAll(next.actions());
        return new Plan(all);
    }

    /**
     * Prints the changes, the largest first, and the command that makes them.
     *
     * @param root the folder that paths are printed relative to
     * @param limit the number of changes to list; 0 lists all
     */
    public void print(Messages messages, Path root, String command, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("cache.limit is " + limit + ", expected 0 or more");
        }
        if (isEmpty()) {
            messages.info("Dry run: nothing to do");
            return;
        }
        List<Action> largestFirst =
                actions.stream().sorted(Comparator.comparingLong(Plan::rank)).toList();
        int listed = limit == 0 ? actions.size() : Math.min(limit, actions.size());
        for (Action action : largestFirst.subList(0, listed)) {
            messages.info("Would " + action.describe(name(root, action.target())));
        }
        List<Action> others = largestFirst.subList(listed, actions.size());
        if (!others.isEmpty()) {
            messages.info("And " + others.size() + " more" + size(others) + "; -Dcache.limit=0 lists all of them");
        }
        if (actions.size() > 1) {
            messages.info("In total: " + actions.size() + " changes" + size(actions));
        }
        messages.info("Dry run: nothing was changed. To do it: " + command);
    }

    /** Sorts the largest first; an unknown size counts as the largest. */
    private static long rank(Action action) {
        return action.bytes() < 0 ? Long.MIN_VALUE : -action.bytes();
    }

    private static String size(List<Action> actions) {
        long bytes = actions.stream()
                .mapToLong(action -> Math.max(0, action.bytes()))
                .sum();
        boolean unknown = actions.stream().anyMatch(action -> action.bytes() < 0);
        return bytes > 0 ? ", " + (unknown ? "at least " : "") + ByteSize.format(bytes) : "";
    }

    /**
     * Runs the actions in order; consecutive fetches run in parallel.
     *
     * @param workers the number of parallel fetches, 1 or more
     * @return the bytes fetched or freed
     * @throws IOException from the first action that fails; the actions after it do not run
     */
    public long run(Messages messages, Path root, int workers) throws IOException {
        try (PlannedWork work = PlannedWork.begin(actions, messages.progress())) {
            return run(work, messages, root, workers);
        }
    }

    private long run(PlannedWork work, Messages messages, Path root, int workers) throws IOException {
        long bytes = 0;
        int next = 0;
        while (next < actions.size()) {
            int end = next;
            while (end < actions.size() && isIndependent(actions.get(end))) {
                end++;
            }
            if (end > next) {
                bytes += together(actions.subList(next, end), messages, root, workers);
                next = end;
            } else {
                bytes += run(actions.get(next), messages, root);
                work.done(actions.get(next));
                next++;
            }
        }
        return bytes;
    }

    private static long run(Action action, Messages messages, Path root) throws IOException {
        messages.debug(action.describe(name(root, action.target())));
        return action.run();
    }

    private static boolean isIndependent(Action action) {
        return action instanceof Action.Fetch || action instanceof Action.Push;
    }

    /** Side by side; the first failure stops the others. */
    private static long together(List<Action> some, Messages messages, Path root, int workers) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(workers, some.size()));
        try {
            List<Future<Long>> running = some.stream()
                    .map(action -> executor.submit(() -> run(action, messages, root)))
                    .toList();
            long bytes = 0;
            for (Future<Long> one : running) {
                bytes += one.get();
            }
            return bytes;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while models were transferred", e);
        } finally {
            executor.shutdownNow();
        }
    }

    /** A path for messages: relative if it is inside the project. */
    public static String name(Path root, Path path) {
        return path.startsWith(root) && !path.equals(root)
                ? root.relativize(path).toString().replace('\\', '/')
                : path.toString();
    }
}
