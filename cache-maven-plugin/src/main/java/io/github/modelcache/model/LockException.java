package io.github.modelcache.model;

/** A lock file is broken, or a newer plugin wrote it. */
public class LockException extends Exception {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String fix;

    /** A problem, with the file and the position, and its fix. */
    public LockException(String problem, String fix) {
        super(problem + "; " + fix);
        this.problem = problem;
        this.fix = fix;
    }

    public String problem() {
        return problem;
    }

    public String fix() {
        return fix;
    }
}
