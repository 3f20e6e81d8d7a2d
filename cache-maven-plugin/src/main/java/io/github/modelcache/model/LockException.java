package io.github.modelcache.model;

/** A lock file that can't be read for what it is: broken, edited badly, or written by a newer plugin. */
public class LockException extends Exception {

    private static final long serialVersionUID = 1;

    /** One sentence that names the file, the place, what was found and what to do. */
    public LockException(String message) {
        super(message);
    }
}
