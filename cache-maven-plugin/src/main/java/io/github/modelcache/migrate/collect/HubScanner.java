package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.family.ActiveDownloads;
import io.github.modelcache.family.huggingface.CachedRepository;
import io.github.modelcache.family.huggingface.HubPart;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.HubTree;
import io.github.modelcache.family.huggingface.RefFile;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds what can be imported from one repository of an old hub cache. A blob may be a link into the store that the
 * repositories of that cache share; links out of the cache are not followed.
 */
final class HubScanner {

    private final ExternalCache place;
    private final ModelReference model;
    private final Path repository;
    private final Path target;
    private final Optional<RequiredModels.Selection> selection;
    private final List<ResolvedModel> locked;
    private final TargetState targets;
    private final SkippedReport notes;
    private final HubPlaces places;
    private final CachedRepository cached;
    /** Blobs by their names; a link is replaced by the file it leads to. */
    private final Map<Path, CacheEntry> blobs = new HashMap<>();

    private final HubContents contents;
    private final List<Path> deletable = new ArrayList<>();
    private final List<SourceFile> files = new ArrayList<>();
    private final Map<Path, FoundModel.LinkTo> linksBySource = new TreeMap<>();
    private boolean whole = true;

    HubScanner(
            ExternalCache place,
            ModelReference model,
            Path repository,
            Path target,
            Optional<RequiredModels.Selection> selection,
            List<ResolvedModel> locked,
            ContentDigests digests,
            TargetState targets,
            SkippedReport notes) {
        this.place = place;
        this.model = model;
        this.repository = repository;
        this.target = target;
        this.selection = selection;
        this.locked = locked;
        this.targets = targets;
        this.notes = notes;
        this.places = new HubPlaces(place.path());
        this.cached = CachedRepository.read(places, repository);
        this.contents = new HubContents(repository, locked, digests, notes);
    }

    /** The model; empty if nothing can be imported. */
    Optional<FoundModel> scan(Path processLock) throws IOException {
        Optional<Instant> lastPartialWrite = cached.lastPartialWrite();
        if (lastPartialWrite.isPresent() && ActiveDownloads.isActive(lastPartialWrite.get(), Instant.now())) {
            notes.add(
                    repository,
                    "is kept: a program is downloading into it; run mvn cache:migrate when it has finished");
            return Optional.empty();
        }
        cached.unreadable()
                .forEach((path, reason) ->
                        notes.add(path, "is kept: it can't be read (" + IoErrors.message(reason, path) + ")"));
        whole = cached.unreadable().isEmpty() && lastPartialWrite.isEmpty();
        deletable.addAll(cached.paths(HubPart.PARTIAL));
        deletable.addAll(cached.paths(HubPart.DISPOSABLE));
        resolveBlobs();
        Set<Path> needed = new HashSet<>();
        for (CacheEntry entry : cached.entries(HubPart.SNAPSHOT_FILE)) {
            snapshotEntry(entry, needed);
        }
        List<FoundModel.LinkTo> links = liveLinks(addBlobs(needed));
        Set<String> keptCommits = keptCommits();
        addFileLists(keptCommits);
        List<FoundModel.Ref> found = refs(keptCommits);
        List<Path> unknown = cached.paths(HubPart.UNKNOWN);
        notes.addAll(unknown, "is kept: it is not a known part of a hub cache");
        whole &= unknown.isEmpty();
        if (files.isEmpty() && links.isEmpty() && deletable.isEmpty()) {
            return Optional.empty();
        }
        deletable.sort(places.deletionOrder());
        return Optional.of(new FoundModel(
                place, model, repository, target, processLock, files, links, found, deletable, whole, false));
    }

    private void resolveBlobs() throws IOException {
        Path realPlace = place.path().toRealPath();
        for (CacheEntry blob : cached.entries(HubPart.BLOB)) {
            if (blob.kind() == CacheEntry.Kind.FILE) {
                blobs.put(blob.path().getFileName(), blob);
                continue;
            }
            whole = false;
            try {
                CacheEntry content = CacheEntry.resolved(blob.path());
                if (!content.path().startsWith(realPlace)) {
                    notes.add(
                            blob.path(),
                            "is kept: it links to a file outside of its cache, " + notes.name(content.path()));
                } else if (content.kind() == CacheEntry.Kind.FILE) {
                    blobs.put(blob.path().getFileName(), content);
                }
            } catch (IOException e) {
                notes.add(blob.path(), "is kept: it is a broken link");
            }
        }
    }

    private void snapshotEntry(CacheEntry entry, Set<Path> needed) throws IOException {
        Path path = entry.path();
        Path snapshot = places.snapshotOf(path);
        String commit = String.valueOf(snapshot.getFileName());
        boolean selected = selection.isEmpty() || selection.get().has(commit, HubPlaces.nameIn(snapshot, path));
        if (!selected) {
            return;
        }
        Path targetFile = target.resolve(repository.relativize(path));
        if (entry.kind() == CacheEntry.Kind.FILE) {
            add(contents.file(entry, snapshot, targetFile));
            return;
        }
        Optional<Path> blob = cached.blobName(path);
        if (blob.isEmpty()) {
            notes.add(path, "is kept: it links to a file outside of its repository, " + Files.readSymbolicLink(path));
            whole = false;
            return;
        }
        needed.add(blob.get());
        boolean hasBlob = blobs.containsKey(blob.get());
        whole &= hasBlob && cached.isRelative(path, blob.get());
        linksBySource.put(
                path, new FoundModel.LinkTo(targetFile, HubPlaces.blobs(target).resolve(blob.get())));
    }

