package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** GitHub's actions in our workflows, in the docs, and in scaffolded projects. GitHub removes the runtimes of old ones. */
class ActionVersionsTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern ACTION = Pattern.compile("uses: ([\\w/-]+)@(\\S+)");

    @Test
    void eachActionHasTheSameVersionEverywhere() throws IOException {
        Map<String, Set<String>> versions = new TreeMap<>();
        for (String page : new String[] {
            ".github/workflows/build.yml",
            ".github/workflows/release.yml",
            "docs/ci.md",
            "project-archetype/src/main/resources/archetype-resources/.github/workflows/verify.yml"
        }) {
            ACTION.matcher(Files.readString(PROJECT.resolve(page)))
                    .results()
                    .forEach(action -> versions.computeIfAbsent(action.group(1), name -> new TreeSet<>())
                            .add(action.group(2)));
        }
        assertThat(versions)
                .containsKeys("actions/checkout", "actions/cache", "actions/setup-java")
                .allSatisfy((action, used) -> assertThat(used).as(action).hasSize(1));
    }
}
