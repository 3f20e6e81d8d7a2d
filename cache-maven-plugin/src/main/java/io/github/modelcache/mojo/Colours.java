package io.github.modelcache.mojo;

import java.util.Properties;
import org.apache.maven.execution.MavenSession;

/**
 * Whether to print colours, by Maven's own rules: {@code -Dstyle.color=always} or {@code never}; otherwise only to a
 * terminal, and not with {@code -B} or into a log file.
 */
final class Colours {

    private Colours() {}

    static boolean wanted(MavenSession session) {
        return wanted(session.getUserProperties(), session.getRequest().isInteractiveMode(), Terminal.isThere());
    }

    static boolean wanted(Properties properties, boolean interactive, boolean terminal) {
        return switch (properties.getProperty("style.color", "auto")) {
            case "always", "yes", "force" -> true;
            case "never", "no", "none" -> false;
            default -> interactive && terminal && System.getenv("NO_COLOR") == null;
        };
    }
}
