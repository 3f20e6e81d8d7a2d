package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandHintsTest {

    @Test
    void aDryRunIsDoneByTheSameCommandWithoutTheDryRun() {
        Properties typed = new Properties();
        typed.putAll(Map.of(
                "cache.dryRun",
                "true",
                "cache.scope",
                "all",
                "cache.baseDir",
                "/mnt/old",
                "cache.config",
                "my config.json",
                "maven.test.skip",
                "true"));
        assertThat(CommandHints.command("clean", typed, Set.of("cache.scope")))
                .isEqualTo("mvn cache:clean -Dcache.baseDir=/mnt/old \"-Dcache.config=my config.json\"");
    }

    @Test
    void aGoalThatWasCalledWithoutOptionsNeedsNone() {
        assertThat(CommandHints.command("init", new Properties(), Set.of())).isEqualTo("mvn cache:init");
    }

    @Test
    void aPasswordInAnAddressIsNotShown() {
        assertThat(CommandHints.option("cache.registry", "https://me:secret@registry.example/models"))
                .contains("cache.registry")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    run mvn cache:init | run mvn cache:init -Dcache.baseDir=/x "-Dcache.config=a b.json"
                    mvn cache:clean -Dcache.scope=all | mvn cache:clean -Dcache.baseDir=/x "-Dcache.config=a b.json" -Dcache.scope=all
                    mvn cache:init -Dcache.baseDir=/y; or mvn cache:env | mvn cache:init "-Dcache.config=a b.json" -Dcache.baseDir=/y; or mvn cache:env -Dcache.baseDir=/x "-Dcache.config=a b.json"
                    mvn verify, the cache: it is full | mvn verify, the cache: it is full
                    """)
    void commandsNameTheCacheWhereItIsNotTheUsualOne(String text, String typed) {
        Map<String, String> repeated = new TreeMap<>(Map.of("cache.baseDir", "/x", "cache.config", "a b.json"));
        assertThat(new CommandHints(true, "1.2", repeated, false).apply(text)).isEqualTo(typed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    true | run mvn cache:init | run mvn cache:init
                    false | run mvn cache:init | run mvn io.github.modelcache:cache-maven-plugin:1.2:init
                    false | eval "$(mvn -q cache:env)" | eval "$(mvn -q io.github.modelcache:cache-maven-plugin:1.2:env)"
                    false | see the cache: it is full | see the cache: it is full
                    """)
    void commandsNameThePluginWhereItsPrefixIsNotKnown(boolean known, String text, String typed) {
        assertThat(new CommandHints(known, "1.2", Map.of(), false).apply(text)).isEqualTo(typed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    run mvn cache:clean -Dcache.scope=unused. | run mvn cache:clean "-Dcache.config=a b.json" "-Dcache.scope=unused".
                    mvn cache:clean -Dcache.dryRun, then | mvn cache:clean "-Dcache.config=a b.json" "-Dcache.dryRun", then
                    (or -Dcache.update=hf:a/b-1.0) | (or "-Dcache.update=hf:a/b-1.0")
                    mvn cache:exec -Dcache.exec.command="python x.py" -Dcache.config=c | mvn cache:exec "-Dcache.exec.command=python x.py" "-Dcache.config=c"
                    set -Dcache.registry= to its address | set "-Dcache.registry=" to its address
                    """)
    void powerShellWouldSplitAnOptionAtItsDot(String text, String typed) {
        Map<String, String> repeated = Map.of("cache.config", "a b.json");
        assertThat(new CommandHints(true, "1.2", repeated, true).apply(text)).isEqualTo(typed);
    }
}
