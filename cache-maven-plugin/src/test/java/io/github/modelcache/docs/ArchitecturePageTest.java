package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Class names on the page for contributors. */
class ArchitecturePageTest {

    private static final Path PROJECT = Path.of("..");
    private static final Path PAGE = PROJECT.resolve("docs/dev/architecture.md");
    private static final Pattern NAME =
            Pattern.compile("`([A-Z][a-z]+[A-Z0-9]\\w*|Plan|Verdict|Source|Layout)\\b[^`]*`");
    private static final Set<String> OF_MAVEN = Set.of("MojoFailureException", "MojoExecutionException");

    @Test
    void theTourNeedsNoMoreThan15Classes() throws IOException {
        String page = page();
        int start = page.indexOf("\n## Tour");
        assertThat(names(page.substring(start, page.indexOf("\n## ", start + 1))))
                .hasSizeBetween(5, 15);
    }

    @Test
    void eachClassExists() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String folder : List.of("cache-maven-plugin/src", "it/src")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(folder))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> classes.add(name.substring(0, name.length() - ".java".length())));
            }
        }
        Set<String> named = names(page());
        named.removeAll(OF_MAVEN);
        assertThat(named).isSubsetOf(classes);
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text)
                .results()
                .map((MatchResult name) -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page() throws IOException {
        return Files.readString(PAGE).replace("\r\n", "\n");
    }
}
