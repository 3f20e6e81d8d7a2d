package io.github.modelcache.mojo.maven;

import io.github.modelcache.plan.Messages;
import io.github.modelcache.progress.Progress;
import io.github.modelcache.progress.ProgressDisplay;
import io.github.modelcache.units.TextSanitizer;
import org.apache.maven.plugin.logging.Log;

/** Prints through Maven's log. */
public record LogMessages(Log log, CommandHints commands, ProgressDisplay display) implements Messages {

    @Override
    public void info(String message) {
        display.aside(() -> log.info(shown(message)));
    }

    @Override
    public void warn(String message) {
        display.aside(() -> log.warn(shown(message)));
    }

    @Override
    public void debug(String message) {
        display.aside(() -> log.debug(shown(message)));
    }

    @Override
    public Progress progress() {
        return display;
    }

    /** Sanitizes the message, which may contain foreign names. */
    private String shown(String message) {
        return TextSanitizer.lines(commands.apply(message));
    }
}
