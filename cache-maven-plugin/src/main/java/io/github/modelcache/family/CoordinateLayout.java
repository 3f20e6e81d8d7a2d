package io.github.modelcache.family;

import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.UrlTarget;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Plain files below {@code models/}: a Maven artifact in {@code <groupId>/<artifactId>/<version>[-<classifier>]/}, a
 * URL at the path of its declaration.
 */
public record CoordinateLayout(Path root) implements Layout {
    @Override
    public Path folder(ResolvedModel model) {
        if (model.reference().scheme().equals("maven")) {
            MavenCoordinates declared = MavenCoordinates.parse(model.reference().id());
            return root.resolve(declared.named(model.revision()).folder());
        }
        Optional<String> unpacked =
                model.reference().scheme().equals("url") ? UrlTarget.folder(model) : Optional.empty();
        return unpacked.isPresent() ? SafeRelativePath.resolve(root, unpacked.get()) : root;
    }

    @Override
    public Path file(ResolvedModel model, ModelFile file) {
        return SafeRelativePath.resolve(model.reference().scheme().equals("url") ? root : folder(model), file.path());
    }
}
