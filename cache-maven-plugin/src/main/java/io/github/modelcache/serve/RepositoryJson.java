package io.github.modelcache.serve;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.huggingface.HubTree;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the hub's API says about a locked model. Facts that the lock does not have, such as dates, are left out, or are what
 * clients cannot do without.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API</a>
 */
record RepositoryJson(ResolvedModel model) {

    /** The lock knows no names of folders' contents, but clients read one. */
    private static final String FOLDER_ID = "0".repeat(40);

    /**
     * The repository itself.
     *
     * @param sizes whether to add the size and the digest of each file
     */
    Json info(boolean sizes) {
        HubRepository repository = HubRepository.parse(model.reference().id());
        String id = repository.id();
        List<String> tags = new ArrayList<>();
        model.license().ifPresent(license -> tags.add("license:" + license));
        JsonObject.Builder info = JsonObject.builder()
                .put(
                        "_id",
                        model.revision()
                                .substring(0, Math.min(24, model.revision().length())))
                .put("id", id)
                .put("modelId", id)
                .put("author", id.contains("/") ? id.substring(0, id.indexOf('/')) : "")
                .put("sha", model.revision())
                .put("private", false)
                .put("gated", false)
                .put("disabled", false)
                .put("downloads", 0)
                .put("likes", 0)
                .put("tags", JsonArray.ofStrings(tags));
        model.license()
                .ifPresent(license -> info.put(
                        "cardData", JsonObject.builder().put("license", license).build()));
        return info.put(
                        "siblings",
                        JsonArray.of(model.files().stream()
                                .map(file -> sibling(file, sizes))
                                .toList()))
                .build();
    }

    private static Json sibling(ModelFile file, boolean sizes) {
        JsonObject.Builder sibling = JsonObject.builder().put("rfilename", file.path());
        if (sizes) {
            sibling.put("size", file.size()).put("blobId", blobId(file));
            largeFile(file, "sha256").ifPresent(large -> sibling.put("lfs", large));
        }
        return sibling.build();
    }

    /**
     * The files and folders in a folder, sorted by path.
     *
     * @param folder empty for the whole repository
     * @param recursive whether to list what the folders below it contain
     */
    List<Json> entries(String folder, boolean recursive) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        SortedMap<String, Json> entries = new TreeMap<>();
        for (ModelFile file : model.files()) {
            if (!file.path().startsWith(prefix)) {
                continue;
            }
            int slash = file.path().indexOf('/', prefix.length());
            if (recursive || slash < 0) {
                entries.put(file.path(), entry(file));
            }
            while (slash >= 0) {
                String path = file.path().substring(0, slash);
                entries.computeIfAbsent(path, RepositoryJson::folder);
                slash = recursive ? file.path().indexOf('/', slash + 1) : -1;
            }
        }
        return List.copyOf(entries.values());
    }

    /** The file or folder of this path. */
    Optional<Json> entry(String path) {
        Optional<Json> file = model.files().stream()
                .filter(each -> each.path().equals(path))
                .map(RepositoryJson::entry)
                .findFirst();
        return file.isPresent() || entries(path, false).isEmpty() ? file : Optional.of(folder(path));
    }

    private static Json folder(String path) {
        return JsonObject.builder()
                .put("type", "directory")
                .put("oid", FOLDER_ID)
                .put("size", 0)
                .put("path", path)
                .build();
    }

    private static Json entry(ModelFile file) {
        JsonObject.Builder entry = JsonObject.builder()
                .put("type", "file")
                .put("oid", blobId(file))
                .put("size", file.size())
                .put("path", file.path());
        largeFile(file, "oid").ifPresent(large -> entry.put("lfs", large));
        return entry.build();
    }

    private static boolean isLarge(ModelFile file) {
        return digest(file).algorithm() == DigestAlgorithm.SHA256;
    }

    private static Digest digest(ModelFile file) {
        return file.digest().orElseThrow();
    }

    private static String blobId(ModelFile file) {
        return isLarge(file)
                ? HubTree.pointerId(digest(file), file.size())
                : digest(file).hex();
    }

    private static Optional<Json> largeFile(ModelFile file, String digestName) {
        return isLarge(file)
                ? Optional.of(JsonObject.builder()
                        .put(digestName, digest(file).hex())
                        .put("size", file.size())
                        .put("pointerSize", HubTree.pointer(digest(file), file.size()).length)
                        .build())
                : Optional.empty();
    }
}
