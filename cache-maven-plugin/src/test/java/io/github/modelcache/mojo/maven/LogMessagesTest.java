package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.progress.ProgressDisplay;
import io.github.modelcache.progress.ProgressStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class LogMessagesTest {

    private final List<String> screen = new ArrayList<>();

    private final LogMessages messages = new LogMessages(
            new SystemStreamLog() {
                @Override
                public void info(CharSequence content) {
                    screen.add("info " + content);
                }

                @Override
                public void warn(CharSequence content) {
                    screen.add("warn " + content);
                }

                @Override
                public void debug(CharSequence content) {
                    screen.add("debug " + content);
                }
            },
            new CommandHints(false, "1.0", Map.of(), false),
            new ProgressDisplay(
                    new ProgressStyle.Silent(), System::nanoTime, (period, look, stopped) -> () -> {}, screen::add));

    @Test
    void commandsAreTypedAsTheyWorkHere() {
        messages.info("run mvn cache:lock");

        assertThat(screen).containsExactly("info run mvn io.github.modelcache:cache-maven-plugin:1.0:lock");
    }

    @Test
    void noNameInAMessageSpeaksToTheTerminal() {
        messages.info("Fetched \u001b[2J.bin");
        messages.warn("Left a\u009b1Ab\n  and c\u202ed");
        messages.debug("\u0007");

        assertThat(screen).containsExactly("info Fetched ?[2J.bin", "warn Left a?1Ab\n  and c?d", "debug ?");
    }
}
