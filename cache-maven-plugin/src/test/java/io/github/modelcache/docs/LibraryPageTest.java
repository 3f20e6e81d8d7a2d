package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.JavaLibraryMode;
import io.github.modelcache.testing.JavaLibraryMode.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The pages about Java libraries say what their table says, whose programs are run by JavaLibrariesIT. */
class LibraryPageTest {

    private static final Path FOLDER = Path.of("..", "docs", "libraries");
    private static final Pattern FOUND = Pattern.compile("found\\((.*)\\);$"); // what the test expects
    private static final String MADE = "<!-- Made by LibraryPageTest from java-libraries.txt. Do not edit. -->\n";
    private static final String UPDATE =
            "./mvnw -q -ntp -pl cache-maven-plugin test -Dtest=LibraryPageTest -Ddocs.update";
    private static final String HEAD = MADE + """
        # Java libraries

        Each program was built, and run without a network, with the models that its config declares: real weights, or
        small ones of the same format. `Models` is the class that [`cache:generate`](../goals.md#cachegenerate) writes;
        [java.md](../java.md) shows the set-up of a project.

        | library | works as it is | needs one line more |
        |---|---|---|
        """;

    @Test
    void docsLibrariesSayWhatTheTableSays() throws Exception {
        SortedMap<String, String> pages = pages();
        if (System.getProperty("docs.update") != null) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
            }
        }
        try (var there = Files.list(FOLDER)) {
            assertThat(there.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(pages.keySet());
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(Files.readString(FOLDER.resolve(page.getKey())).replace("\r\n", "\n"))
                    .as(page.getKey() + " does not say what java-libraries.txt says; to write it anew run: " + UPDATE)
                    .isEqualTo(page.getValue());
        }
    }

    @Test
    void eachModeIsExplained() {
        List<JavaLibraryMode> modes = JavaLibraryMode.all();
        assertThat(modes).hasSize(27);
        assertThat(modes).extracting(JavaLibraryMode::id).doesNotHaveDuplicates();
        assertThat(modes)
                .filteredOn(mode -> mode.verdict() == Verdict.ONE_LINE)
                .allMatch(mode -> mode.find("line").isPresent());
    }

    private static SortedMap<String, String> pages() {
        Map<String, List<JavaLibraryMode>> byLibrary = JavaLibraryMode.all().stream()
                .collect(Collectors.groupingBy(mode -> mode.get("library"), LinkedHashMap::new, Collectors.toList()));
        SortedMap<String, String> pages = new TreeMap<>();
        StringBuilder index = new StringBuilder(HEAD);
        byLibrary.forEach((library, modes) -> {
            String file = library.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".md";
            pages.put(
                    file,
                    MADE + "# " + library + "\n"
                            + modes.stream().map(LibraryPageTest::section).collect(Collectors.joining()));
            index.append("| [%s](%s) | %s | %s |\n"
                    .formatted(library, file, names(modes, Verdict.AS_IS), names(modes, Verdict.ONE_LINE)));
        });
        pages.put("README.md", index.toString());
        return pages;
    }

    private static String names(List<JavaLibraryMode> modes, Verdict verdict) {
        return modes.stream()
                .filter(mode -> mode.verdict() == verdict)
                .map(mode -> mode.get("mode"))
                .collect(Collectors.joining("; "));
    }

    private static String section(JavaLibraryMode mode) {
        StringBuilder text = new StringBuilder("\n## " + mode.get("mode") + "\n\n");
        text.append("Needs ")
                .append(mode.all("dependency").stream()
                        .map(dependency -> "`" + dependency + "`")
                        .collect(Collectors.joining(", ")))
                .append(mode.find("java")
                        .map(java -> ", and Java " + java + " or newer")
                        .orElse(""))
                .append(".\n\n```json\n")
                .append(String.join(",\n", mode.all("declare")).replace("FIXTURES", "https://example.org"))
                .append("\n```\n\n```java\n")
                .append(String.join("\n", mode.imports()))
                .append("\n\n")
                .append(mode.code().stream()
                        .map(line -> FOUND.matcher(line).replaceFirst("// $1"))
                        .collect(Collectors.joining("\n"))
                        .strip())
                .append("\n```\n");
        mode.find("surefire")
                .ifPresent(line ->
                        text.append("\nIn the configuration of maven-surefire-plugin:\n\n```xml\n" + line + "\n```\n"));
        mode.find("goal")
                .ifPresent(goal -> text.append(
                        "\nBind the goal [`cache:" + goal + "`](../goals.md#cache" + goal + ") to `process-classes`"
                                + mode.find("copy")
                                        .map(to -> " with `<to>" + to + "</to>`")
                                        .orElse("") + ".\n"));
        return text.toString();
    }
}
