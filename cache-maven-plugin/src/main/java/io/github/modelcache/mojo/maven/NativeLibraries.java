package io.github.modelcache.mojo.maven;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.aether.graph.DependencyNode;

/**
 * The native libraries that DJL's engines download at run time unless they are dependencies too.
 *
 * @see <a href="https://docs.djl.ai/master/engines/pytorch/pytorch-engine/index.html">DJL's engines</a>
 */
public final class NativeLibraries {

    /** What each engine needs: an artifact and the beginning of the names of those that do as well. */
    private static final Map<String, List<Needed>> ENGINES = Map.of(
            "ai.djl.pytorch:pytorch-engine",
            List.of(
                    new Needed("ai.djl.pytorch:pytorch-native-cpu", "ai.djl.pytorch:pytorch-native-"),
                    new Needed("ai.djl.pytorch:pytorch-jni", "ai.djl.pytorch:pytorch-jni")),
            "ai.djl.tensorflow:tensorflow-engine",
            List.of(new Needed("ai.djl.tensorflow:tensorflow-native-cpu", "ai.djl.tensorflow:tensorflow-native-")),
            "ai.djl.mxnet:mxnet-engine",
            List.of(new Needed("ai.djl.mxnet:mxnet-native-mkl", "ai.djl.mxnet:mxnet-native-")));

    private record Needed(String artifact, String prefix) {
        boolean missing(Set<String> names) {
            return names.stream().noneMatch(name -> name.startsWith(prefix));
        }
    }

    private final Set<String> names = new HashSet<>();
    private final Map<String, String> engines = new TreeMap<>();

    private NativeLibraries() {}

    /** A sentence for each engine whose native libraries are neither among these dependencies nor among theirs. */
    public static List<String> missing(List<DependencyNode> dependencies) {
        NativeLibraries found = new NativeLibraries();
        dependencies.forEach(dependency -> found.add(dependency, name(dependency)));
        List<String> sentences = new ArrayList<>();
        found.engines.forEach((engine, direct) -> {
            List<String> missing = ENGINES.getOrDefault(engine, List.of()).stream()
                    .filter(needed -> needed.missing(found.names))
                    .map(Needed::artifact)
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
        names.add(name);
        if (ENGINES.containsKey(name)) {
            engines.putIfAbsent(name, direct);
        }
        node.getChildren().forEach(child -> add(child, direct));
    }

    private static String name(DependencyNode node) {
        return node.getArtifact().getGroupId() + ":" + node.getArtifact().getArtifactId();
    }
}
