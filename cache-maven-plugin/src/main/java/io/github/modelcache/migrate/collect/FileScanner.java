package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Checks models that are single files, and repositories that torch has unpacked. */
record FileScanner(ContentDigests digests, Lock lock, TargetState targets, SkippedReport notes) {
    private static final String COMPILED = "__pycache__";

    /**
     * A checkpoint, or a file of openai-whisper.
     *
     * @param naming knows the digest in the file's name
     */
    Optional<FoundModel> file(
            ExternalCache place, ModelReference model, Path source, Path target, Path processLock, Layout naming)
            throws IOException {
        CacheEntry entry = CacheEntry.of(source);
        String name = source.getFileName().toString();
        Digest actual =
                digests.digest(source, entry.stamp(), DigestAlgorithm.SHA256).get();
        Optional<String> expected = locked(name, place.kind()).or(() -> naming.digestPrefix(name));
        if (expected.isPresent() && !actual.hex().startsWith(expected.get())) {
            notes.add(source, "is kept: it is damaged. Expected sha256:" + expected.get() + ", found " + actual);
            return Optional.empty();
        }
        // openai-whisper overwrites a file in place; torch replaces it.
        boolean shareable = place.kind() != ExternalCache.Kind.WHISPER;
        SourceFile sourceFile = new SourceFile(entry, actual, expected.isPresent(), target, false, shareable);
        return Optional.of(new FoundModel(
                place,
                model,
                source,
                target,
                processLock,
                List.of(sourceFile),
                List.of(),
                List.of(),
                List.of(source),
                true,
                false));
    }

    private Optional<String> locked(String name, ExternalCache.Kind kind) {
        String scheme = kind == ExternalCache.Kind.WHISPER ? "whisper" : "torch";
        return lock.models().stream()
                .filter(model -> model.reference().scheme().equals(scheme))
                .flatMap(model -> model.files().stream())
                .filter(file -> file.path().equals(name))
                .flatMap(file -> file.digest().stream())
                .filter(digest -> digest.algorithm() == DigestAlgorithm.SHA256)
                .map(Digest::hex)
                .findFirst();
    }

    /** A repository of torch.hub, which is imported as a whole. */
    Optional<FoundModel> repository(
            ExternalCache place,
            ModelReference model,
            Path source,
            Path target,
            Path processLock,
            List<ResolvedModel> locked)
            throws IOException {
        Map<String, Digest> expected = new TreeMap<>();
        locked.forEach(lockedModel -> {
            for (ModelFile file : lockedModel.files()) {
                file.digest().ifPresent(digest -> expected.put(file.path(), digest));
            }
        });
        List<CacheEntry> files = new ArrayList<>();
        List<Path> unusable = new ArrayList<>();
        CacheWalk.walk(source, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                if (entry.kind() == CacheEntry.Kind.FILE) {
                    files.add(entry);
                } else {
                    unusable.add(entry.path());
                }
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                unusable.add(path);
            }
        });
        if (!unusable.isEmpty()) {
            notes.addAll(unusable, "is not a file or can't be read, so " + notes.name(source) + " is kept");
            return Optional.empty();
        }
        List<SourceFile> sourceFiles = new ArrayList<>();
        List<Path> deletable = new ArrayList<>();
        for (CacheEntry file : files) {
            Path below = source.relativize(file.path());
            deletable.add(file.path());
            if (below.startsWith(COMPILED) || below.toString().contains(COMPILED + "/")) {
                continue; // Python writes it again
            }
            Optional<Digest> expectedDigest =
                    Optional.ofNullable(expected.get(below.toString().replace('\\', '/')));
            DigestAlgorithm algorithm = expectedDigest.map(Digest::algorithm).orElse(DigestAlgorithm.SHA256);
            Digest actual = digests.digest(file.path(), file.stamp(), algorithm).get();
            if (expectedDigest.isPresent() && !expectedDigest.get().equals(actual)) {
                notes.add(file.path(), "differs from the lock file, so " + notes.name(source) + " is kept");
                return Optional.empty();
            }
            // People edit such files in place, so each place has its own.
            sourceFiles.add(
                    new SourceFile(file, actual, expectedDigest.isPresent(), target.resolve(below), false, false));
        }
        return sourceFiles.isEmpty()
                ? Optional.empty()
                : checked(new FoundModel(
                        place,
                        model,
                        source,
                        target,
                        processLock,
                        sourceFiles,
                        List.of(),
                        List.of(),
                        deletable,
                        true,
                        true));
    }

    private Optional<FoundModel> checked(FoundModel found) throws IOException {
        if (targets.isFree(found.target())) {
            return Optional.of(found);
        }
        for (SourceFile sourceFile : found.files()) {
            TargetState.State state = targets.state(sourceFile);
            if (state != TargetState.State.SAME && state != TargetState.State.ITSELF) {
                notes.add(
                        found.source(),
                        "is kept: the project has another one in " + notes.name(found.target())
                                + "; delete the one that you don't need");
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
