package io.github.modelcache.mojo;

import io.github.modelcache.plan.Messages;
import org.apache.maven.plugin.logging.Log;

/** Prints through Maven, which knows about -q, -X, colours and log files. */
record LogMessages(Log log) implements Messages {

    @Override
    public void info(String message) {
        log.info(message);
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    @Override
    public void debug(String message) {
        log.debug(message);
    }
}
