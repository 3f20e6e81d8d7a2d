package io.github.modelcache.mojo;

import io.github.modelcache.mojo.maven.SessionValues;
import io.github.modelcache.progress.DaemonTicker;
import io.github.modelcache.progress.ProgressDisplay;
import io.github.modelcache.progress.ProgressStyle;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.logging.Log;
import org.eclipse.aether.transfer.TransferListener;

/** The progress of a build, shared by its goals and modules, in the style that Maven uses for its own downloads. */
final class BuildProgress {

    private static final Duration FIRST_LINE = Duration.ofSeconds(10);
    private static final Duration WITHOUT_TRANSFER_PROGRESS = Duration.ofMinutes(1);

    private BuildProgress() {}

    static ProgressDisplay of(MavenSession session, Log log) {
        return SessionValues.get(session, ProgressDisplay.class, () -> {
            PrintStream out = StandardStreams.of(session).out();
            ProgressStyle style = style(listener(session), log, Terminal.isThere(), () -> bar(session, out));
            return new ProgressDisplay(style, System::nanoTime, new DaemonTicker(), out::println);
        });
    }

    /** The class of Maven's own listener; empty if there is none. */
    private static String listener(MavenSession session) {
        TransferListener listener = session.getRepositorySession().getTransferListener();
        return listener == null ? "" : listener.getClass().getSimpleName();
    }

    private static ProgressStyle.Bar bar(MavenSession session, PrintStream out) {
        TerminalWidth width = new TerminalWidth(out, Optional.ofNullable(System.getenv("COLUMNS")), System::nanoTime);
        return new ProgressStyle.Bar(width, Colours.wanted(session), text -> {
            out.print(text);
            out.flush();
        });
    }

    /**
     * Maven's choice of a listener says what the user asked for: a quiet one stands for -ntp, and one of a console for an
     * interactive build that does not log into a file.
     */
    static ProgressStyle style(String listener, Log log, boolean terminal, Supplier<ProgressStyle.Bar> bar) {
        if (!log.isInfoEnabled()) {
            return new ProgressStyle.Silent();
        }
        if (listener.isEmpty() || listener.startsWith("Quiet")) {
            return new ProgressStyle.Lines(FIRST_LINE, WITHOUT_TRANSFER_PROGRESS, log::info);
        }
        boolean console = listener.startsWith("Console") || listener.startsWith("Simplex");
        return console && terminal ? bar.get() : new ProgressStyle.Lines(FIRST_LINE, FIRST_LINE, log::info);
    }
}
