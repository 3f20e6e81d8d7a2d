package io.github.modelcache.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelSelectionTest {

    private static CacheStatus.Model model(String reference, long bytes, Optional<String> used) {
        return new CacheStatus.Model(
                reference,
                "hf",
                Path.of("m"),
                Optional.empty(),
                bytes,
                1,
                1,
                used.map(Instant::parse),
                true,
                true,
                CacheStatus.State.COMPLETE,
                Optional.empty());
    }

    private static List<String> listed(String sort, int limit, String include) {
        CacheStatus status = new CacheStatus(
                Path.of("project"),
                true,
                List.of(),
                List.of(
                        model("hf:org/b", 9, Optional.of("2026-11-02T00:00:00Z")),
                        model("hf:org/a", 5, Optional.of("2026-11-03T00:00:00Z")),
                        model("whisper:tiny", 7, Optional.empty())),
                21,
                3,
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                List.of(),
                Optional.empty());
        return ModelSelection.parse(sort, limit, include).of(status).stream()
                .map(CacheStatus.Model::model)
                .toList();
    }

    @Test
    void sortsBySizeNameAndLastUse() {
        assertThat(listed("size", 0, "")).containsExactly("hf:org/b", "whisper:tiny", "hf:org/a");
        assertThat(listed("name", 0, "")).containsExactly("hf:org/a", "hf:org/b", "whisper:tiny");
        assertThat(listed("used", 0, "")).containsExactly("whisper:tiny", "hf:org/b", "hf:org/a");
    }

    @Test
    void limitsAndIncludes() {
        assertThat(listed("size", 2, "")).containsExactly("hf:org/b", "whisper:tiny");
        assertThat(listed("size", 0, "hf:org/* , torch:*")).containsExactly("hf:org/b", "hf:org/a");
        assertThat(listed("size", 5, "torch:*")).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> ModelSelection.parse("age", 0, ""))
                .hasMessage("cache.sort is 'age', expected name, size or used");
        assertThatThrownBy(() -> ModelSelection.parse("size", -1, ""))
                .hasMessage("cache.limit is -1, expected 0 or more");
    }
}
