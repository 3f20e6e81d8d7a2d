package io.github.modelcache.mojo.maven;

import io.github.modelcache.plan.Messages;
import io.github.modelcache.progress.Progress;
import io.github.modelcache.units.TextSanitizer;
import java.io.PrintStream;

/** Prints information to standard output, also with -q. */
public record QuietMessages(Messages log, CommandHints commands, PrintStream out) implements Messages {

    @Override
    public void info(String message) {
        out.println(TextSanitizer.lines(commands.apply(message)));
        out.flush();
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    @Override
    public void debug(String message) {
        log.debug(message);
    }

    @Override
    public Progress progress() {
        return log.progress();
    }
}
