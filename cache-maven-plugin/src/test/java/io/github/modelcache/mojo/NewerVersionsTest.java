package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewerVersionsTest {

    @TempDir
    Path folder;

    private NewerVersions read(String json) throws IOException {
        return NewerVersions.read(Files.writeString(folder.resolve("outdated.json"), json));
    }

    @Test
    void aNewerCommitOrVersionCountsForTheLockedRevisionAlone() throws Exception {
        NewerVersions versions = read("""
                {"schemaVersion": 1, "models": [
                  {"model": "hf:o/a", "state": "outdated", "currentDigest": "c1", "newDigest": "c2", "newValue": "main"},
                  {"model": "maven:g:a", "state": "outdated", "currentValue": "1.0", "newValue": "1.1", "newDigest": null},
                  {"model": "hf:o/b", "state": "current", "currentDigest": "c1", "newDigest": "c1"}]}
                """);
        assertThat(versions.of("hf:o/a", Optional.of("c1"))).contains("c2");
        assertThat(versions.of("hf:o/a", Optional.of("c0"))).isEmpty();
        assertThat(versions.of("maven:g:a", Optional.of("1.0"))).contains("1.1");
        assertThat(versions.of("hf:o/b", Optional.of("c1"))).isEmpty();
        assertThat(versions.of("hf:o/a", Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"models\": 1}", "{\"models\": [1, {}, {\"state\": \"outdated\"}]}", "{\"mod"})
    void aDamagedFileHasNone(String json) throws Exception {
        assertThat(read(json).of("hf:o/a", Optional.of("c1"))).isEmpty();
    }

    @Test
    void aMissingFileHasNone() {
        assertThat(NewerVersions.read(folder.resolve("none.json")).of("hf:o/a", Optional.of("c1")))
                .isEmpty();
    }
}
