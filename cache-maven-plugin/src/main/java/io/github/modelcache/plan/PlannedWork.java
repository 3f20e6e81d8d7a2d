package io.github.modelcache.plan;

import io.github.modelcache.progress.Activity;
import io.github.modelcache.progress.Progress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The bytes that a plan is going to transfer or copy, for the progress display. */
final class PlannedWork implements AutoCloseable {

    private final Map<Activity, Progress.Work> works = new EnumMap<>(Activity.class);

    private long copied;

    private PlannedWork() {}

    static PlannedWork begin(List<Action> actions, Progress progress) {
        PlannedWork all = new PlannedWork();
        for (Action action : actions) {
            activity(action)
                    .filter(activity -> action.bytes() > 0)
                    .ifPresent(activity ->
                            all.works.computeIfAbsent(activity, progress::begin).planned(action.bytes()));
        }
        return all;
    }

    /** Counts what an action did without copying, such as a rename. */
    void done(Action action) {
        Progress.Work work = works.get(Activity.COPYING);
        if (work != null && activity(action).filter(Activity.COPYING::equals).isPresent()) {
            copied += Math.max(0, action.bytes());
            work.reached(copied);
        }
    }

    private static Optional<Activity> activity(Action action) {
        if (action instanceof Action.Fetch) {
            return Optional.of(Activity.DOWNLOADING);
        }
        if (action instanceof Action.Push) {
            return Optional.of(Activity.PUSHING);
        }
        return action instanceof Action.Copy || action instanceof Action.Move
                ? Optional.of(Activity.COPYING)
                : Optional.empty();
    }

    @Override
    public void close() {
        works.values().forEach(Progress.Work::close);
    }
}
