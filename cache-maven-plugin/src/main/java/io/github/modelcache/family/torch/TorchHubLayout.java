package io.github.modelcache.family.torch;

import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchHubRepository;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Repositories as {@code torch.hub} unpacks them: {@code hub/<owner>_<name>_<ref>/}.
 *
 * <p>torch takes a folder of that name for complete. Until then, the files are collected in a folder beside it,
 * which gets the name when it holds them all. Where there is one already, made by torch perhaps, single files are put
 * into it, and files that are no part of the model, such as Python's {@code __pycache__}, are left alone.
 */
public final class TorchHubLayout implements Layout {

    private static final String CHECKPOINTS = "checkpoints";

    private final Path root;
    private final Path project;
    private final TreeDeleter deleter = new TreeDeleter();

    /**
     * The layout of torch's {@code hub} folder.
     *
     * @param project whose builds do not meet in one gathering folder with those of another project
     */
    public TorchHubLayout(Path root, Path project) {
        this.root = root;
        this.project = project;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path folder(ResolvedModel model) {
        TorchHubRepository repository =
                TorchHubRepository.parse(model.reference().id());
        String ref = repository.ref().or(model::branch).orElse(TorchHubRepository.DEFAULT_BRANCHES.get(0));
        TorchHubRepository.requireRef(ref);
        return SafeRelativePath.resolve(root, repository.folder(ref));
    }

    @Override
    public Path file(ResolvedModel model, ModelFile file) {
        return SafeRelativePath.resolve(folder(model), file.path());
    }

    @Override
    public Path partial(ResolvedModel model, ModelFile file) {
        Path staged = SafeRelativePath.resolve(staging(model), file.path());
        return PartialFiles.beside(staged, file.url(), file.digest());
    }

    /** One for all refs of a repository: the reference alone does not tell which branch names the folder without a ref. */
    @Override
    public Path processLock(ModelReference model) {
        String repository = model.id().split("@", 2)[0];
        return Layout.super.processLock(new ModelReference(model.scheme(), repository));
    }

    @Override
    public Path publish(ResolvedModel model, ModelFile file, Path partial) throws IOException {
        Path folder = Files.isDirectory(folder(model)) ? folder(model) : staging(model);
        Path target = SafeRelativePath.resolve(folder, file.path());
        AtomicFiles.publish(partial, target);
        return target;
    }

    @Override
    public void complete(ResolvedModel model) throws IOException {
        Path staging = staging(model);
        if (!Files.isDirectory(staging, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder(model)) && publishFolder(model, staging)) {
            return;
        }
        for (ModelFile file : model.files()) {
            merge(SafeRelativePath.resolve(staging, file.path()), file, file(model, file));
        }
        deleter.deleteTree(root, staging, path -> false);
    }

    @Override
    public Map<ModelReference, Path> found() throws IOException {
        Map<ModelReference, Path> found = new TreeMap<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                if (Files.isDirectory(folder) && !PartialFiles.isPartialFolder(folder) && !name.equals(CHECKPOINTS)) {
                    TorchHubRepository.ofFolder(name).ifPresent(model -> found.put(model, folder));
                }
            }
        }
        return found;
    }

    @Override
    public List<Path> exclusivePaths(ResolvedModel model) {
        return List.of(folder(model));
    }

    /** Two names of one commit, such as a branch and a tag, may share the folder. */
    @Override
    public boolean haveSameFiles(ResolvedModel one, ResolvedModel other) {
        return one.revision().equals(other.revision());
    }

    @Override
    public Optional<Path> modelFolder(Path file) {
        return Optional.of(file)
                .filter(inside -> inside.startsWith(root) && !inside.equals(root))
                .map(inside -> root.relativize(inside).getName(0))
                .filter(name -> TorchHubRepository.ofFolder(name.toString()).isPresent())
                .map(root::resolve);
    }

    @Override
    public List<Path> kept() {
        return List.of(root.resolve("trusted_list"));
    }

    /** Gives the gathered files their name, in one step; false when another process was faster. */
    private boolean publishFolder(ResolvedModel model, Path staging) throws IOException {
        for (ModelFile file : model.files()) {
            if (!isWhole(SafeRelativePath.resolve(staging, file.path()), file)) {
                throw new IOException(folder(model) + " was deleted while files were added to it, and torch would treat"
                        + " the incomplete folder as complete; run mvn cache:download again");
            }
        }
        deleteUnexpected(model, staging);
        try {
            Files.move(staging, folder(model), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (Files.isDirectory(folder(model))) {
                return false;
            }
            throw e;
        }
    }

    /** What an interrupted run left in the gathering folder must not come along. */
    private void deleteUnexpected(ResolvedModel model, Path staging) throws IOException {
        Set<Path> expected = model.files().stream()
                .map(file -> SafeRelativePath.resolve(staging, file.path()))
                .collect(Collectors.toSet());
        List<Path> unexpected;
        try (Stream<Path> paths = Files.walk(staging)) {
            unexpected = paths.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !expected.contains(path))
                    .toList();
        }
        for (Path file : unexpected) {
            deleter.deleteFile(root, file);
        }
    }

    private static void merge(Path staged, ModelFile file, Path target) throws IOException {
        boolean wanted =
                isWhole(staged, file) && !(Files.isRegularFile(target) && Files.mismatch(staged, target) == -1);
        if (wanted) {
            AtomicFiles.publish(staged, target);
        }
    }

    /** A power failure may have left a file of an earlier run shorter than it was. */
    private static boolean isWhole(Path staged, ModelFile file) throws IOException {
        return Files.isRegularFile(staged, LinkOption.NOFOLLOW_LINKS) && Files.size(staged) == file.size();
    }

    private Path staging(ResolvedModel model) {
        return PartialFiles.beside(folder(model), project + "\n" + model.revision(), Optional.empty());
    }
}
