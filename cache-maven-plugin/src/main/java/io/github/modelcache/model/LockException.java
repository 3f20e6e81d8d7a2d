package io.github.modelcache.model;

/** A lock file that can't be read for what it is: broken, edited badly, or written by a newer plugin. */
public class LockException extends Exception {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final String fix;

    /**
     * A problem and what to do about it.
     *
     * @param problem names the file, the place and what was found
     * @param fix what to do
     */
    public LockException(String problem, String fix) {
        super(problem + "; " + fix);
        this.problem = problem;
        this.fix = fix;
    }

    /** What was found, and where. */
    public String problem() {
        return problem;
    }

    /** What to do. */
    public String fix() {
        return fix;
    }
}
