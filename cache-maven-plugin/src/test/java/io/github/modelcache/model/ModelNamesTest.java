package io.github.modelcache.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {

    private static ModelDeclaration declared(String reference) {
        return ModelDeclaration.of(ModelReference.parse(reference));
    }

    private static ModelDeclaration named(String reference, String name) {
        return declared(reference)
                .in(new ModelForm(Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static List<String> names(ModelDeclaration... declarations) {
        return List.copyOf(ModelNames.of(Arrays.asList(declarations)).keySet());
    }

    @Nested
    class AModelWithoutAName {

        @ParameterizedTest
        @CsvSource({
            "hf:sentence-transformers/all-MiniLM-L6-v2, all-MiniLM-L6-v2",
            "hf:gpt2, gpt2",
            "maven:org.apache.opennlp:opennlp-models-langdetect:1.3.0, opennlp-models-langdetect",
            "maven:edu.stanford.nlp:stanford-corenlp:jar:models:4.5.10, stanford-corenlp-models",
            "url:https://example.org/a/vad.onnx?download=true, vad.onnx",
            "url:https://example.org/a/vad.onnx#x/y, vad.onnx",
            "url:file:///opt/models/x/, x",
            "whisper:base, base",
            "torchhub:snakers4/silero-vad, silero-vad",
            "spacy:en_core_web_sm, en_core_web_sm",
            "'url:https://example.org/größe (1).bin', gr-e-1-.bin"
        })
        void isCalledByTheLastPartOfItsReference(String reference, String name) {
            assertThat(names(declared(reference))).containsExactly(name);
        }

        @Test
        void isCalledByItsRevisionTooIfItIsDeclaredAtSeveral() {
            assertThat(names(declared("hf:a/b"), declared("hf:a/b").at(Optional.of("v1.0"))))
                    .containsExactly("b", "b-v1.0");
        }

        @Test
        void keepsItsNameWhenItIsPinned() {
            assertThat(names(declared("hf:a/b").at(Optional.of("v1.0")))).containsExactly("b");
        }

        @Test
        void needsOneIfNothingOfItsReferenceIsFitForOne() {
            assertThatThrownBy(() -> names(declared("url:https://example.org/模型")))
                    .hasMessageContaining("url:https://example.org/模型")
                    .hasMessageContaining("\"name\": \"my-model\"");
        }
    }

    @Nested
    class TwoModelsOfOneName {

        @Test
        void areAnErrorThatNamesBothAndSaysHowToSetAName() {
            assertThatThrownBy(() -> names(declared("hf:a/base"), declared("whisper:base")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("hf:a/base and whisper:base have the same name 'base'")
                    .hasMessageContaining("{\"model\": \"whisper:base\", \"name\": \"base-2\"}");
        }

        @Test
        void areAnErrorInAnyLetterCase() {
            assertThatThrownBy(() -> names(declared("hf:a/Base"), named("hf:x/y", "base")))
                    .hasMessageContaining("the same name");
        }

        @Test
        void areNoneOnceOneHasAnotherName() {
            assertThat(names(declared("hf:a/base"), named("whisper:base", "whisper-base")))
                    .containsExactly("base", "whisper-base");
        }
    }
}
