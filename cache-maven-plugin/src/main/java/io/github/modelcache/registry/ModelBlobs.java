package io.github.modelcache.registry;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.Registry;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contents that a registry has to have for a model. */
final class ModelBlobs {
    private ModelBlobs() {}

    /** Each content once. */
    static List<Registry.Blob> of(
            ResolvedModel model, Layout layout, Map<String, Digest> sha256, ModelArtifact artifact) {
        Map<Digest, Registry.Blob> blobs = new LinkedHashMap<>();
        for (ModelFile file : model.files()) {
            Digest digest = Optional.ofNullable(sha256.get(file.path())).orElseThrow();
            if (file.size() > 0) {
                blobs.putIfAbsent(digest, Registry.Blob.of(layout.file(model, file), digest, file.size()));
            }
        }
        for (ModelArtifact.Part part : artifact.parts()) {
            Registry.Blob config = part.configBlob();
            blobs.put(config.digest(), config);
        }
        return List.copyOf(blobs.values());
    }

    /** The SHA-256 of each file by its path; those that the lock does not have are computed. */
    static Map<String, Digest> sha256(ResolvedModel model, Layout layout, ContentDigests digests) throws IOException {
        Map<String, ContentDigests.Pending> asked = new LinkedHashMap<>();
        Map<String, Digest> found = new HashMap<>();
        for (ModelFile file : model.files()) {
            Optional<Digest> locked = file.digest().filter(digest -> digest.algorithm() == DigestAlgorithm.SHA256);
            if (locked.isPresent()) {
                found.put(file.path(), locked.get());
            } else {
                CacheEntry entry = CacheEntry.resolved(layout.file(model, file));
                asked.put(file.path(), digests.digest(entry.path(), entry.stamp(), DigestAlgorithm.SHA256));
            }
        }
        for (Map.Entry<String, ContentDigests.Pending> pending : asked.entrySet()) {
            found.put(pending.getKey(), pending.getValue().get());
        }
        return found;
    }
}
