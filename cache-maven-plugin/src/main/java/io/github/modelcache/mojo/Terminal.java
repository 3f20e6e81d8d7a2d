package io.github.modelcache.mojo;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The terminal that the build writes to. */
final class Terminal {

    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;
    private static final int SECONDS_FOR_STTY = 2;

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

    /**
     * Its width: what Maven 3's console stream says, then {@code COLUMNS}, then {@code stty}, then 80.
     */
    static int columns(Object out, Optional<String> variable) {
        return ofStream(out)
                .or(() -> variable.flatMap(Terminal::number))
                .or(Terminal::ofStty)
                .orElse(USUAL_COLUMNS);
    }

    /** Jansi 2 knows the width; its class is not visible to plugins in each Maven. */
    private static Optional<Integer> ofStream(Object out) {
        try {
            Object width = out.getClass().getMethod("getTerminalWidth").invoke(out);
            return width instanceof Integer columns ? usable(columns) : Optional.empty();
        } catch (ReflectiveOperationException | LinkageError notOfJansi) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> number(String text) {
        try {
            return usable(Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> usable(int columns) {
        return columns >= LEAST_COLUMNS ? Optional.of(columns) : Optional.empty();
    }

    /** {@code stty size} prints rows and columns. */
    private static Optional<Integer> ofStty() {
        File terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return Optional.empty();
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(SECONDS_FOR_STTY, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return Optional.empty();
            }
            String size = new String(stty.getInputStream().readNBytes(100), StandardCharsets.US_ASCII).strip();
            return number(size.substring(size.indexOf(' ') + 1));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
