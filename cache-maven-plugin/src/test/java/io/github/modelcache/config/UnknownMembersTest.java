package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownMembersTest {

    @TempDir
    Path project;

    private List<String> warnings(String text) throws Exception {
        Files.writeString(project.resolve("c.json"), text);
        List<String> warnings = new ArrayList<>();
        ConfigReader.read(project, Path.of("c.json"), Optional.empty(), warnings::add);
        return warnings;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"cache\": {\"modles\": []}} | cache.modles | models",
                "{\"cache\": {\"Models\": []}} | cache.Models | models",
                "{\"cache\": {\"baseDir\": \"x\"}} | cache.baseDir | base_dir",
                "{\"cache\": {\"maxSize\": 5}} | cache.maxSize | max_size",
                "{\"cahce\": {}} | cahce | cache",
                "{\"models\": []} | models | cache.models",
                "{\"cache\": {\"environments\": {}}} | cache.environments | environment",
                "{\"cache\": {\"environment\": {}, \"environments\": {}}} | cache.environments | environments",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a/b\", \"includes\": []}]}} | cache.models[0].includes | include",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a/b\", \"revison\": \"x\"}]}} | cache.models[0].revison | revision",
                "{\"cache\": {\"budgets\": {\"torch\": {\"max_size\": 9, \"warnSize\": 1}}}} | cache.budgets.torch.warnSize | warn_size",
                "{\"environments\": {\"asr\": {\"enable\": false}}} | environments.asr.enable | enabled",
                "{\"cache\": {\"application_caches\": {\"t\": {\"path\": \"out/t\", \"expiry\": 9, \"expiry_day\": 9}}}}"
                        + " | cache.application_caches.t.expiry_day | expiry_days",
            })
    void aMemberNearToAKnownOneIsNamedWithIt(String text, String member, String meant) throws Exception {
        assertThat(warnings(text))
                .singleElement()
                .asString()
                .startsWith("c.json:1:")
                .endsWith(": " + member + ": unknown member, ignored; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cache\": {\"models\": [], \"model\": \"mine\"}}",
                "{\"cache\": {\"_models\": [], \"//max_size\": 1, \"#base_dir\": \"x\"}}",
                "{\"hardware\": {\"platform\": \"linux\", \"cpu_name\": \"x\", \"has_npu\": true}}",
                "{\"stages\": {}, \"notes\": \"x\", \"cache\": {\"torch\": 1, \"policy\": {}}}",
                "{\"environments\": {\"cache\": {}, \"chache\": {}}}",
                "{\"cache\": {\"environment\": {\"PATHS\": \"x\"}, \"application_caches\": {\"pat\": \"out/p\"}}}",
            })
    void ignoresUnknownMembersThatAreNotNear(String text) throws Exception {
        assertThat(warnings(text)).isEmpty();
    }

    @Test
    void eachIsNamedWithItsPlace() throws Exception {
        assertThat(warnings("{\n  \"cache\": {\n    \"modles\": [],\n    \"wran_size\": 1\n  }\n}"))
                .extracting(warning -> warning.substring(0, "c.json:3".length()))
                .containsExactly("c.json:3", "c.json:4");
    }
}
