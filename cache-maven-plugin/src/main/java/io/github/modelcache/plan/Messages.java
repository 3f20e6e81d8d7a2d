package io.github.modelcache.plan;

import io.github.modelcache.progress.Progress;

/** The messages of a feature for its user. Thread-safe. */
public interface Messages {

    /** A result. */
    void info(String message);

    /** A problem that does not stop the build. */
    void warn(String message);

    /** A detail, shown with -X. */
    void debug(String message);

    /** The progress of long work. */
    default Progress progress() {
        return Progress.NONE;
    }
}
