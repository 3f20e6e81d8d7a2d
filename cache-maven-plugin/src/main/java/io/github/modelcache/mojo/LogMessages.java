package io.github.modelcache.mojo;

import io.github.modelcache.io.Printable;
import io.github.modelcache.plan.Messages;
import org.apache.maven.plugin.logging.Log;

/** Prints through Maven, which knows about -q, -X, colours and log files. */
record LogMessages(Log log, TypedCommands commands) implements Messages {

    @Override
    public void info(String message) {
        log.info(shown(message));
    }

    @Override
    public void warn(String message) {
        log.warn(shown(message));
    }

    @Override
    public void debug(String message) {
        log.debug(shown(message));
    }

    /** Names that others chose are in many messages: none of them may speak to the terminal. */
    private String shown(String message) {
        return Printable.lines(commands.apply(message));
    }
}
