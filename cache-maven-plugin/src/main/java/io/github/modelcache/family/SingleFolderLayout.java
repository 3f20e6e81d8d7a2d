package io.github.modelcache.family;

import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One folder with a file a model: PyTorch's {@code hub/checkpoints}, openai-whisper's folder, the wheels of spaCy's
 * packages.
 */
public final class SingleFolderLayout implements Layout {

    private final Path root;
    private final Function<String, Optional<ModelReference>> naming;
    private final Function<String, Optional<String>> digits;

    /**
     * The layout of a folder whose files' names tell nothing of their content.
     *
     * @param naming tells which model a file of this name is; empty for what is no model
     */
    public SingleFolderLayout(Path root, Function<String, Optional<ModelReference>> naming) {
        this(root, naming, name -> Optional.empty());
    }

    /**
     * The layout of a folder.
     *
     * @param naming tells which model a file of this name is; empty for what is no model
     * @param digits the first hexadecimal digits, or all, of the SHA-256 that a file of this name must have
     */
    public SingleFolderLayout(
            Path root, Function<String, Optional<ModelReference>> naming, Function<String, Optional<String>> digits) {
        this.root = root;
        this.naming = naming;
        this.digits = digits;
    }

    @Override
    public boolean isOneFilePerModel() {
        return true;
    }

    @Override
    public Optional<ModelReference> model(String fileName) {
        return naming.apply(fileName);
    }

    @Override
    public Optional<String> digestPrefix(String fileName) {
        return digits.apply(fileName);
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path folder(ResolvedModel model) {
        return root;
    }

    @Override
    public Path file(ResolvedModel model, ModelFile file) {
        return SafeRelativePath.resolve(root, file.path());
    }

    @Override
    public Map<ModelReference, Path> found() throws IOException {
        Map<ModelReference, Path> found = new TreeMap<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && !PartialFiles.isPartial(file)) {
                    naming.apply(file.getFileName().toString()).ifPresent(model -> found.put(model, file));
                }
            }
        }
        return found;
    }
}
