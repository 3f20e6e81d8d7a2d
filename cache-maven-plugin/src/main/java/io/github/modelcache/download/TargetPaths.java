package io.github.modelcache.download;

import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.family.torch.TorchHubLayout;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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
        for (Path place : places(model, layout)) {
            ResolvedModel other = places.putIfAbsent(place, model);
            if (other != null && !isSame(model, other, layout)) {
                throw new ModelException(model.version() + " and " + other.version() + " both belong into "
                        + Plan.name(projectRoot, place) + ", and a library that asks by that name can't tell them"
                        + " apart; " + advice(model));
            }
        }
    }

    /** Whether two models may share a place: they are one, or a repository of torch.hub at one commit. */
    private static boolean isSame(ResolvedModel model, ResolvedModel other, Layout layout) {
        return model.version().equals(other.version())
                || (layout instanceof TorchHubLayout && model.revision().equals(other.revision()));
    }

    private static List<Path> places(ResolvedModel model, Layout layout) {
        if (layout instanceof HubLayout) {
            return List.of();
        }
        if (layout instanceof TorchHubLayout) {
            return List.of(layout.folder(model));
        }
        return model.files().stream()
                .map((ModelFile file) -> layout.file(model, file))
                .toList();
    }

    private static String advice(ResolvedModel model) {
        return model.reference().scheme().equals("url")
                ? "give one of them another file name with \"to\""
                : "declare one of them";
    }
}
