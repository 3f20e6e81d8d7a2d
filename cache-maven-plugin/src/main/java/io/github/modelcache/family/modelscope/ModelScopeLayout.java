package io.github.modelcache.family.modelscope;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ModelScope's cache, as its client keeps it since modelscope 1.38:
 * {@code models/<owner>--<name>/snapshots/<branch or tag>/} holds the files themselves.
 *
 * @see <a href="https://pypi.org/project/modelscope-hub/">modelscope_hub, {@code _download.py}</a>
 */
public final class ModelScopeLayout implements Layout {

    /** The branch that the client takes where no revision is named. */
    static final String DEFAULT_REVISION = "master";

    private static final Pattern ID = Pattern.compile("([A-Za-z0-9_.-]+)/([A-Za-z0-9_.-]+)");
    private static final Pattern FOLDER = Pattern.compile("([A-Za-z0-9_.-]+?)--([A-Za-z0-9_.-]+)");

    private final Path root;

    /** The layout of a project: {@code modelscope} in its cache of models. */
    public ModelScopeLayout(CacheConfig config) {
        this.root = config.modelsHome().resolve("modelscope");
    }

    /** Whether ModelScope could have a model of this name. */
    static boolean isId(String id) {
        Matcher matcher = ID.matcher(id);
        return matcher.matches()
                && !id.contains("--")
                && SafeRelativePath.problem(id).isEmpty();
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Map<String, Path> variables() {
        return Map.of("MODELSCOPE_CACHE", root);
    }

    @Override
    public Path folder(ResolvedModel model) {
        String id = model.reference().id();
        if (!isId(id)) {
            throw new IllegalArgumentException(model.reference() + " is not a model of ModelScope");
        }
        Path snapshots = models().resolve(id.replace("/", "--")).resolve("snapshots");
        return SafeRelativePath.resolve(snapshots, model.request().revision().orElse(DEFAULT_REVISION));
    }

    @Override
    public Path file(ResolvedModel model, ModelFile file) {
        return SafeRelativePath.resolve(folder(model), file.path());
    }

    @Override
    public List<DeletableUnit> units() throws IOException {
        List<DeletableUnit> units = new ArrayList<>();
        for (Path model : folders(models())) {
            Matcher name = FOLDER.matcher(model.getFileName().toString());
            if (name.matches()) {
                ModelReference reference = new ModelReference("modelscope", name.group(1) + "/" + name.group(2));
                for (Path snapshot : folders(model.resolve("snapshots"))) {
                    units.add(DeletableUnit.of(reference, snapshot));
                }
            }
        }
        return units;
    }

    @Override
    public Optional<Path> modelFolder(Path file) {
        return Optional.of(file)
                .filter(inside -> inside.startsWith(models()))
                .map(models()::relativize)
                .filter(below -> below.getNameCount() > 3) // <owner>--<name>, snapshots, the revision
                .map(below -> models().resolve(below.subpath(0, 3)));
    }

    private Path models() {
        return root.resolve("models");
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        return FolderListing.of(parent).stream()
                .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)
                        && !PlatformFiles.isForeign(child.getFileName().toString()))
                .toList();
    }
}
