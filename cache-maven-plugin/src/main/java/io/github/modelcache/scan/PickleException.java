package io.github.modelcache.scan;

import java.io.IOException;

/** A pickle that Python could not load beyond this point either, or that cannot be followed further. */
class PickleException extends IOException {
    private static final long serialVersionUID = 1L;

    PickleException(String problem) {
        super(problem);
    }

    /** None: nearly each content throws one, and nobody reads where. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /** Python may go on where the scanner cannot. */
    static final class TooComplex extends PickleException {
        private static final long serialVersionUID = 1L;

        TooComplex(String problem) {
            super(problem);
        }
    }

    /** A value is needed that was not kept. */
    static final class NotKept extends PickleException {
        private static final long serialVersionUID = 1L;

        NotKept(PickleValue.Forgotten value) {
            super("the value " + value.index() + " was not kept");
            value.memo().want(value.index());
        }
    }
}
