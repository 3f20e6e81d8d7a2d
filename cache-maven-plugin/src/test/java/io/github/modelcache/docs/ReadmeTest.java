package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The first page that people read. */
class ReadmeTest {

    private static final Path PROJECT = Path.of("..");
    private static final Path CLIENTS = PROJECT.resolve("it/src/test/resources/clients");

    @Test
    void staysShorterThan600Words() throws IOException {
        assertThat(readme().trim().split("\\s+")).hasSizeLessThan(600);
    }

    @Test
    void hasTwoCommandsAndTheSecondRunsAllTests() throws IOException {
        List<String> commands = Pattern.compile("(?ms)^```sh\n(.*?)^```$")
                .matcher(readme())
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(commands).hasSize(2).last().isEqualTo("./mvnw verify -Pall-clients\n");
        assertThat(commands.get(0)).contains("archetype:generate");
    }

    @Test
    void namesTheVersionOfTheProject() throws IOException {
        String version = first(PROJECT.resolve("pom.xml"), "<version>(.*?)</version>");
        assertThat(readme()).contains("<version>" + version + "</version>", "-DarchetypeVersion=" + version + " ");
    }

    @Test
    void namesTheVersionsThatTheTestsUse() throws IOException {
        Path pom = PROJECT.resolve("pom.xml");
        assertThat(readme())
                .contains(first(pom, "<maven.minimum>(.*?)<") + ", " + first(pom, "<version.maven>(.*?)<") + ", "
                        + first(pom, "<version.maven.next>(.*?)<"))
                .contains("huggingface_hub " + client("hub-0.36", "huggingface_hub") + " and "
                        + client("hub-newest", "huggingface_hub"))
                .contains("transformers " + client("transformers-4", "transformers") + " and "
                        + client("transformers-5", "transformers"))
                .contains("faster-whisper " + client("faster-whisper", "faster-whisper"))
                .contains("torch " + client("torch", "torch"));
    }

    /** Major and minor version of a pinned Python package. */
    private static String client(String pins, String name) throws IOException {
        return first(CLIENTS.resolve(pins + ".txt"), "(?m)^" + Pattern.quote(name) + "==(\\d+\\.\\d+)");
    }

    private static String first(Path file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        assertThat(matcher.find()).as(pattern + " in " + file).isTrue();
        return matcher.group(1);
    }

    private static String readme() throws IOException {
        return Files.readString(PROJECT.resolve("README.md")).replace("\r\n", "\n");
    }
}
