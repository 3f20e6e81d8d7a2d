package io.github.modelcache.testing;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A repository in a hub cache, laid out by hand as the hub's own clients do. */
public final class HubFixture {

    /** The commit whose files a fixture holds. */
    public static final String COMMIT = "0123456789012345678901234567890123456789";

    private final Path hub;
    private final Path folder;
    private final String id;
    private final Map<String, ModelFile> files = new TreeMap<>();

    /**
     * A repository of models.
     *
     * @param hub the hub cache
     * @param id {@code org/name}
     */
    public HubFixture(Path hub, String id) {
        this.hub = hub;
        this.id = id;
        this.folder = hub.resolve("models--" + id.replace("/", "--"));
    }

    /** The repository's folder. */
    public Path folder() {
        return folder;
    }

    /** A file of the snapshot. */
    public Path file(String path) {
        return folder.resolve("snapshots").resolve(COMMIT).resolve(path);
    }

    /** The blob of a file. */
    public Path blob(String path) {
        return folder.resolve("blobs").resolve(digest(path).hex());
    }

    /** The digest that a file of this fixture has. */
    public Digest digest(String path) {
        return Optional.ofNullable(files.get(path)).flatMap(ModelFile::digest).orElseThrow();
    }

    /** A small file: its blob, named by git, and the link to it. */
    public HubFixture small(String path, String content) throws IOException {
        return linked(path, add(path, content, DigestAlgorithm.GIT_SHA1).hex(), content);
    }

    /** A large file: its blob, named by its SHA-256, and the link to it. */
    public HubFixture large(String path, String content) throws IOException {
        return linked(path, add(path, content, DigestAlgorithm.SHA256).hex(), content);
    }

    /** A file whose blob bears a name of one's own. */
    public HubFixture named(String path, String blobName, String content) throws IOException {
        add(path, content, DigestAlgorithm.SHA256);
        return linked(path, blobName, content);
    }

    /** A file without a blob, as where there are no links. */
    public HubFixture real(String path, String content, boolean large) throws IOException {
        add(path, content, large ? DigestAlgorithm.SHA256 : DigestAlgorithm.GIT_SHA1);
        write(file(path), content);
        return this;
    }

    /** A large file whose content lies in the store that repositories share. */
    public HubFixture stored(String path, String xetHash, String content) throws IOException {
        Digest digest = add(path, content, DigestAlgorithm.SHA256);
        write(hub.resolve("blobs/.huggingface-shared-blobs"), "1\n");
        Path payload = stored(xetHash);
        write(payload, content);
        write(payload.resolveSibling(xetHash + ".refs"), "");
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        Path blob = blobs.resolve(digest.hex());
        Files.createSymbolicLink(blob, blobs.relativize(payload));
        link(path, blob);
        return this;
    }

    /** A content of the store. */
    public Path stored(String xetHash) {
        return hub.resolve("blobs").resolve(xetHash.substring(0, 2)).resolve(xetHash);
    }

    /** Writes a ref as it is given. */
    public HubFixture ref(String name, String content) throws IOException {
        write(folder.resolve("refs").resolve(name), content);
        return this;
    }

    /** Writes the list of the commit's files; the size of one of them may be a lie. */
    public Path tree(Map<String, Long> lies) throws IOException {
        List<String> entries = new ArrayList<>();
        for (ModelFile file : files.values()) {
            Digest digest = file.digest().orElseThrow();
            long size = lies.getOrDefault(file.path(), file.size());
            entries.add(
                    digest.algorithm() == DigestAlgorithm.SHA256
                            ? """
                              "%s": {"blob_id": "%s", "lfs_sha256": "%s", "lfs_size": %d, "size": %d, "xet_hash": null}""".formatted(file.path(), "a".repeat(40), digest.hex(), size, size)
                            : """
                              "%s": {"blob_id": "%s", "size": %d}""".formatted(file.path(), digest.hex(), size));
        }
        Path tree = folder.resolve("trees").resolve(COMMIT + ".json");
        write(tree, "{\"files\": {" + String.join(",\n", entries) + "}, \"format_version\": 1}");
        return tree;
    }

    /** What the lock would say of it. */
    public ResolvedModel resolved() {
        List<ModelFile> sorted = files.values().stream()
                .sorted(Comparator.comparing(ModelFile::path))
                .toList();
        return new ResolvedModel(
                ModelReference.parse("hf:" + id), ModelRequest.PLAIN, COMMIT, Optional.empty(), false, sorted);
    }

    private HubFixture linked(String path, String blobName, String content) throws IOException {
        Path blob = folder.resolve("blobs").resolve(blobName);
        write(blob, content);
        link(path, blob);
        return this;
    }

    private void link(String path, Path blob) throws IOException {
        Path link = file(path);
        Path parent = Files.createDirectories(link.resolveSibling(".").normalize());
        Files.createSymbolicLink(link, parent.relativize(blob));
    }

    private Digest add(String path, String content, DigestAlgorithm algorithm) throws IOException {
        Path scratch = Files.createTempFile("content", null);
        Files.writeString(scratch, content);
        Digest digest = Hashing.digest(scratch, algorithm);
        files.put(
                path,
                new ModelFile(
                        path,
                        Files.size(scratch),
                        Optional.of(digest),
                        "https://huggingface.co/" + id + "/resolve/" + COMMIT + "/" + path));
        Files.delete(scratch);
        return digest;
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.resolveSibling(".").normalize());
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
