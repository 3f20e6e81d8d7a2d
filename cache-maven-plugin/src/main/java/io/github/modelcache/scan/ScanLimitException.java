package io.github.modelcache.scan;

import java.io.IOException;

/** A content that would take too long, or unpack to too much. */
final class ScanLimitException extends IOException {
    private static final long serialVersionUID = 1L;

    ScanLimitException(String limit) {
        super(limit);
    }
}