    /** The links whose blobs are or will be in the project's cache; the others are kept. */
    private List<FoundModel.LinkTo> liveLinks(Set<Path> byTarget) {
        List<FoundModel.LinkTo> live = new ArrayList<>();
        List<Path> dead = new ArrayList<>();
        for (Map.Entry<Path, FoundModel.LinkTo> entry : linksBySource.entrySet()) {
            Path blob = entry.getValue().blob();
            if (byTarget.contains(blob) || targets.exists(blob)) {
                live.add(entry.getValue());
                deletable.add(entry.getKey());
            } else if (!blobs.containsKey(blob.getFileName())) {
                dead.add(entry.getKey());
            }
        }
        notes.addAll(dead, "is kept: it is a broken link");
        return live;
    }

    /** Adds the undamaged blobs. */
    private Set<Path> addBlobs(Set<Path> needed) {
        Map<Path, CacheEntry> asked = new HashMap<>(blobs);
        if (selection.isPresent()) {
            asked.keySet().retainAll(needed);
        }
        Map<Path, SourceFile> undamaged = contents.undamaged(asked, target);
        whole &= undamaged.size() == asked.size();
        Set<Path> byTarget = new HashSet<>();
        undamaged.forEach((name, file) -> {
            files.add(file);
            byTarget.add(file.target());
            deletable.add(HubPlaces.blobs(repository).resolve(name)); // the blob, or the link into the store
        });
        return byTarget;
    }

    /** Adds a file, if it is undamaged. */
    private void add(Optional<SourceFile> file) {
        whole &= file.isPresent();
        file.ifPresent(right -> {
            files.add(right);
            deletable.add(right.source());
        });
    }

    /** The commits of which files are kept; their refs and lists are kept, too. */
    private Set<String> keptCommits() {
        Set<Path> deleted = new HashSet<>(deletable);
        Set<String> commits = new HashSet<>();
        for (CacheEntry entry : cached.entries(HubPart.SNAPSHOT_FILE)) {
            if (!deleted.contains(entry.path())) {
                commits.add(String.valueOf(places.snapshotOf(entry.path()).getFileName()));
            }
        }
        whole &= commits.isEmpty();
        return commits;
    }

    /** Adds the lists of commits that are imported completely. */
    private void addFileLists(Set<String> keptCommits) throws IOException {
        for (CacheEntry tree : cached.entries(HubPart.FILE_LIST)) {
            String name = String.valueOf(tree.path().getFileName());
            String commit = name.replaceFirst("\\.json$", "");
            boolean required = selection.isEmpty() || selection.get().hasWhole(commit);
            if (!required) {
                continue;
            }
            Path targetFile = target.resolve(repository.relativize(tree.path()));
            if (HubTree.read(tree.path(), entry -> {}).isPresent()) {
                notes.add(tree.path(), "is not a valid file list; skipped");
                whole = false;
                deletable.add(tree.path());
            } else if (targets.exists(targetFile)) {
                deletable.add(tree.path()); // one commit has one list
            } else {
                add(contents.tree(tree, targetFile));
            }
            if (keptCommits.contains(commit)) {
                deletable.remove(tree.path());
            }
        }
    }

    private List<FoundModel.Ref> refs(Set<String> keptCommits) throws IOException {
        List<FoundModel.Ref> found = new ArrayList<>();
        for (Path ref : cached.paths(HubPart.REF)) {
            String commit = RefFile.content(ref).map(String::strip).orElse("");
            if (!keptCommits.contains(commit)) {
                deletable.add(ref);
            }
            if (!HubPlaces.isCommit(commit) && !isPlainName(commit)) {
                whole = false;
                continue;
            }
            boolean clean = RefFile.content(ref).orElse("").equals(commit);
            whole &= clean; // clients read a newline as part of the commit
            boolean selected = selection.isEmpty() || selection.get().has(commit);
            if (selected) {
                Path file = target.resolve(repository.relativize(ref));
                found.add(new FoundModel.Ref(file, commit, HubPlaces.snapshot(target, commit), false));
            }
        }
        for (ResolvedModel model : locked) {
            Optional<FoundModel.Ref> pinned = pinned(model);
            if (pinned.isPresent()) {
                Path here = repository.resolve(target.relativize(pinned.get().file()));
                boolean right =
                        RefFile.content(here).equals(Optional.of(pinned.get().commit()));
                whole &= right
                        || !Files.isDirectory(
                                HubPlaces.snapshot(repository, pinned.get().commit()));
                found.add(0, pinned.get());
            }
        }
        return found;
    }

    /** Whether a ref names an existing snapshot in ASCII. */
    private boolean isPlainName(String content) {
        return content.chars().allMatch(c -> c < 128) && RefFile.namesSnapshot(repository, content);
    }

    /** The ref of a locked model; the lock file takes precedence. */
    private Optional<FoundModel.Ref> pinned(ResolvedModel lock) {
        return HubPlaces.ref(target, HubPlaces.revision(lock.request()))
                .map(file ->
                        new FoundModel.Ref(file, lock.revision(), HubPlaces.snapshot(target, lock.revision()), true));
    }
}
