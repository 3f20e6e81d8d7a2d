package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values at the very edge of what a config may say. */
class ConfigLimitsTest {

    @TempDir
    Path project;

    private Path write(String cache) throws IOException {
        return Files.writeString(project.resolve("config.json"), "{\"cache\": {" + cache + "}}");
    }

    private CacheConfig read(String cache) throws Exception {
        return ConfigReader.read(project, write(cache));
    }

    private String completed(String cache) throws Exception {
        return ConfigCompletion.completed(
                        project,
                        write(cache),
                        Samples.LINUX,
                        HardwareMode.KEEP,
                        ProjectProfile.JAVA,
                        List.of(),
                        Samples.NOW)
                .orElseThrow();
    }

    @Test
    void numbersMayBeTheLeastAndTheLargestOfTheirRange() throws Exception {
        assertThat(read("\"application_cache_expiry_days\": 1, \"application_caches\": {\"a\": \"out/a\"}")
                        .applicationCaches())
                .isNotEmpty()
                .allSatisfy(cache -> assertThat(cache.expiry()).hasDays(1));
        assertThat(read("\"warn_size\": 0, \"max_size\": " + Long.MAX_VALUE).maxBytes())
                .isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> read("\"application_cache_expiry_days\": 0")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("\"max_size\": -1")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("\"max_size\": 9223372036854775808")).isInstanceOf(ConfigException.class);
    }

    @Test
    void aWarningIsNeverWrittenAboveTheMaximum() throws Exception {
        assertThat(completed("\"max_size\": 19999999999")).contains("\"warn_size\": 19999999999");
        assertThat(completed("\"max_size\": 20000000000")).contains("\"warn_size\": \"20GB\"");
        assertThat(completed("\"max_size\": \"19GB\"")).contains("\"warn_size\": \"19GB\"");
        assertThat(completed("\"max_size\": \"20000 MB\"")).contains("\"warn_size\": \"20GB\"");
    }

    @Test
    void falseIsNotTrue() throws Exception {
        assertThat(read("\"models\": [{\"model\": \"hf:a/b\", \"optional\": false}]")
                        .models())
                .singleElement()
                .satisfies(model -> assertThat(model.optional()).isFalse());
        assertThat(read("\"models\": [{\"model\": \"hf:a/b\", \"optional\": true}]")
                        .models())
                .singleElement()
                .satisfies(model -> assertThat(model.optional()).isTrue());
    }

    @Test
    void aValueIsQuotedAsLongAsItIsShort() {
        String quoted = "\"" + "x".repeat(78) + "\"";
        assertThatThrownBy(() -> read("\"application_cache_expiry_days\": " + quoted))
                .hasMessageContaining("found the string " + quoted + ";");
        assertThatThrownBy(() -> read("\"application_cache_expiry_days\": \"" + "x".repeat(79) + "\""))
                .hasMessageContaining("found the string \"" + "x".repeat(79) + "…;");
    }

    @Test
    void aNulInAVariableIsRejected() {
        assertThatThrownBy(() -> read("\"environment\": {\"A\": \"\\u0000x\"}"))
                .hasMessageContaining("which contains a NUL");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a b/, is not a URL",
        "ftp://a/, has an unsupported scheme",
        "https:///x/, names no host",
        "https://a, has no path after the host"
    })
    void aMirrorIsAnAddressWithoutSecrets(String address, String problem) {
        assertThatThrownBy(() -> read("\"mirrors\": {\"" + address + "\": \"https://b.example/\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> read("\"mirrors\": {\"https://b.example/\": \"" + address + "\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:secret@a/", "https://secret@a", "http://me:secret@ b", "HTTPS://:secret@/x"})
    void anAddressWithASecretIsRefusedAndNotShown(String address) {
        for (String mirror :
                List.of("\"" + address + "\": \"https://b.example/\"", "\"https://b.example/\": \"" + address + "\"")) {
            assertThatThrownBy(() -> read("\"mirrors\": {" + mirror + "}"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("cache.mirrors: found an address that contains a user name or password")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void aRootHasTheBudgetThatItWasGiven() throws Exception {
        CacheConfig config = read("\"budgets\": {\"torch\": {\"warn_size\": 5, \"max_size\": 7}}");
        for (CacheRoot root : config.roots()) {
            assertThat(config.budget(root).isPresent())
                    .as(root.name())
                    .isEqualTo(root.name().equals("torch"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformers_cache", "xdg_cache_home"})
    void pathsInTheBaseFolderMoveWithIt(String member) throws Exception {
        CacheConfig moved = ConfigReader.read(
                project, write("\"" + member + "\": \".cache/sub\""), Optional.of(Path.of("other")), warning -> {});
        assertThat(moved.transformersCache().or(moved::xdgCacheHome)).contains(project.resolve("other/sub"));
    }
}
