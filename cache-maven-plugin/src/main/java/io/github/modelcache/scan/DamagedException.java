package io.github.modelcache.scan;

import java.io.IOException;

/** A content that is not what its first bytes announce. */
final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String problem) {
        super(problem);
    }
}
