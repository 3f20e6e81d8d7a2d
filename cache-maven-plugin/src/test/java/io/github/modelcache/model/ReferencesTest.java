package io.github.modelcache.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {

    @Test
    void splitsAReferenceAtItsFirstColon() {
        ModelReference reference = ModelReference.parse("url:https://example.org:8443/a b.onnx");
        assertThat(reference.scheme()).isEqualTo("url");
        assertThat(reference.id()).isEqualTo("https://example.org:8443/a b.onnx");
        assertThat(reference).hasToString("url:https://example.org:8443/a b.onnx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hf",
                ":x",
                "hf:",
                "HF:x",
                "hf: x",
                "hf:x ",
                "hf:a\nb",
                "1f:x",
                "hf:\u001b",
                "hf:\u001b[2Jx",
                "hf:x\u001b",
                "hf:a\u009b2Jb",
                "hf:a\u202eb",
                "hf:a\u2028b",
                "hf:a\ud800b"
            })
    void rejectsInvalidReferences(String text) {
        assertThatThrownBy(() -> ModelReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scheme:id");
    }

    @Test
    void readsMavenCoordinatesAsTheResolverWritesThem() {
        assertThat(MavenCoordinates.parse("g:a:1.0")).isEqualTo(new MavenCoordinates("g", "a", "jar", "", "1.0"));
        assertThat(MavenCoordinates.parse("g:a:zip:1.0")).isEqualTo(new MavenCoordinates("g", "a", "zip", "", "1.0"));
        assertThat(MavenCoordinates.parse("g:a:zip:q8:1.0"))
                .isEqualTo(new MavenCoordinates("g", "a", "zip", "q8", "1.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "g:a", "g::1", "g:a:", "g:../a:1", "g:a:1:2:3:4", "g:a:[1,2", "g:..:1", "g:a b:1"})
    void rejectsInvalidCoordinates(String text) {
        assertThatThrownBy(() -> MavenCoordinates.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("groupId:artifactId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"g:a:[1,2)", "g:a:(,1.0]", "g:a:zip:[1.0]", "g:a:zip:q8:[1,)"})
    void rejectsARangeOfVersions(String text) {
        assertThatThrownBy(() -> MavenCoordinates.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a range of versions; write one version, or RELEASE");
    }

    @Test
    void namesTheFilesOfAnArtifactByPackageUrl() {
        assertThat(MavenCoordinates.parse("g:a:zip:q8:1.0").packageUrl("x/y.onnx"))
                .isEqualTo("pkg:maven/g/a@1.0?classifier=q8&type=zip#x/y.onnx");
        assertThat(MavenCoordinates.parse("g:a:1.0").packageUrl("y.bin")).isEqualTo("pkg:maven/g/a@1.0#y.bin");
    }
}
