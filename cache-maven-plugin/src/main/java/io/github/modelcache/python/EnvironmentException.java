package io.github.modelcache.python;

/** A command or an environment is not usable. The message names the fix. */
public class EnvironmentException extends Exception {

    private static final long serialVersionUID = 1;

    public EnvironmentException(String message) {
        super(message);
    }
}
