package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.finding.FindingId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FindingsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "findings.md");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (\\S+)\\n\\nSeverity: ([a-z]+)\\b");

    @Test
    void docsFindingsHasASectionWithTheSeverityForEachFindingAndForNothingElse() throws IOException {
        Map<String, String> expected = Arrays.stream(FindingId.values())
                .collect(Collectors.toMap(
                        FindingId::id, id -> id.severity().name().toLowerCase(Locale.ROOT), (a, b) -> a, TreeMap::new));

        assertThat(sections())
                .as("the sections of docs/findings.md: '## <id>', an empty line, 'Severity: <severity>'")
                .isEqualTo(expected);
    }

    @Test
    void eachSectionHasAHeadingThatIsAnId() throws IOException {
        long headings = page().lines().filter(line -> line.startsWith("## ")).count();

        assertThat(headings).isEqualTo(sections().size());
    }

    private static Map<String, String> sections() throws IOException {
        Map<String, String> sections = new TreeMap<>();
        Matcher matcher = SECTION.matcher(page());
        while (matcher.find()) {
            sections.put(matcher.group(1), matcher.group(2));
        }
        return sections;
    }

    private static String page() throws IOException {
        return Files.readString(PAGE).replace("\r\n", "\n");
    }
}
