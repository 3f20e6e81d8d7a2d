package io.github.modelcache.migrate.collect;

import java.io.IOException;

/** A file changed after the plan was made. */
final class ChangedException extends IOException {

    private static final long serialVersionUID = 1;

    ChangedException(String message) {
        super(message);
    }
}
