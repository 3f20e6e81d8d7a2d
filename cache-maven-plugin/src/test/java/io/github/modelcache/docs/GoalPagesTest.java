package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoalPagesTest {

    private static final Path DESCRIPTOR = Path.of("target", "classes", "META-INF", "maven", "plugin.xml");
    private static final Path FOLDER = Path.of("..", "docs", "goals");
    private static final String UPDATE =
            "./mvnw -q -ntp -pl cache-maven-plugin test -Dtest=GoalPagesTest -Ddocs.update";

    @Test
    void docsGoalsSaysWhatThePluginDescriptorSays() throws IOException {
        assertThat(DESCRIPTOR)
                .as("the plugin descriptor, which Maven makes in the phase process-classes")
                .isRegularFile();
        SortedMap<String, String> expected = GoalPages.of(DESCRIPTOR);
        if (System.getProperty("docs.update") != null) {
            write(expected);
        }

        assertThat(present())
                .as("docs/goals does not say what the plugin descriptor says; to write it anew run: " + UPDATE)
                .isEqualTo(expected);
    }

    @Test
    void namesEveryGoalAndNoReadOnlyParameter() throws IOException {
        SortedMap<String, String> pages = GoalPages.of(DESCRIPTOR);

        assertThat(pages)
                .containsKeys(
                        "README.md",
                        "init.md",
                        "download.md",
                        "lock.md",
                        "verify.md",
                        "status.md",
                        "clean.md",
                        "help.md");
        assertThat(pages.get("verify.md")).contains("`cache.failOn`", "`error`").doesNotContain("<session>");
    }

    private static SortedMap<String, String> present() throws IOException {
        SortedMap<String, String> pages = new TreeMap<>();
        for (Path page : pages()) {
            pages.put(page.getFileName().toString(), Files.readString(page).replace("\r\n", "\n"));
        }
        return pages;
    }

    private static List<Path> pages() throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    private static void write(SortedMap<String, String> expected) throws IOException {
        Files.createDirectories(FOLDER);
        for (Path page : pages()) {
            boolean stale = !expected.containsKey(page.getFileName().toString());
            if (stale && Files.readString(page).startsWith(GoalPages.MARK)) {
                Files.delete(page);
            }
        }
        for (Map.Entry<String, String> page : expected.entrySet()) {
            Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
    }
}
