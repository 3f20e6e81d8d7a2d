package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.DefaultDependencyNode;
import org.eclipse.aether.graph.DependencyNode;
import org.junit.jupiter.api.Test;

class NativeLibrariesTest {

    private static final DependencyNode PYTORCH = node("ai.djl.pytorch:pytorch-engine");
    private static final DependencyNode JNI = node("ai.djl.pytorch:pytorch-jni");

    private static DependencyNode node(String name, DependencyNode... children) {
        DefaultDependencyNode node =
                new DefaultDependencyNode(new DefaultArtifact(name + (name.contains("linux") ? "" : ":1")));
        node.setChildren(List.of(children));
        return node;
    }

    private static List<String> missing(DependencyNode... dependencies) {
        return NativeLibraries.missing(List.of(dependencies));
    }

    @Test
    void namesTheLibrariesThatAnEngineDownloads() {
        assertThat(missing(node("org.junit:junit"), PYTORCH))
                .containsExactly("ai.djl.pytorch:pytorch-engine downloads a native library at run time; to run offline,"
                        + " add ai.djl.pytorch:pytorch-native-cpu with a classifier such as linux-x86_64 and"
                        + " ai.djl.pytorch:pytorch-jni to the dependencies");
    }

    @Test
    void namesTheDependencyThatBringsAnEngine() {
        assertThat(missing(node("com.example:starter", node("org.springframework.ai:spring-ai-transformers", PYTORCH))))
                .singleElement()
                .asString()
                .startsWith("ai.djl.pytorch:pytorch-engine, a dependency of com.example:starter, downloads");
    }

    @Test
    void namesOnlyWhatIsStillMissing() {
        assertThat(missing(PYTORCH, node("ai.djl.pytorch:pytorch-native-cpu:jar:linux-x86_64:1")))
                .singleElement()
                .asString()
                .endsWith("to run offline, add ai.djl.pytorch:pytorch-jni to the dependencies");
    }

    @Test
    void doesNotTakeAPlaceholderForALibrary() {
        for (String placeholder : new String[] {"pytorch-native-cpu", "pytorch-native-auto"}) {
            assertThat(missing(PYTORCH, JNI, node("ai.djl.pytorch:" + placeholder)))
                    .singleElement()
                    .asString()
                    .endsWith("add ai.djl.pytorch:pytorch-native-cpu with a classifier such as linux-x86_64 to the"
                            + " dependencies");
        }
    }

    @Test
    void saysNothingWhereTheyAreDependenciesOrNoneIsNeeded() {
        assertThat(missing(PYTORCH, node("ai.djl.pytorch:pytorch-native-cu128:jar:linux-x86_64:1"), JNI))
                .isEmpty();
        assertThat(missing(
                        PYTORCH,
                        node("com.example:natives", node("ai.djl.pytorch:pytorch-native-cpu:jar:linux-x86_64:1"), JNI)))
                .isEmpty();
        assertThat(missing(node("ai.djl.onnxruntime:onnxruntime-engine"))).isEmpty();
        assertThat(missing()).isEmpty();
    }

    @Test
    void tellsEachEngineOnce() {
        assertThat(missing(
                        PYTORCH,
                        node("ai.djl.pytorch:pytorch-model-zoo", PYTORCH),
                        node("ai.djl.tensorflow:tensorflow-engine")))
                .hasSize(2);
    }
}
