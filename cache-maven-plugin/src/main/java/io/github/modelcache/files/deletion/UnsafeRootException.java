package io.github.modelcache.files.deletion;

import java.io.IOException;

/** A folder in which nothing may be deleted, or a path that lies outside of the folder it was said to lie in. */
public class UnsafeRootException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Takes a message that names the folder and says why. */
    public UnsafeRootException(String message) {
        super(message);
    }
}
