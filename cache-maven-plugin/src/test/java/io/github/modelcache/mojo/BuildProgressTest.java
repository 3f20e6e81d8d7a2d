package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.progress.ProgressStyle;
import java.time.Duration;
import java.util.Optional;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class BuildProgressTest {

    private static final ProgressStyle.Bar BAR = new ProgressStyle.Bar(() -> 80, false, text -> {});

    private static ProgressStyle style(String listener, boolean terminal) {
        return BuildProgress.style(listener, new SystemStreamLog(), terminal, () -> BAR);
    }

    private static void everySoOften(ProgressStyle style, Duration pause) {
        assertThat(style).isInstanceOfSatisfying(ProgressStyle.Lines.class, lines -> {
            assertThat(lines.period()).isEqualTo(Duration.ofSeconds(10));
            assertThat(lines.pause()).isEqualTo(pause);
        });
    }

    @Test
    void aTerminalHasABarInMaven3AndMaven4() {
        assertThat(style("ConsoleMavenTransferListener", true)).isSameAs(BAR);
        assertThat(style("SimplexTransferListener", true)).isSameAs(BAR);
    }

    @Test
    void batchModeLogFilesAndPipesHaveALineEveryTenSeconds() {
        everySoOften(style("Slf4jMavenTransferListener", true), Duration.ofSeconds(10));
        everySoOften(style("ConsoleMavenTransferListener", false), Duration.ofSeconds(10));
        everySoOften(style("ListenerOfAnEmbedder", true), Duration.ofSeconds(10));
    }

    @Test
    void noTransferProgressHasALineAMinuteAfterTheFirst() {
        everySoOften(style("QuietMavenTransferListener", true), Duration.ofMinutes(1));
        everySoOften(style("", false), Duration.ofMinutes(1));
    }

    @Test
    void aQuietBuildHasNone() {
        Log quiet = new SystemStreamLog() {
            @Override
            public boolean isInfoEnabled() {
                return false;
            }
        };
        assertThat(BuildProgress.style("QuietMavenTransferListener", quiet, true, () -> BAR))
                .isInstanceOf(ProgressStyle.Silent.class);
    }

    /** As Jansi 2, whose class plugins of Maven 4 can't see. */
    public static final class Console {
        private int width;

        Console(int width) {
            this.width = width;
        }

        public int getTerminalWidth() {
            return width;
        }
    }

    @Test
    void theWidthComesFromTheStreamOrTheVariable() {
        assertThat(width(new Console(132))).isEqualTo(132);
        assertThat(width(new Console(0))).isEqualTo(90);
    }

    private static int width(Console console) {
        return new TerminalWidth(console, Optional.of("90"), System::nanoTime).getAsInt();
    }

    @Test
    void theWidthFollowsAWindowThatIsResized() {
        Console console = new Console(132);
        TerminalWidth width = new TerminalWidth(console, Optional.of("90"), System::nanoTime);
        assertThat(width.getAsInt()).isEqualTo(132);
        console.width = 60;
        assertThat(width.getAsInt()).isEqualTo(60);
    }

    @Test
    void aVeryNarrowTerminalIsNotTakenForAWideOne() {
        assertThat(width(new Console(12))).isEqualTo(12);
    }
}
