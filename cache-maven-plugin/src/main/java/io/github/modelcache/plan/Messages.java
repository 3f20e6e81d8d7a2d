package io.github.modelcache.plan;

/** Where a feature tells people what it does. Safe for use by several threads. */
public interface Messages {

    /** Something a user wants to read. */
    void info(String message);

    /** Something a user should look into. */
    void warn(String message);

    /** Something only shown when asked for. */
    void debug(String message);
}
