package io.github.modelcache.it.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of {@code docs/}, for scenarios that do what it says.
 *
 * @param text of the page
 */
public record DocsPage(String text) {

    private static final Pattern SCRIPT = Pattern.compile("(?m)^( *)```sh\\n(.*?)^\\1```$", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("##+ (.*)");

    /** Reads a page by its file name. */
    public static DocsPage read(String name) {
        try {
            return new DocsPage(Files.readString(
                    BuildSettings.target().resolve("../../docs").resolve(name), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one block of code in a language that holds a text, as readers copy it. */
    public String block(String language, String text) {
        Pattern fence = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
        List<String> found = fence.matcher(this.text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .filter(block -> block.contains(text))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("Expected one block of " + language + " with " + text + ", found " + found);
        }
        return found.get(0);
    }

    /** The headings under which there are commands; what comes before the first one has none. */
    public List<String> sections() {
        return List.copyOf(scripts().keySet());
    }

    /** What a section tells its readers to type, to be run block by block. */
    public Commands commands(String section) {
        Map<String, List<String>> scripts = scripts();
        assertThat(scripts).containsKey(section);
        return new Commands(new ArrayDeque<>(scripts.get(section)));
    }

    private Map<String, List<String>> scripts() {
        Map<String, List<String>> scripts = new LinkedHashMap<>();
        String title = "";
        for (String section : text.split("(?m)^(?=##+ )", -1)) {
            Matcher heading = HEADING.matcher(section);
            title = heading.lookingAt() ? heading.group(1) : title;
            List<String> blocks = SCRIPT.matcher(section)
                    .results()
                    .map(block -> block.group(2).replaceAll("(?m)^" + block.group(1), ""))
                    .toList();
            if (!blocks.isEmpty()) {
                scripts.put(title, blocks);
            }
        }
        return scripts;
    }

    /** The blocks of a section, from the first to the last. Closing it asserts that none was left out. */
    public static final class Commands implements AutoCloseable {

        private final Deque<String> blocks;

        private Commands(Deque<String> blocks) {
            this.blocks = blocks;
        }

        /** Whether there is another block. */
        public boolean more() {
            return !blocks.isEmpty();
        }

        /** The next block, to be run as it is. */
        public String next() {
            return blocks.pop();
        }

        /** The next block, with a name of the page replaced by what it stands for here. */
        public String next(String name, Object standsFor) {
            String block = next();
            assertThat(block).contains(name);
            return block.replace(name, standsFor.toString());
        }

        @Override
        public void close() {
            assertThat(blocks).as("commands of the section that were not run").isEmpty();
        }
    }
}
