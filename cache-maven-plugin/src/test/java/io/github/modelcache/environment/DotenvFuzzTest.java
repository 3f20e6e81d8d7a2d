package io.github.modelcache.environment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** Input: the text of a {@code .env} file. */
@Timeout(120)
class DotenvFuzzTest {

    @FuzzTest
    void changesOneVariableAndIsThenAsItShouldBe(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Map<String, String> before = new DotenvFile(text).variables();
        String changed = new DotenvFile(text).with(Map.of("HF_HOME", "/cache/hf"));
        Map<String, String> after = new DotenvFile(changed).variables();
        assertThat(after).containsEntry("HF_HOME", "/cache/hf");
        before.forEach((name, value) -> {
            if (!name.equals("HF_HOME")) {
                assertThat(after).containsEntry(name, value);
            }
        });
        assertThat(new DotenvFile(changed).with(Map.of("HF_HOME", "/cache/hf"))).isEqualTo(changed);
    }
}
