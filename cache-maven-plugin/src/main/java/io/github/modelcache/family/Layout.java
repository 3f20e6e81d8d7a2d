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

/** How one family of libraries keeps its models below a cache root. */
public interface Layout {

    /** The folder below a root that holds locks; the model hub's own clients call theirs so. */
    String LOCKS = ".locks";

    /** Whether a file is a lock of ours or of the hub's clients: empty, and no part of any model. */
    static boolean isLock(Path file) {
        // Asked for each of perhaps a million files, so the name comes first.
        if (!file.toString().endsWith(".lock")) {
            return false;
        }
        return holdsLocks(file.resolveSibling(".").normalize());
    }

    /** Whether what is called a lock in this folder is one. */
    static boolean holdsLocks(Path folder) {
        return folder.endsWith(LOCKS) || folder.resolveSibling(".").normalize().endsWith(LOCKS);
    }

    /** The folder that holds the models of this layout. */
    Path root();

    /** Variables of the environment that lead the family's library here; set if the project declares such a model. */
    default Map<String, Path> variables() {
        return Map.of();
    }

    /** The folder that people would look into for this model. */
    Path folder(ResolvedModel model);

    /** What holds this model and nothing else: its folder, or its one file where many models share a folder. */
    default Path place(ResolvedModel model) {
        Path folder = folder(model);
        boolean shared = folder.equals(root()) && !model.files().isEmpty();
        return shared ? file(model, model.files().get(0)) : folder;
    }

    /**
     * Where a library reads this file.
     *
     * @throws IllegalArgumentException when the file's name would leave the model's folder
     */
    Path file(ResolvedModel model, ModelFile file);

    /** Where the file's bytes gather until they are complete and checked; the same in every run, so that it resumes. */
    default Path partial(ResolvedModel model, ModelFile file) {
        return PartialFiles.beside(file(model, file), file.url(), file.digest());
    }

    /**
     * The file that builds lock while one of them brings this model. It lies below the root, not in the project, because
     * several projects may share a root, and with it the partial files. Models that may share a folder share the lock.
     */
    default Path processLock(ModelReference model) {
        String name = PartialFiles.eightHex(model.toString());
        return root().resolve(LOCKS).resolve(name + ".lock");
    }

    /**
     * Puts checked bytes where libraries find them, in one step: nobody ever sees half a file.
     *
     * @return where they lie now; a layout that shows a model only as a whole keeps them elsewhere until
     *     {@link #complete}
     */
    default Path publish(ResolvedModel model, ModelFile file, Path partial) throws IOException {
        Path target = file(model, file);
        AtomicFiles.publish(partial, target);
        return target;
    }

    /** Where the cache may hold this very content already, brought for another revision or by another program. */
    default Optional<Path> content(ResolvedModel model, ModelFile file) {
        return Optional.empty();
    }

    /** Lets libraries find a content that {@link #content} named. */
    default void adopt(ResolvedModel model, ModelFile file) throws IOException {
        throw new IllegalStateException("this layout keeps each file in one place");
    }

    /** Finishes a model of which every file is published. */
    default void complete(ResolvedModel model) throws IOException {}

    /** Whether a complete model lies in the form that it should have: not as links where it has to be plain files. */
    default boolean isArranged(ResolvedModel model) {
        return true;
    }

    /**
     * What libraries find the revision of this model by, where the layout has such a thing; {@link #complete} writes
     * it.
     *
     * @throws IOException when it can't be read
     */
    default Optional<RevisionPointer> pointer(ResolvedModel model) throws IOException {
        return Optional.empty();
    }

    /**
     * Whether an entry below a model's folder is one of the model's contents, or a link to one; notes that libraries
     * keep beside them are not.
     */
    default boolean isContent(Path entry) {
        return true;
    }

    /** The models that lie below the root, declared or not, with their folder or file. */
    default Map<ModelReference, Path> found() throws IOException {
        return Map.of();
    }

    /**
     * What lies below the root and can be deleted, each as a whole.
     *
     * @throws IOException when a folder can't be read
     */
    default List<DeletableUnit> holdings() throws IOException {
        List<DeletableUnit> holdings = new ArrayList<>();
        found().forEach((model, place) -> holdings.add(DeletableUnit.of(model, place)));
        return holdings;
    }

    /** Folders of models that can't be looked into: nobody knows what they hold, so they stay. */
    default List<Path> unreadable() throws IOException {
        return List.of();
    }

    /** What stays even when the whole cache is emptied, besides locks and tags: it can't be fetched again. */
    default List<Path> kept() {
        return List.of();
    }

    /** The paths that this model needs for itself: another model that needs one of them is refused. */
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
