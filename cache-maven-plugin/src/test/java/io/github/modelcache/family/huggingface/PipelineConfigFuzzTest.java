package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelDeclaration;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;

/** Input: a repository's {@code config.yaml}. */
@Timeout(120)
class PipelineConfigFuzzTest {

    @FuzzTest
    void namesModelsOfTheHubOrNone(byte[] input) {
        for (ModelDeclaration model : PipelineConfig.models(new String(input, StandardCharsets.UTF_8))) {
            assertThat(model.reference().scheme()).isEqualTo("hf");
            HubRepository.parse(model.reference().id());
        }
    }
}
