package io.github.modelcache.family;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The folder structure in which the library of a model family stores its models below a cache root. */
public interface Layout {

    /** The folder of process locks below a root; the clients of the model hub use the same name. */
    String LOCKS = ".locks";

    /** Whether a file is a process lock of this plugin or of the hub's clients. */
    static boolean isLock(Path file) {
        // Called for up to a million files, so the name is checked first.
        if (!file.toString().endsWith(".lock")) {
            return false;
        }
        return holdsLocks(file.resolveSibling(".").normalize());
    }

    /** Whether a file with the ending of a lock in this folder is a lock. */
    static boolean holdsLocks(Path folder) {
        return folder.endsWith(LOCKS) || folder.resolveSibling(".").normalize().endsWith(LOCKS);
    }

    /** The folder that holds the models of this layout. */
    Path root();

    /** The environment variables that make the library use this root; set if the project declares such a model. */
    default Map<String, Path> variables() {
        return Map.of();
    }

    /** The folder of this model that is shown to users. */
    Path folder(ResolvedModel model);

    /** The path that belongs to this model alone: its folder, or its one file if many models share a folder. */
    default Path place(ResolvedModel model) {
        Path folder = folder(model);
        boolean shared = folder.equals(root()) && !model.files().isEmpty();
        return shared ? file(model, model.files().get(0)) : folder;
    }

    /**
     * The path at which a library reads this file.
     *
     * @throws IllegalArgumentException if the file's name leads out of the model's folder
     */
    Path file(ResolvedModel model, ModelFile file);

    /** The partial file, until the bytes are complete and verified; the same in every run, so that a download resumes. */
    default Path partial(ResolvedModel model, ModelFile file) {
        return PartialFiles.beside(file(model, file), file.url(), file.digest());
    }

    /**
     * The file that a build locks while it fetches this model. It is below the root, not in the project, because several
     * projects may share a root and its partial files. Models that may share a folder share the lock.
     */
    default Path processLock(ModelReference model) {
        String name = PartialFiles.eightHex(model.toString());
        return root().resolve(LOCKS).resolve(name + ".lock");
    }

    /**
     * Moves a verified file to its final path, atomically.
     *
     * @return the path of the file; a layout that publishes a model only as a whole keeps it elsewhere until
     *     {@link #complete}
     */
    default Path publish(ResolvedModel model, ModelFile file, Path partial) throws IOException {
        Path target = file(model, file);
        AtomicFiles.publish(partial, target);
        return target;
    }

    /** The path where the cache may have the same content, for another revision or from another program. */
    default Optional<Path> content(ResolvedModel model, ModelFile file) {
        return Optional.empty();
    }

    /** Makes the content that {@link #content} named available at the path of the file. */
    default void adopt(ResolvedModel model, ModelFile file) throws IOException {
        throw new IllegalStateException("this layout keeps each file in one place");
    }

    /** Finishes a model after all its files are published. */
    default void complete(ResolvedModel model) throws IOException {}

    /** Whether a complete model has the form that was declared: no links where plain files are required. */
    default boolean isArranged(ResolvedModel model) {
        return true;
    }

    /**
     * The file by which libraries find the revision of this model, if the layout has one; {@link #complete} writes it.
     *
     * @throws IOException when it can't be read
     */
    default Optional<RevisionPointer> pointer(ResolvedModel model) throws IOException {
        return Optional.empty();
    }

    /**
     * Whether an entry below a model's folder is a file of the model or a link to one, and not a file in which a library
     * keeps its own data.
     */
    default boolean isContent(Path entry) {
        return true;
    }

    /** The models below the root, declared or not, with their folder or file. */
    default Map<ModelReference, Path> found() throws IOException {
        return Map.of();
    }

    /**
     * The units below the root that can be deleted.
     *
     * @throws IOException when a folder can't be read
     */
    default List<DeletableUnit> units() throws IOException {
        List<DeletableUnit> units = new ArrayList<>();
        found().forEach((model, place) -> units.add(DeletableUnit.of(model, place)));
        return units;
    }

    /** Folders of models that can't be read; they are kept. */
    default List<Path> unreadable() throws IOException {
        return List.of();
    }

    /** Paths that are kept even if the whole cache is emptied, because they can't be fetched again. */
    default List<Path> kept() {
        return List.of();
    }

    /** The paths that only one model may use: a second model with one of them is an error. */
    default List<Path> exclusivePaths(ResolvedModel model) {
        return model.files().stream().map(file -> file(model, file)).toList();
    }

    /** Whether two models with different versions have the same files, so that they may share their paths. */
    default boolean haveSameFiles(ResolvedModel one, ResolvedModel other) {
        return false;
    }

    /** Whether each model is one file directly below the root. */
    default boolean isOneFilePerModel() {
        return false;
    }

    /** The model that a file of this name directly below the root is. */
    default Optional<ModelReference> model(String fileName) {
        return Optional.empty();
    }

    /** The first hexadecimal digits (or all) of the SHA-256 that a file of this name must have, if the name says it. */
    default Optional<String> digestPrefix(String fileName) {
        return Optional.empty();
    }

    /** Whether a file is one of the model's files, or holds the content of one. */
    default boolean owns(ResolvedModel model, Path file) {
        return file.startsWith(folder(model))
                && model.files().stream()
                        .anyMatch(candidate -> file(model, candidate).equals(file));
    }

    /** The folder of the model, declared or not, that a file belongs to, where a model has a folder of its own. */
    default Optional<Path> modelFolder(Path file) {
        return Optional.empty();
    }
}
