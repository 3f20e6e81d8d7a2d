package io.github.modelcache.migrate.collect;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.HubTree;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Hashes the files of a hub repository, and finds those that match their name, the lock file or the list of their commit. */
record HubContents(Path repository, List<ResolvedModel> locked, ContentDigests digests, SkippedReport notes) {
    private record PendingBlob(Path name, CacheEntry content, ContentDigests.Pending digest) {}

    /**
     * The undamaged blobs by their names; several are hashed at once. The others are noted.
     *
     * @param blobs by their names
     */
    Map<Path, SourceFile> undamaged(Map<Path, CacheEntry> blobs, Path target) {
        List<PendingBlob> pending = new ArrayList<>();
        for (Map.Entry<Path, CacheEntry> blob : new TreeMap<>(blobs).entrySet()) {
            CacheEntry content = blob.getValue();
            pending.add(new PendingBlob(
                    blob.getKey(), content, digests.digest(content.path(), content.stamp(), algorithm(blob.getKey()))));
        }
        Map<Path, SourceFile> undamaged = new TreeMap<>();
        for (PendingBlob blob : pending) {
            Path targetFile = HubPlaces.blobs(target).resolve(blob.name());
            boolean known = HubPlaces.algorithm(blob.name().toString()).isPresent();
            undamagedBlob(blob.name(), blob.content(), blob.digest())
                    .ifPresent(digest -> undamaged.put(
                            blob.name(), new SourceFile(blob.content(), digest, known, targetFile, false, true)));
        }
        return undamaged;
    }

    private static DigestAlgorithm algorithm(Path blobName) {
        return HubPlaces.algorithm(blobName.toString()).orElse(DigestAlgorithm.SHA256);
    }

    /** The digest of a blob; empty if it differs from the name. */
    private Optional<Digest> undamagedBlob(Path name, CacheEntry content, ContentDigests.Pending pending) {
        try {
            Digest actual = pending.get();
            boolean named = HubPlaces.algorithm(name.toString()).isPresent();
            if (!named || actual.hex().equals(name.toString())) {
                return Optional.of(actual);
            }
            if (actual.algorithm() == DigestAlgorithm.GIT_SHA1) {
                Digest plain = Hashing.digest(content.path(), DigestAlgorithm.SHA1); // as some mirrors name them
                if (plain.hex().equals(name.toString())) {
                    return Optional.of(plain);
                }
            }
            notes.add(
                    content.path(),
                    "is kept: it is damaged. Its name is the expected digest, but its content has " + actual);
        } catch (IOException e) {
            notes.add(content.path(), "is kept: it can't be read (" + IoErrors.message(e, content.path()) + ")");
        }
        return Optional.empty();
    }

    /** A file in a snapshot without links, checked by the lock file or the list of its commit. */
    Optional<SourceFile> file(CacheEntry entry, Path snapshot, Path targetFile) {
        String name = HubPlaces.nameIn(snapshot, entry.path());
        String commit = String.valueOf(snapshot.getFileName());
        Optional<Digest> expected = locked.stream()
                .filter(lock -> lock.revision().equals(commit))
                .flatMap(lock -> lock.files().stream())
                .filter(file -> file.path().equals(name))
                .flatMap(file -> file.digest().stream())
                .findFirst()
                .or(() -> listed(commit, name));
        return read(entry, expected, targetFile, false);
    }

    /** The list of a commit. */
    Optional<SourceFile> tree(CacheEntry entry, Path targetFile) {
        return read(entry, Optional.empty(), targetFile, true);
    }

    private Optional<Digest> listed(String commit, String name) {
        List<Digest> found = new ArrayList<>();
        try {
            HubTree.read(HubPlaces.tree(repository, commit), entry -> {
                if (entry.path().equals(name)) {
                    entry.digest().ifPresent(found::add);
                }
            });
        } catch (IOException e) {
            return Optional.empty();
        }
        return found.stream().findFirst();
    }

    private Optional<SourceFile> read(CacheEntry entry, Optional<Digest> expected, Path targetFile, boolean list) {
        DigestAlgorithm algorithm = expected.map(Digest::algorithm).orElse(DigestAlgorithm.SHA256);
        try {
            Digest actual =
                    digests.digest(entry.path(), entry.stamp(), algorithm).get();
            if (expected.isPresent() && !expected.get().equals(actual)) {
                notes.add(entry.path(), "is kept: it is damaged. Expected " + expected.get() + ", found " + actual);
                return Optional.empty();
            }
            return Optional.of(new SourceFile(entry, actual, expected.isPresent(), targetFile, list, true));
        } catch (IOException e) {
            notes.add(entry.path(), "is kept: it can't be read (" + IoErrors.message(e, entry.path()) + ")");
            return Optional.empty();
        }
    }
}
