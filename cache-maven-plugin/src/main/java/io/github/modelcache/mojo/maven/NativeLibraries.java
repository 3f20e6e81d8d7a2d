package io.github.modelcache.mojo.maven;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.graph.DependencyNode;

/**
 * The native libraries that DJL's engines download at run time unless they are dependencies too.
 *
 * @see <a href="https://docs.djl.ai/master/engines/pytorch/pytorch-engine/index.html">DJL's engines</a>
 */
public final class NativeLibraries {

    private static final Map<String, List<Needed>> ENGINES = Map.of(
            "ai.djl.pytorch:pytorch-engine",
            List.of(
                    Needed.platform("ai.djl.pytorch:pytorch-native-", "cpu"),
                    new Needed("ai.djl.pytorch:pytorch-jni", "ai.djl.pytorch:pytorch-jni", false)),
            "ai.djl.tensorflow:tensorflow-engine",
            List.of(Needed.platform("ai.djl.tensorflow:tensorflow-native-", "cpu")),
            "ai.djl.mxnet:mxnet-engine",
            List.of(Needed.platform("ai.djl.mxnet:mxnet-native-", "mkl")));

    /**
     * A dependency that an engine needs to run offline.
     *
     * @param prefix the beginning of the names of all artifacts that will do
     * @param platform whether only an artifact with a classifier has the library; the one without downloads it
     */
    private record Needed(String artifact, String prefix, boolean platform) {
        static Needed platform(String prefix, String usual) {
            return new Needed(prefix + usual, prefix, true);
        }

        boolean isAmong(Artifact artifact) {
            return (artifact.getGroupId() + ":" + artifact.getArtifactId()).startsWith(prefix)
                    && !(platform && artifact.getClassifier().isEmpty());
        }

        String advice() {
            return platform ? artifact + " with a classifier such as linux-x86_64" : artifact;
        }
    }

    private final List<Artifact> artifacts = new ArrayList<>();
    private final Map<String, String> engines = new TreeMap<>();

    private NativeLibraries() {}

    /** A sentence for each engine whose native libraries are neither among these dependencies nor among theirs. */
    public static List<String> missing(List<DependencyNode> dependencies) {
        NativeLibraries found = new NativeLibraries();
        dependencies.forEach(dependency -> found.add(dependency, name(dependency)));
        List<String> sentences = new ArrayList<>();
        found.engines.forEach((engine, direct) -> {
            List<String> missing = ENGINES.getOrDefault(engine, List.of()).stream()
                    .filter(needed -> found.artifacts.stream().noneMatch(needed::isAmong))
                    .map(Needed::advice)
                    .toList();
            if (!missing.isEmpty()) {
                String by = engine.equals(direct) ? "" : ", a dependency of " + direct + ",";
                sentences.add(engine + by + " downloads a native library at run time; to run offline, add "
                        + String.join(" and ", missing) + " to the dependencies");
            }
        });
        return sentences;
    }

    private void add(DependencyNode node, String direct) {
        String name = name(node);
        artifacts.add(node.getArtifact());
        if (ENGINES.containsKey(name)) {
            engines.putIfAbsent(name, direct);
        }
        node.getChildren().forEach(child -> add(child, direct));
    }

    private static String name(DependencyNode node) {
        return node.getArtifact().getGroupId() + ":" + node.getArtifact().getArtifactId();
    }
}
