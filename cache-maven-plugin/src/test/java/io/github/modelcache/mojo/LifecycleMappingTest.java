package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.maven.plugins.annotations.Mojo;
import org.junit.jupiter.api.Test;

/**
 * What Eclipse does with each goal that a POM binds.
 *
 * @see <a href="https://eclipse.dev/m2e/documentation/m2e-making-maven-plugins-compat.html">m2e</a>
 */
class LifecycleMappingTest {

    private static final Path MAPPING =
            Path.of("src", "main", "resources", "META-INF", "m2e", "lifecycle-mapping-metadata.xml");

    @Test
    void namesEachGoalOnce() throws IOException {
        List<String> goals = new ClassFileImporter()
                .importPackages("io.github.modelcache.mojo").stream()
                        .filter(type -> type.isAnnotatedWith(Mojo.class))
                        .map(type -> type.getAnnotationOfType(Mojo.class).name())
                        .toList();
        List<String> mapped = Pattern.compile("<goal>(.*?)</goal>")
                .matcher(Files.readString(MAPPING))
                .results()
                .map((MatchResult goal) -> goal.group(1))
                .toList();

        assertThat(mapped).isNotEmpty().containsExactlyInAnyOrderElementsOf(goals);
    }
}
