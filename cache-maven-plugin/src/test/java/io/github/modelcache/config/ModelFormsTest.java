package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an entry says of a model's name and form. */
class ModelFormsTest {

    @TempDir
    Path project = Path.of("");

    private List<ModelDeclaration> models(String entries) throws Exception {
        Files.createDirectories(project.resolve("config"));
        Files.writeString(
                project.resolve("config/hardware_cache.json"),
                "{\"cache\": {\"short_names\": {\"pair\": [\"hf:a/b\", \"hf:c/d\"], \"one\": [\"hf:a/b\"]},\n"
                        + "\"models\": ["
                        + entries + "]}}");
        return ConfigReader.read(project, Path.of("config/hardware_cache.json")).models();
    }

    private ModelForm form(String entry) throws Exception {
        return models(entry).get(0).form();
    }

    @Nested
    class AName {

        @Test
        void isWhatTheEntrySays() throws Exception {
            assertThat(form("{\"model\": \"hf:a/b\", \"name\": \"Tiny.model_2-x\"}")
                            .name())
                    .contains("Tiny.model_2-x");
            assertThat(form("\"hf:a/b\"").name()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"\"", "\"a b\"", "\"../x\"", "\"-x\"", "\"a/b\"", "\"é\"", "7", "[\"x\"]"})
        void isRefusedWithItsPlaceIfItIsNone(String name) {
            assertThatThrownBy(() -> models("\n{\"model\": \"hf:a/b\", \"name\": " + name + "}"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("hardware_cache.json:3:")
                    .hasMessageContaining("cache.models[0].name")
                    .hasMessageContaining("expected a name of letters, digits");
        }

        @Test
        void canStandBesideAShortNameOfOneModel() throws Exception {
            assertThat(form("{\"model\": \"one\", \"name\": \"mine\"}").name()).contains("mine");
            assertThat(form("\"pair\", {\"model\": \"hf:a/b\", \"name\": \"mine\"}")
                            .name())
                    .contains("mine");
        }

        @Test
        void isRejectedForAShortNameOfSeveralModels() {
            assertThatThrownBy(() -> models("{\"model\": \"pair\", \"name\": \"mine\"}"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("stands for 2 models");
        }
    }
}
