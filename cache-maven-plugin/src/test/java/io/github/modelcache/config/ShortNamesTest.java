package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortNamesTest {

    @TempDir
    Path project;

    private CacheConfig read(String cache) throws Exception {
        return ConfigReader.read(project, file(cache));
    }

    private Path file(String cache) throws IOException {
        return Files.writeString(project.resolve("hardware_cache.json"), "{\"cache\": {" + cache + "}}");
    }

    private String failure(String cache) throws IOException {
        Path file = file(cache);
        ConfigException exception = Objects.requireNonNull(
                catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(project, file)));
        return String.valueOf(exception.getMessage());
    }

    private List<String> models(String cache) throws Exception {
        return read(cache).models().stream()
                .map(model -> model.reference().toString())
                .toList();
    }

    @Test
    void aShortNameBecomesTheModelThatItStandsForWithItsPatterns() throws Exception {
        ModelDeclaration model =
                read("\"models\": [\"faster-whisper:large-v3\"]").models().get(0);

        assertThat(model.reference()).hasToString("hf:Systran/faster-whisper-large-v3");
        assertThat(model.include()).contains("model.bin", "vocabulary.*");
    }

    @Test
    void aPlainWordMayBeAShortName() throws Exception {
        assertThat(models("\"models\": [\"silero-vad\"]")).containsExactly("torchhub:snakers4/silero-vad@master");
    }

    @Test
    void aShortNameMayStandForSeveralModels() throws Exception {
        assertThat(models("\"models\": [\"demucs:htdemucs_ft\"]"))
                .hasSize(4)
                .allMatch(model -> model.startsWith("torch:https://dl.fbaipublicfiles.com/demucs/"));
    }

    @Test
    void aShortNameMayStandForAnother() throws Exception {
        assertThat(models("\"models\": [\"faster-whisper:turbo\"]"))
                .containsExactly("hf:mobiuslabsgmbh/faster-whisper-large-v3-turbo");
    }

    @Test
    void theEntryOverridesTheShortName() throws Exception {
        ModelDeclaration model =
                read("\"models\": [{\"model\": \"faster-whisper:base\", \"revision\": \"v1\", \"include\": [\"*\"],"
                                + " \"optional\": true}]")
                        .models()
                        .get(0);

        assertThat(model.revision()).contains("v1");
        assertThat(model.include()).containsExactly("*");
        assertThat(model.optional()).isTrue();
    }

    @Test
    void theConfigAddsNamesAndGivesKnownOnesAnotherMeaning() throws Exception {
        String names = "\"short_names\": {\"speech\": [\"silero-vad\", {\"model\": \"faster-whisper:base\","
                + " \"optional\": true}], \"silero-vad\": \"url:https://example.org/vad.onnx\"}, ";

        CacheConfig config = read(names + "\"models\": [\"speech\"]");

        assertThat(config.models())
                .extracting(model -> model.reference() + " " + model.optional())
                .containsExactly("url:https://example.org/vad.onnx false", "hf:Systran/faster-whisper-base true");
        assertThat(config.shortNames())
                .containsEntry(
                        "speech",
                        List.of(
                                ModelReference.parse("url:https://example.org/vad.onnx"),
                                ModelReference.parse("hf:Systran/faster-whisper-base")));
    }

    @Test
    void twoNamesOfOneModelAreOneModel() throws Exception {
        assertThat(models("\"models\": [\"faster-whisper:turbo\", \"faster-whisper:large-v3-turbo\"]"))
                .hasSize(1);
    }

    @Test
    void aModelThatOneEntryNeedsIsNotOptional() throws Exception {
        assertThat(read("\"models\": [{\"model\": \"faster-whisper:turbo\", \"optional\": true},"
                                + " \"faster-whisper:large-v3-turbo\"]")
                        .models())
                .extracting(ModelDeclaration::optional)
                .containsExactly(false);
    }

    @Test
    void twoMeaningsOfOneModelAreAnError() throws Exception {
        assertThat(failure("\"models\": [\"hf:Systran/faster-whisper-base\", \"faster-whisper:base\"]"))
                .contains("cache.models[1]: found the string \"faster-whisper:base\", which stands for"
                        + " hf:Systran/faster-whisper-base with other files than line 1");
    }

    @Test
    void aMistypedNameOfAKnownFamilyIsAnErrorThatNamesTheNearest() throws Exception {
        assertThat(failure("\"models\": [\"faster-whisper:larg-v3\"]"))
                .startsWith("hardware_cache.json:1:23: cache.models[0]: ")
                .endsWith("did you mean \"faster-whisper:large-v3\"?");
    }

    @Test
    void aMistypedPlainWordIsAnErrorThatNamesTheNearest() throws Exception {
        assertThat(failure("\"models\": [\"silero_vad\"]")).endsWith("did you mean \"silero-vad\"?");
    }

    @Test
    void aSchemeThatNobodyKnowsIsLeftToTheSources() throws Exception {
        assertThat(models("\"models\": [\"quantum:tiny\"]")).containsExactly("quantum:tiny");
    }

    @Test
    void aNameThatLeadsBackToItselfIsAnError() throws Exception {
        assertThat(failure("\"short_names\": {\"a\": \"b\", \"b\": [\"a\"]}, \"models\": [\"a\"]"))
                .contains("cache.short_names.b[0]: found the string \"a\", which refers to itself");
    }

    @Test
    void aNameThatHidesASchemeIsAnError() throws Exception {
        assertThat(failure("\"short_names\": {\"hf:x\": \"silero-vad\"}"))
                .contains("found the name \"hf:x\"; expected another one");
    }

    @Test
    void aNameWithSpacesIsAnError() throws Exception {
        assertThat(failure("\"short_names\": {\"my model\": \"silero-vad\"}")).contains("found the name \"my model\"");
    }

    @Test
    void aDigestBesideAShortNameIsAnError() throws Exception {
        assertThat(failure("\"models\": [{\"model\": \"silero-vad\", \"to\": \"x\"}]"))
                .contains("found \"to\" beside the short name \"silero-vad\", where it is not allowed");
    }
}
