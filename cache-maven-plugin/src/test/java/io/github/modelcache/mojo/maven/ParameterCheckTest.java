package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.maven.plugin.descriptor.PluginDescriptorBuilder;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterCheckTest {

    private final Properties typed = new Properties();
    private final Properties own = new Properties();
    private ParameterCheck check;

    @BeforeEach
    void readsTheGoalsOfThisPlugin() throws Exception {
        try (Reader descriptor = Files.newBufferedReader(Path.of("target/classes/META-INF/maven/plugin.xml"))) {
            check = new ParameterCheck(new PluginDescriptorBuilder().build(descriptor));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache.dryrun",
                "cache.dry-run",
                "cache.dry_run",
                "cache.DRYRUN",
                "cache.dry",
                "CACHE.dryRun",
                "cache.clean.dryRun",
                "cacheDryRun",
                "cache_dry_run",
                "dryRun",
                "dry-run",
                "dryrun",
                "DRY_RUN",
                "dry",
                "clean.dryRun",
                "maven.dryRun",
            })
    void theDryRunIsMeantHoweverItIsWritten(String name) {
        typed.setProperty(name, "true");
        assertThat(check.typed(typed, own, true))
                .singleElement()
                .asString()
                .startsWith("Unknown parameter -D" + name + "; did you mean -Dcache.dryRun?");
    }

    @ParameterizedTest
    @CsvSource({
        "cache.older-than, -Dcache.olderThan",
        "cache.keepsize, -Dcache.keepSize",
        "cache.scop, -Dcache.scope",
        "cache.frozne, -Dcache.frozen",
        "cache.migrate.too, -Dcache.migrate.to",
    })
    void anUnknownPropertyIsNamedWithTheNearest(String name, String nearest) {
        typed.setProperty(name, "x");
        assertThat(check.typed(typed, own, true)).singleElement().asString().contains("did you mean " + nearest + "?");
    }

    @Test
    void aPropertyThatIsNearToNothingIsNamedAlone() {
        typed.setProperty("cache.simulate", "true");
        assertThat(check.typed(typed, own, true))
                .singleElement()
                .asString()
                .startsWith("Unknown parameter -Dcache.simulate. If another program uses it,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "on", "", "t", " true", "ture", "${dry}"})
    void aBooleanIsTrueOrFalse(String value) {
        typed.setProperty("cache.dryRun", value);
        assertThat(check.typed(typed, own, true))
                .containsExactly("-Dcache.dryRun is '" + value + "', expected true or false.");
    }

    @ParameterizedTest
    @CsvSource({
        "cache.dryRun, true",
        "cache.dryRun, TRUE",
        "cache.skip, False",
        "cache.clean.skip, true",
        "cache.limit, 0",
        "cache.migrate.keepSource, false",
        "cache.env.TORCH_HOME, /x",
        "cache.hardware.platform, linux",
        "cache.hardware, keep",
        "maven.build.cache.enabled, false",
        "quarkus.cache.enabled, yes",
        "spring.cache.type, redis",
        "rewrite.dryRun, true",
        "dryRun, false",
        "dryer, true",
        "env.CACHE_DRYRUN, 1",
    })
    void acceptsKnownAndForeignProperties(String name, String value) {
        typed.setProperty(name, value);
        assertThat(check.typed(typed, own, true)).isEmpty();
    }

    @Test
    void aPropertyThatTheProjectDefinesIsItsOwnUnlessItLooksLikeADryRun() {
        own.setProperty("cache.provider", "caffeine");
        own.setProperty("dryRun", "false");
        typed.setProperty("cache.provider", "redis");
        typed.setProperty("dryRun", "true");
        assertThat(check.typed(typed, own, true)).isEmpty();
        assertThat(check.ofProject(own)).isEmpty();
        own.setProperty("cache.dryrun", "true");
        assertThat(check.ofProject(own)).containsExactly("Unknown parameter cache.dryrun; did you mean cache.dryRun?");
    }

    @Test
    void anotherPluginsDryRunPassesWhereOursIsSetOrTheGoalHasNone() {
        typed.setProperty("dryRun", "true");
        assertThat(check.typed(typed, own, false)).isEmpty();
        typed.setProperty("cache.dryRun", "false");
        assertThat(check.typed(typed, own, true)).isEmpty();
    }

    @Test
    void elementsOfThePomAreKnownToAGoal() throws Exception {
        assertThat(check.configured(null)).isEmpty();
        assertThat(check.configured(dom("<scope>stale</scope><skipInit>true</skipInit><command/>")))
                .isEmpty();
        assertThat(check.configured(dom("<dryrun>true</dryrun><cache.scope>all</cache.scope><x>1</x>")))
                .containsExactly(
                        "Unknown parameter <dryrun>; did you mean <dryRun>?",
                        "Unknown parameter <cache.scope>; did you mean <scope>?",
                        "Unknown parameter <x>.");
    }

    private static Object dom(String children) throws Exception {
        return Xpp3DomBuilder.build(new StringReader("<configuration>" + children + "</configuration>"));
    }
}
