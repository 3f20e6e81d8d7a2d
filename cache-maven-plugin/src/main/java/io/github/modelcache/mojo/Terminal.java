package io.github.modelcache.mojo;

import java.io.Console;

/** The terminal that the build writes to. */
final class Terminal {

    private Terminal() {}

    /** Whether there is one that can move the cursor. Newer Java has a console without a terminal, and a method that tells them apart. */
    @SuppressWarnings("SystemConsoleNull") // older Java has none without a terminal
    static boolean isThere() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
