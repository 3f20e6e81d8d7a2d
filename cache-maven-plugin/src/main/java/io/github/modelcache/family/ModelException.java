package io.github.modelcache.family;

/** A model could not be resolved or fetched. The message names the model or file, says why, and what to do next. */
public class ModelException extends Exception {

    private static final long serialVersionUID = 1;

    /** With the next step in the message. */
    public ModelException(String message) {
        super(message);
    }

    /** With the next step in the message, and what went wrong below. */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
