package io.github.modelcache.config;

/**
 * The config cannot be used. The message is complete: file, line and column, member, what was found, what is expected.
 */
public class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The config is missing where there must be one. */
    public static ConfigException missing(String message) {
        return new ConfigException(message);
    }

    /** The same error with what led to it. */
    ConfigException because(Throwable cause) {
        initCause(cause);
        return this;
    }
}
