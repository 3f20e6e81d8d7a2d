package io.github.modelcache.family.huggingface;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.RevisionPointer;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cache of the model hub's clients: {@code blobs/<etag>} has the bytes, {@code snapshots/<commit>/} links to them,
 * {@code refs/<name>} names commits, {@code trees/<commit>.json} lists the files of a commit.
 *
 * <p>A blob is never opened for writing: it may be a link into the shared store. New bytes are written to a file beside it,
 * which is then renamed. Refs are written last and without a newline, which clients would read as part of the commit.
 *
 * @see <a href="https://huggingface.co/docs/hub/local-cache">The hub's local cache</a>
 */
public final class HubLayout implements Layout {

    private final Path root;
    private final CacheDirTag tag;
    private final Map<ModelReference, Path> folders = new ConcurrentHashMap<>();
    private final SnapshotLinks links;
    private final PlainFileRule plainFiles = new PlainFileRule();

    /** The layout of a hub cache, which {@code HF_HUB_CACHE} names. */
    public HubLayout(Path root) {
        this.root = root;
        this.tag = new CacheDirTag(root);
        this.links = new SnapshotLinks(root);
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path folder(ResolvedModel model) {
        return folder(model.reference());
    }

    private Path folder(ModelReference model) {
        // Called several times for each of thousands of files.
        return folders.computeIfAbsent(
                model,
                reference -> root.resolve(HubRepository.parse(reference.id()).folder()));
    }

    @Override
    public Path place(ResolvedModel model) {
        return snapshot(model);
    }

    @Override
    public Path file(ResolvedModel model, ModelFile file) {
        return SafeRelativePath.resolve(snapshot(model), file.path());
    }

    @Override
    public Path partial(ResolvedModel model, ModelFile file) {
        // Not <etag>.incomplete: clients up to 1.17 would append to it without a check.
        String key = PartialFiles.eightHex(file.url());
        return blobs(model).resolve(digest(file).hex() + "." + key + ".incomplete");
    }

    @Override
    public Path processLock(ModelReference model) {
        // Beside the locks of the hub's clients, which are named by digests and invisible to Java.
        return root.resolve(LOCKS).resolve(folder(model).getFileName()).resolve("maven.lock");
    }

    @Override
    public Path publish(ResolvedModel model, ModelFile file, Path partial) throws IOException {
        Path snapshotFile = file(model, file);
        AtomicFiles.createParents(snapshotFile);
        if (links.areSupported()) {
            AtomicFiles.publish(partial, blob(model, file));
            writeSnapshotFile(model, file);
        } else {
            AtomicFiles.publish(partial, snapshotFile);
        }
        return snapshotFile;
    }

    @Override
    public Optional<Path> content(ResolvedModel model, ModelFile file) {
        return file.digest().map(digest -> blob(model, file));
    }

    @Override
    public void adopt(ResolvedModel model, ModelFile file) throws IOException {
        AtomicFiles.createParents(file(model, file));
        writeSnapshotFile(model, file);
    }

    private void writeSnapshotFile(ResolvedModel model, ModelFile file) throws IOException {
        Path snapshotFile = file(model, file);
        Path blob = blob(model, file);
        if (plainFiles.applies(model)) {
            links.writeFile(snapshotFile, blob, digest(file));
        } else {
            links.writeLink(folder(model), snapshotFile, blob);
        }
    }

    @Override
    public boolean isArranged(ResolvedModel model) {
        return !plainFiles.applies(model)
                || model.files().stream().noneMatch(file -> Files.isSymbolicLink(file(model, file)));
    }

    @Override
    public void complete(ResolvedModel model) throws IOException {
        tag.write();
        if (!isArranged(model)) {
            for (ModelFile file : model.files()) {
                if (Files.isSymbolicLink(file(model, file))) {
                    writeSnapshotFile(model, file);
                }
            }
        }
        boolean whole =
                model.request().include().isEmpty() && model.request().exclude().isEmpty();
        Path tree = HubPlaces.tree(folder(model), commit(model));
        if (whole && !Files.exists(tree)) {
            AtomicFiles.write(tree, HubTree.text(model.files()).getBytes(StandardCharsets.UTF_8));
        }
        Optional<RevisionPointer> pointer = pointer(model);
        if (pointer.isPresent()) {
            pointer.get().write();
        }
    }

    @Override
    public Optional<RevisionPointer> pointer(ResolvedModel model) throws IOException {
        String name = HubPlaces.revision(model.request());
        Optional<Path> ref = HubPlaces.ref(folder(model), name);
        return ref.isEmpty()
                ? Optional.empty()
                : Optional.of(new RevisionPointer(ref.get(), name, model.revision(), RefFile.content(ref.get())));
    }

    @Override
    public Map<ModelReference, Path> found() throws IOException {
        Map<ModelReference, Path> found = new TreeMap<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, "*--*")) {
            for (Path folder : folders) {
                HubPlaces.reference(folder).ifPresent(reference -> found.put(reference, folder));
            }
        }
        return found;
    }

    @Override
    public List<DeletableUnit> units() throws IOException {
        List<DeletableUnit> units = new ArrayList<>();
        for (HubDeletableUnits repository : repositories()) {
            if (repository.isReadable()) {
                units.addAll(repository.list());
            }
        }
        return units;
    }

    @Override
    public List<Path> unreadable() throws IOException {
        return repositories().stream()
                .filter(repository -> !repository.isReadable())
                .map(HubDeletableUnits::repository)
                .toList();
    }

    private List<HubDeletableUnits> repositories() throws IOException {
        return found().entrySet().stream()
                .filter(found -> Files.isDirectory(found.getValue(), LinkOption.NOFOLLOW_LINKS))
                .map(found -> new HubDeletableUnits(found.getKey(), found.getValue()))
                .toList();
    }

    @Override
    public List<Path> kept() {
        // The store has its own rules. Beside the cache are the tokens of the user's login.
        return List.of(
                HubPlaces.store(root),
                root.resolveSibling("token"),
                root.resolveSibling("stored_tokens"),
                root.resolveSibling("stored_tokens.lock"));
    }

    @Override
    public boolean isContent(Path entry) {
        Path folder = entry.getParent();
        if (folder == null
                || PartialFiles.isPartial(entry)
                || PlatformFiles.isForeign(String.valueOf(entry.getFileName()))) {
            return false;
        }
        return switch (new HubPlaces(root).of(folder).kind()) {
            case BLOBS, SNAPSHOT -> true;
            case REFS, TREES, ABSENCE, STORE, OTHER -> false;
        };
    }

    @Override
    public List<Path> exclusivePaths(ResolvedModel model) {
        return List.of(); // each commit has its own folder
    }

    @Override
    public boolean owns(ResolvedModel model, Path file) {
        Path blobs = blobs(model);
        Path parent = file.resolveSibling(".").normalize();
        if (file.startsWith(root) && new HubPlaces(root).of(parent).kind() == HubPlaces.Kind.STORE) {
            return model.files().stream().anyMatch(candidate -> leadsTo(file(model, candidate), file));
        }
        return file.startsWith(blobs)
                ? model.files().stream()
                        .flatMap(candidate -> candidate.digest().stream())
                        .anyMatch(digest -> file.endsWith(HubPlaces.blobName(digest)))
                : Layout.super.owns(model, file);
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.isSameFile(link, file);
        } catch (IOException e) {
            return false; // the link is missing or dangling
        }
    }

    @Override
    public Optional<Path> modelFolder(Path file) {
        return HubPlaces.repositoryAround(file);
    }

    private Path snapshot(ResolvedModel model) {
        return HubPlaces.snapshot(folder(model), commit(model));
    }

    /** The commit, which becomes part of a path, so it is checked: anybody may have written the lock file. */
    private static String commit(ResolvedModel model) {
        String commit = model.revision();
        if (commit.indexOf('/') >= 0 || SafeRelativePath.problem(commit).isPresent()) {
            throw new IllegalArgumentException(
                    model.reference() + " is locked at '" + TextSanitizer.text(commit) + "', which is no commit");
        }
        return commit;
    }

    private Path blobs(ResolvedModel model) {
        return HubPlaces.blobs(folder(model));
    }

    private Path blob(ResolvedModel model, ModelFile file) {
        return blobs(model).resolve(HubPlaces.blobName(digest(file)));
    }

    private static Digest digest(ModelFile file) {
        return file.digest()
                .orElseThrow(() -> new IllegalArgumentException(file.path() + " has no digest to name its blob by"));
    }
}
