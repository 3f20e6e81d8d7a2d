package io.github.modelcache.mojo.maven;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.maven.model.Dependency;

/**
 * The native libraries that DJL's engines download at run time unless they are dependencies too.
 *
 * @see <a href="https://docs.djl.ai/master/engines/pytorch/pytorch-engine/index.html">DJL's engines</a>
 */
public final class NativeLibraries {

    /** The engine that an artifact brings along, by {@code groupId:artifactId}. */
    private static final Map<String, String> ENGINES = new TreeMap<>(Map.of(
            "ai.djl.pytorch:pytorch-engine", "pytorch",
            "ai.djl.pytorch:pytorch-model-zoo", "pytorch",
            "ai.djl.tensorflow:tensorflow-engine", "tensorflow",
            "ai.djl.tensorflow:tensorflow-model-zoo", "tensorflow",
            "ai.djl.mxnet:mxnet-engine", "mxnet",
            "org.springframework.ai:spring-ai-transformers", "pytorch",
            "org.springframework.ai:spring-ai-starter-model-transformers", "pytorch"));

    private static final Map<String, String> NATIVES = Map.of(
            "pytorch", "ai.djl.pytorch:pytorch-native-cpu and ai.djl.pytorch:pytorch-jni",
            "tensorflow", "ai.djl.tensorflow:tensorflow-native-cpu",
            "mxnet", "ai.djl.mxnet:mxnet-native-mkl");

    private NativeLibraries() {}

    /** A sentence for each engine without its native library among these dependencies. */
    public static List<String> missing(List<Dependency> dependencies) {
        Map<String, String> needed = new TreeMap<>();
        dependencies.forEach(dependency -> {
            String name = dependency.getGroupId() + ":" + dependency.getArtifactId();
            String engine = ENGINES.get(name);
            if (engine != null) {
                needed.putIfAbsent(engine, name);
            }
        });
        dependencies.forEach(dependency -> needed.keySet()
                .removeIf(engine -> String.valueOf(dependency.getArtifactId()).startsWith(engine + "-native-")));
        return needed.entrySet().stream()
                .map(engine -> engine.getValue() + " downloads a native library at run time; to run offline, add the"
                        + " dependencies " + NATIVES.get(engine.getKey()))
                .toList();
    }
}
