package io.github.modelcache.it.project;

import io.github.modelcache.it.maven.BuildSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page of {@code docs/}, for scenarios that do what it says.
 *
 * @param text of the page
 */
public record DocsPage(String text) {

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
}
