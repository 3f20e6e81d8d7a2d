package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes of {@code hardware_cache.json}. */
@Timeout(120)
class ConfigFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path project;

    @FuzzTest
    void isReadOrRefusedAndCompletedWithoutALoss(byte[] input) throws IOException, JsonException {
        Path file = project.resolve("hardware_cache.json");
        Files.write(file, input);
        try {
            CacheConfig config = ConfigReader.read(project, file);
            assertThat(config.roots())
                    .isNotEmpty()
                    .allSatisfy(root -> assertThat(root.path()).isAbsolute().isNormalized());
            assertThat(new Layouts(config).all()).isNotEmpty();
            Optional<String> completed = complete(file);
            if (completed.isPresent()) {
                requireNothingLost(JsonDocument.read(file), JsonDocument.parse("completed", completed.get()));
                Files.write(file, completed.get().getBytes(StandardCharsets.UTF_8));
                assertThat(complete(file)).isEmpty();
            }
        } catch (ConfigException e) {
            assertThat(e.getMessage()).contains("hardware_cache.json");
        }
    }

    private Optional<String> complete(Path file) throws ConfigException {
        return ConfigCompletion.completed(
                project, file, Samples.LINUX, HardwareMode.KEEP, ProjectProfile.JAVA, List.of("common"), NOW);
    }

    private static void requireNothingLost(JsonDocument before, JsonDocument after) {
        JsonObject old = (JsonObject) before.root();
        JsonObject now = (JsonObject) after.root();
        for (JsonMember member : old.members()) {
            Json value = now.get(member.name());
            assertThat(value).isNotNull();
            if (!(member.value() instanceof JsonObject)) {
                assertThat(text(after, now, member.name())).isEqualTo(text(before, old, member.name()));
            }
        }
    }

    private static String text(JsonDocument document, JsonObject object, String name) {
        Json value = object.get(name);
        return value == null
                ? ""
                : document.text().substring(value.span().start(), value.span().end());
    }
}
