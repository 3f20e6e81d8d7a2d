package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PipelineConfigTest {

    private static List<String> models(String yaml) {
        return PipelineConfig.models(yaml).stream()
                .map(model ->
                        model.reference() + model.revision().map(at -> "@" + at).orElse(""))
                .toList();
    }

    @Test
    void namesTheModelsOfAPipelineAndTheirRevisions() {
        assertThat(models("""
            version: 3.1.0

            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                clustering: AgglomerativeClustering
                embedding: "pyannote/wespeaker-voxceleb-resnet34-LM"   # the speaker
                embedding_batch_size: 32
                segmentation: pyannote/segmentation@Interspeech2021
            """))
                .containsExactly(
                        "hf:pyannote/wespeaker-voxceleb-resnet34-LM", "hf:pyannote/segmentation@Interspeech2021");
    }

    @Test
    void aModelMayBeAMappingWithARevision() {
        assertThat(models("""
            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                segmentation:
                  checkpoint: acme/segmentation
                  subfolder: deep/inside
                  revision: refs/pr/1 # not merged
                embedding:
                  checkpoint: acme/embedding
                clustering:
                  revision: v9
            """)).containsExactly("hf:acme/segmentation@refs/pr/1", "hf:acme/embedding");
    }

    @Test
    void oneModelMayBeNamedAtTwoRevisions() {
        assertThat(models("""
            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                segmentation: acme/a@one
                other: acme/a@two
            """)).containsExactly("hf:acme/a@one", "hf:acme/a@two");
    }

    @Test
    void linesMayEndAsOnWindows() {
        assertThat(models("pipeline:\r\n  name: pyannote.audio.pipelines.X\r\n  params:\r\n    segmentation: a/b\r\n"))
                .containsExactly("hf:a/b");
    }

    @Test
    void aModelInThePipelinesOwnRepositoryIsNoDependency() {
        assertThat(models("""
            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                segmentation: $model/segmentation
                data: ./a/b
            """)).isEmpty();
    }

    @Test
    @Timeout(600)
    void nothingButLineEndsIsReadAtOnce() {
        String nothing = "\n".repeat(PipelineConfig.LARGEST);
        assertThat(models(nothing)).isEmpty();
        assertThat(models("\n name: pyannote.audio.pipelines.X" + nothing)).isEmpty();
    }

    @Test
    void otherConfigsHaveNoDependencies() {
        assertThat(models("model:\n  base: org/name\n")).isEmpty();
    }
}
