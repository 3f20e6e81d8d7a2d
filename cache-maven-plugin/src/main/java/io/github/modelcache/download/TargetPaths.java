package io.github.modelcache.download;

import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Which model lies where. Two checkpoints may have one name at different addresses, two artifacts one folder, two
 * downloads one target; then there is room for one of them only. The model hub's cache has a place for each commit.
 */
final class TargetPaths {

    private final Path projectRoot;
    private final Map<Path, ResolvedModel> places = new HashMap<>();

    TargetPaths(Path projectRoot) {
        this.projectRoot = projectRoot;
    }

    /** Gives a model the places of its files, unless another model has one of them. */
    void require(ResolvedModel model, Layout layout) throws ModelException {
        for (Path place : layout.exclusivePaths(model)) {
            ResolvedModel other = places.putIfAbsent(place, model);
            if (other != null && !model.version().equals(other.version()) && !layout.haveSameFiles(model, other)) {
                throw new ModelException(model.version() + " and " + other.version() + " would both be stored in "
                        + Plan.name(projectRoot, place) + ", and a library that loads by that name could get"
                        + " either one; " + advice(model));
            }
        }
    }

    private static String advice(ResolvedModel model) {
        return model.reference().scheme().equals("url")
                ? "give one of them another file name with \"to\""
                : "declare one of them";
    }
}
