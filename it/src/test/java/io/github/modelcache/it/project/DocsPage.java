package io.github.modelcache.it.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the docs, read for the commands that it gives its readers. */
public final class DocsPage {

    private static final Pattern BLOCK = Pattern.compile("(?m)^( *)```sh\\n(.*?)^\\1```$", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("(?m)^##+ (.*)$");

    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    /** Reads a page of {@code docs/}. */
    public DocsPage(String name) {
        String text = read(Path.of("../docs", name));
        Matcher heading = HEADING.matcher(text);
        String title = "";
        int start = 0;
        while (heading.find()) {
            add(title, text.substring(start, heading.start()));
            title = heading.group(1);
            start = heading.end();
        }
        add(title, text.substring(start));
    }

    private static String read(Path page) {
        try {
            return Files.readString(page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String title, String text) {
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            blocks.add(block.group(2).replaceAll("(?m)^" + block.group(1), ""));
        }
        if (!blocks.isEmpty()) {
            sections.put(title, blocks);
        }
    }

    /** The headings under which there are commands; what comes before the first one has none. */
    public List<String> sections() {
        return List.copyOf(sections.keySet());
    }

    /** What a section tells its readers to type, to be run block by block. */
    public Commands commands(String section) {
        assertThat(sections).containsKey(section);
        return new Commands(new ArrayDeque<>(sections.get(section)));
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
