package io.github.modelcache.signature;

/** A signature that does not prove what it should; the message is one clause that says why. */
public final class InvalidSignatureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A problem. */
    public InvalidSignatureException(String problem) {
        super(problem);
    }

    InvalidSignatureException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
