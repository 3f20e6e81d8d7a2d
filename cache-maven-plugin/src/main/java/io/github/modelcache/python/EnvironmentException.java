package io.github.modelcache.python;

/** A command can't be run as it was asked. The message says what was found, and what to do next. */
public class EnvironmentException extends Exception {

    private static final long serialVersionUID = 1;

    /** With the next step in the message. */
    public EnvironmentException(String message) {
        super(message);
    }
}
