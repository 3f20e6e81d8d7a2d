package io.github.modelcache.mojo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The width of the terminal, which users change while a build runs: what Maven 3's console stream says, then {@code COLUMNS},
 * then {@code stty}, then 80.
 */
final class TerminalWidth implements IntSupplier {

    private static final int USUAL_COLUMNS = 80;
    private static final int SECONDS_FOR_STTY = 2;

    /** {@code stty} is a process, which is not started for each picture of the bar. */
    private static final long STTY_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    private final Object out;
    private final Optional<Integer> variable;
    private final LongSupplier nanos;
    private Optional<Integer> ofStty = Optional.empty();
    private boolean measured;
    private long measuredAt;

    /**
     * The width of a terminal.
     *
     * @param out standard output
     * @param variable the value of {@code COLUMNS}
     */
    TerminalWidth(Object out, Optional<String> variable, LongSupplier nanos) {
        this.out = out;
        this.variable = variable.flatMap(TerminalWidth::number);
        this.nanos = nanos;
    }

    @Override
    public synchronized int getAsInt() {
        return ofStream(out).or(() -> variable).or(this::ofSttyNow).orElse(USUAL_COLUMNS);
    }

    private Optional<Integer> ofSttyNow() {
        long now = nanos.getAsLong();
        if (!measured || now - measuredAt >= STTY_PAUSE_NANOS) {
            ofStty = ofStty();
            measured = true;
            measuredAt = now;
        }
        return ofStty;
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
        return columns > 0 ? Optional.of(columns) : Optional.empty();
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
