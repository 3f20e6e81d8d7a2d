package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GoalPagesTest {

    private static final Path DESCRIPTOR = Path.of("target", "classes", "META-INF", "maven", "plugin.xml");
    private static final Path PAGE = Path.of("..", "docs", "goals.md");
    private static final String UPDATE =
            "./mvnw -q -ntp -pl cache-maven-plugin test -Dtest=GoalPagesTest -Ddocs.update";

    @Test
    void docsGoalsSaysWhatThePluginDescriptorSays() throws IOException {
        assertThat(DESCRIPTOR)
                .as("the plugin descriptor, which Maven makes in the phase process-classes")
                .isRegularFile();
        String expected = GoalPages.of(DESCRIPTOR);
        if (System.getProperty("docs.update") != null) {
            Files.writeString(PAGE, expected);
        }

        assertThat(PAGE)
                .as("docs/goals.md does not say what the plugin descriptor says; to write it anew run: " + UPDATE)
                .isRegularFile();
        assertThat(Files.readString(PAGE).replace("\r\n", "\n")).isEqualTo(expected);
    }

    @Test
    void namesEveryGoalAndNoReadOnlyParameter() throws IOException {
        String page = GoalPages.of(DESCRIPTOR);

        for (String goal : new String[] {"init", "download", "lock", "verify", "status", "clean"}) {
            assertThat(page).contains("\n## `cache:" + goal + "`\n");
        }
        assertThat(page).contains("`cache.failOn`", "`error`").doesNotContain("<session>");
    }
}
