package io.github.modelcache.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private static final long MB = 1_000_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final List<String> printed = new ArrayList<>();
    private final List<String> afterStop = new ArrayList<>();
    private int columns = 80;

    private ProgressDisplay display(ProgressStyle style) {
        return new ProgressDisplay(style, time::nanos, time, afterStop::add);
    }

    private ProgressDisplay lines(Duration period) {
        return display(new ProgressStyle.Lines(period, period, printed::add));
    }

    /** What a terminal shows after all that was printed. */
    private String terminal() {
        Screen screen = new Screen();
        printed.forEach(screen::print);
        return screen.toString();
    }

    /** A terminal that wraps long lines, anew when its width changes. */
    private final class Screen {
        private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        private int cursor;

        void print(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\r') {
                    cursor -= cursor % columns;
                } else if (c == '\n') {
                    lines.add(new StringBuilder());
                    cursor = 0;
                } else {
                    StringBuilder line = lines.get(lines.size() - 1);
                    line.setLength(Math.max(line.length(), cursor + 1));
                    line.setCharAt(cursor++, c);
                }
            }
        }

        @Override
        public String toString() {
            return String.join("\n", lines).strip();
        }
    }

    @Nested
    class InALog {

        private final ProgressDisplay display = lines(Duration.ofSeconds(10));

        @Test
        void aLineEveryTenSecondsSaysHowFarItIs() {
            try (Progress.Work work = display.begin(Activity.DOWNLOADING)) {
                work.planned(400 * MB);
                for (int second = 0; second < 25; second++) {
                    work.done(10 * MB);
                    time.pass(SECOND);
                }
            }
            assertThat(printed)
                    .containsExactly(
                            "Downloading: 100 MB of 400 MB (25 %), 10 MB/s, 0:30 left",
                            "Downloading: 200 MB of 400 MB (50 %), 10 MB/s, 0:20 left");
        }

        @Test
        void withoutTransferProgressTheFirstLineComesEarlyAndThenOneAMinute() {
            ProgressDisplay rare =
                    display(new ProgressStyle.Lines(Duration.ofSeconds(10), Duration.ofMinutes(1), printed::add));
            try (Progress.Work work = rare.begin(Activity.DOWNLOADING)) {
                work.planned(4_000 * MB);
                for (int second = 0; second < 135; second++) {
                    work.done(10 * MB);
                    time.pass(SECOND);
                }
            }
            assertThat(printed)
                    .containsExactly(
                            "Downloading: 100 MB of 4.0 GB (2 %), 10 MB/s, 6:30 left",
                            "Downloading: 700 MB of 4.0 GB (17 %), 10 MB/s, 5:30 left",
                            "Downloading: 1.3 GB of 4.0 GB (32 %), 10 MB/s, 4:30 left");
        }

        @Test
        void workOfLessThanTenSecondsIsNotWorthALine() {
            try (Progress.Work work = display.begin(Activity.HASHING)) {
                work.planned(400 * MB);
                time.pass(Duration.ofSeconds(9));
            }
            time.pass(Duration.ofMinutes(1));
            assertThat(printed).isEmpty();
            assertThat(time.ticking()).isFalse();
        }

        @Test
        void thousandsOfSmallFilesAreOneLine() {
            try (Progress.Work all = display.begin(Activity.DOWNLOADING)) {
                all.planned(1500 * MB);
                for (int file = 0; file < 1500; file++) {
                    try (Progress.Work one = display.begin(Activity.DOWNLOADING)) {
                        one.opened(MB);
                        one.done(MB);
                    }
                    time.pass(Duration.ofMillis(10));
                }
            }
            assertThat(printed).containsExactly("Downloading: 1.0 GB of 1.5 GB (66 %), 100 MB/s, 0:05 left");
        }

        @Test
        void whatEarlierRunsFetchedCountsAsDoneButNotAsFast() {
            try (Progress.Work work = display.begin(Activity.DOWNLOADING)) {
                work.planned(100 * MB);
                work.found(50 * MB);
                work.done(10 * MB);
                time.pass(Duration.ofSeconds(10));
            }
            assertThat(printed).containsExactly("Downloading: 60 MB of 100 MB (60 %), 1.0 MB/s, 0:40 left");
        }

        @Test
        void anUnknownTotalHasNoPercentAndAStalledOneNoTime() {
            try (Progress.Work work = display.begin(Activity.DOWNLOADING)) {
                work.done(5 * MB);
                time.pass(Duration.ofSeconds(10));
                work.opened(10 * MB);
                time.pass(Duration.ofSeconds(20));
            }
            assertThat(printed)
                    .startsWith("Downloading: 5.0 MB, 500 kB/s")
                    .last()
                    .isEqualTo("Downloading: 5.0 MB of 10 MB (50 %), waiting");
        }

        @Test
        void finishedWorkGivesTheLineToWorkThatIsNot() {
            try (Progress.Work copying = display.begin(Activity.COPYING);
                    Progress.Work hashing = display.begin(Activity.HASHING)) {
                copying.planned(MB);
                copying.reached(MB);
                hashing.planned(100 * MB);
                hashing.done(10 * MB);
                time.pass(Duration.ofSeconds(10));
            }
            assertThat(printed).containsExactly("Hashing: 10 MB of 100 MB (10 %), 1.0 MB/s, 1:30 left");
        }

        @Test
        void sizesThatWereWrongNeverGiveMoreThanAll() {
            try (Progress.Work work = display.begin(Activity.PUSHING)) {
                work.planned(MB);
                work.done(5 * MB);
                work.opened(8 * MB);
                work.found(-9 * MB);
                time.pass(Duration.ofSeconds(10));
            }
            assertThat(printed).containsExactly("Pushing: 0 B of 8.0 MB (0 %), 500 kB/s, 0:16 left");
        }
    }

    @Nested
    class OnATerminal {

        private ProgressDisplay bar(int width) {
            columns = width;
            return display(new ProgressStyle.Bar(() -> columns, false, printed::add));
        }

        @Test
        void oneLineHasBarPercentBytesRateAndTime() {
            try (Progress.Work work = bar(80).begin(Activity.DOWNLOADING)) {
                work.planned(2_700 * MB);
                work.done(1_200 * MB);
                time.pass(Duration.ofSeconds(4));
                assertThat(terminal())
                        .isEqualTo("Downloading [##########.............]  44 %  1.2 of 2.7 GB  300 MB/s  0:05 left");
                assertThat(String.join("", printed)).doesNotContain("\n");
            }
            assertThat(terminal()).isEmpty();
        }

        @Test
        void aNarrowTerminalGetsALineThatFits() {
            try (Progress.Work work = bar(50).begin(Activity.DOWNLOADING)) {
                work.planned(2_700 * MB);
                work.done(950 * MB);
                time.pass(Duration.ofSeconds(4));
                assertThat(terminal()).isEqualTo("Downloading 35 %  950 MB of 2.7 GB  238 MB/s  0:0");
            }
        }

        @Test
        void aVeryNarrowTerminalGetsThePercentage() {
            try (Progress.Work work = bar(10).begin(Activity.DOWNLOADING)) {
                work.planned(2_700 * MB);
                work.done(950 * MB);
                time.pass(Duration.ofSeconds(4));
                assertThat(terminal()).isEqualTo("35 %  950");
            }
            assertThat(terminal()).isEmpty();
        }

        @Test
        void aWindowThatBecomesNarrowerKeepsNothingOfTheWideLine() {
            Screen screen = new Screen();
            ProgressDisplay display = display(new ProgressStyle.Bar(() -> columns, false, screen::print));
            try (Progress.Work work = display.begin(Activity.DOWNLOADING)) {
                work.planned(2_700 * MB);
                work.done(1_200 * MB);
                time.pass(Duration.ofSeconds(4));
                assertThat(screen.toString()).hasSize(79);
                columns = 40;
                time.pass(SECOND);
                assertThat(screen.toString()).isEqualTo("Downloading 44 %  1.2 of 2.7 GB  240 MB");
                columns = 100;
                time.pass(SECOND);
                assertThat(screen.toString()).endsWith(" left").startsWith("Downloading [#");
            }
            assertThat(screen.toString()).isEmpty();
        }

        @Test
        void workOfAMomentDrawsNothing() {
            try (Progress.Work work = bar(80).begin(Activity.HASHING)) {
                work.planned(MB);
                time.pass(Duration.ofMillis(400));
            }
            assertThat(printed).isEmpty();
        }

        @Test
        void messagesHaveTheLineForThemselves() {
            ProgressDisplay display = bar(80);
            try (Progress.Work work = display.begin(Activity.COPYING)) {
                work.planned(10 * MB);
                time.pass(SECOND);
                assertThat(terminal()).startsWith("Copying [");
                display.aside(() -> assertThat(terminal()).isEmpty());
            }
        }

        @Test
        void coloursFillNoColumn() {
            ProgressStyle style = new ProgressStyle.Bar(() -> 60, true, printed::add);
            try (Progress.Work work = display(style).begin(Activity.COPYING)) {
                work.planned(10 * MB);
                work.done(5 * MB);
                time.pass(SECOND);
            }
            assertThat(printed.get(0))
                    .isEqualTo("\rCopying [\u001b[32m##############\u001b[0m...............]  50 %  5.0 of 10 MB\r");
        }
    }

    @Nested
    class Otherwise {

        @Test
        void aQuietBuildShowsNothing() {
            try (Progress.Work work = display(new ProgressStyle.Silent()).begin(Activity.DOWNLOADING)) {
                work.planned(MB);
                time.pass(Duration.ofMinutes(5));
            }
            assertThat(time.ticking()).isFalse();
            assertThat(printed).isEmpty();
        }

        @Test
        void aBuildThatIsStoppedSaysWhatIsKept() {
            ProgressDisplay display = lines(Duration.ofSeconds(10));
            Progress.Work work = display.begin(Activity.DOWNLOADING);
            work.planned(10 * MB);
            work.done(4 * MB);
            time.stopProcess();
            work.close();
            assertThat(afterStop)
                    .containsExactly("Stopped. Downloading: 4.0 MB of 10 MB (40 %). What has arrived is kept; the next"
                            + " run continues there");
        }

        @Test
        void aSecondGoalBeginsAnew() {
            ProgressDisplay display = lines(Duration.ofSeconds(10));
            for (int goal = 0; goal < 2; goal++) {
                try (Progress.Work work = display.begin(Activity.DOWNLOADING)) {
                    work.planned(10 * MB);
                    work.done(MB);
                    time.pass(Duration.ofSeconds(10));
                    work.close();
                }
            }
            assertThat(printed).hasSize(2).containsOnly("Downloading: 1.0 MB of 10 MB (10 %), 100 kB/s, 1:30 left");
        }
    }
}
