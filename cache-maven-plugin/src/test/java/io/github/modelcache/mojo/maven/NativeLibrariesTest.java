package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.maven.model.Dependency;
import org.junit.jupiter.api.Test;

class NativeLibrariesTest {

    private static List<String> missing(String... dependencies) {
        return NativeLibraries.missing(
                Arrays.stream(dependencies).map(NativeLibrariesTest::dependency).toList());
    }

    private static Dependency dependency(String name) {
        Dependency dependency = new Dependency();
        dependency.setGroupId(name.substring(0, name.indexOf(':')));
        dependency.setArtifactId(name.substring(name.indexOf(':') + 1));
        return dependency;
    }

    @Test
    void namesTheLibrariesThatAnEngineDownloads() {
        assertThat(missing("org.junit:junit", "ai.djl.pytorch:pytorch-engine"))
                .containsExactly("ai.djl.pytorch:pytorch-engine downloads a native library at run time; to run offline,"
                        + " add the dependencies ai.djl.pytorch:pytorch-native-cpu and ai.djl.pytorch:pytorch-jni");
        assertThat(missing("org.springframework.ai:spring-ai-starter-model-transformers"))
                .singleElement()
                .asString()
                .contains("pytorch-native-cpu");
    }

    @Test
    void saysNothingWhereTheyAreDependenciesOrNoneIsNeeded() {
        assertThat(missing("ai.djl.pytorch:pytorch-engine", "ai.djl.pytorch:pytorch-native-cu128"))
                .isEmpty();
        assertThat(missing("ai.djl.onnxruntime:onnxruntime-engine")).isEmpty();
        assertThat(missing()).isEmpty();
    }

    @Test
    void tellsEachEngineOnce() {
        assertThat(missing(
                        "ai.djl.pytorch:pytorch-engine",
                        "ai.djl.pytorch:pytorch-model-zoo",
                        "ai.djl.tensorflow:tensorflow-engine"))
                .hasSize(2);
    }
}
