package io.github.modelcache.migrate.collect;

import java.io.IOException;

/** Something changed between plan and run, so that the plan does not hold for it any more. */
final class ChangedException extends IOException {

    private static final long serialVersionUID = 1;

    ChangedException(String message) {
        super(message);
    }
}
