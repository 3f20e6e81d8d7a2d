package io.github.modelcache.config;

/**
 * The config is invalid. The message names file, line, column, member, the found and the expected value.
 */
public class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The required config is missing. */
    public static ConfigException missing(String message) {
        return new ConfigException(message);
    }

    /** The same error with a cause. */
    ConfigException because(Throwable cause) {
        initCause(cause);
        return this;
    }
}
