package io.github.modelcache.mojo.maven;

import io.github.modelcache.plan.Messages;
import io.github.modelcache.units.TextSanitizer;
import org.apache.maven.plugin.logging.Log;

/** Prints through Maven's log. */
public record LogMessages(Log log, CommandHints commands) implements Messages {

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

    /** Sanitizes the message, which may contain foreign names. */
    private String shown(String message) {
        return TextSanitizer.lines(commands.apply(message));
    }
}
