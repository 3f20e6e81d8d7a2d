package io.github.modelcache.mojo;

import io.github.modelcache.io.Printable;
import io.github.modelcache.plan.Messages;
import java.io.PrintStream;

/** Prints to standard output what Maven would not show with -q. */
record QuietMessages(Messages log, TypedCommands commands, PrintStream out) implements Messages {

    @Override
    public void info(String message) {
        out.println(Printable.lines(commands.apply(message)));
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
}
