package io.github.modelcache.migrate.collect;

import io.github.modelcache.families.ExternalCache;
import io.github.modelcache.family.ActiveDownloads;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.HubTree;
import io.github.modelcache.family.huggingface.RefFile;
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
    private final HubEntries entries;
    private final HubContents contents;
    private final List<Path> goes = new ArrayList<>();
    private final List<SourceFile> pieces = new ArrayList<>();
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
        this.entries = HubEntries.of(places, repository, notes);
        this.contents = new HubContents(repository, locked, digests, notes);
    }

    /** The model; empty if nothing can be imported. */
    Optional<FoundModel> look(Path processLock) throws IOException {
        if (ActiveDownloads.isActive(entries.lastPartialWrite, Instant.now())) {
            notes.add(
                    repository,
                    "is kept: a program is downloading into it; run mvn cache:migrate when it has finished");
            return Optional.empty();
        }
        whole = entries.complete;
        goes.addAll(entries.disposable);
        followBlobLinks();
        Set<Path> needed = new HashSet<>();
        for (CacheEntry entry : entries.snapshots) {
            snapshotEntry(entry, needed);
        }
        List<FoundModel.LinkTo> links = liveLinks(takeBlobs(needed));
        Set<String> staying = staying();
        takeTrees(staying);
        List<FoundModel.Ref> found = refs(staying);
        notes.addAll(entries.unknown, "is kept: it is not a known part of a hub cache");
        whole &= entries.unknown.isEmpty();
        if (pieces.isEmpty() && links.isEmpty() && goes.isEmpty()) {
            return Optional.empty();
        }
        goes.sort(entries.order());
        return Optional.of(new FoundModel(
                place, model, repository, target, processLock, pieces, links, found, goes, whole, false));
    }

    private void followBlobLinks() throws IOException {
        Path realPlace = place.path().toRealPath();
        for (CacheEntry link : entries.blobLinks) {
            whole = false;
            try {
                CacheEntry content = CacheEntry.resolved(link.path());
                if (!content.path().startsWith(realPlace)) {
                    notes.add(link.path(), "is kept: it is a link out of its cache, to " + notes.name(content.path()));
                } else if (content.kind() == CacheEntry.Kind.FILE) {
                    entries.blobs.put(link.path().getFileName(), content);
                }
            } catch (IOException e) {
                notes.add(link.path(), "is kept: it is a broken link");
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
        Path there = target.resolve(repository.relativize(path));
        if (entry.kind() == CacheEntry.Kind.FILE) {
            take(contents.file(entry, snapshot, there));
            return;
        }
        Optional<Path> blob = blobName(path);
        if (blob.isEmpty()) {
            notes.add(path, "is kept: it is a link out of its repository, to " + Files.readSymbolicLink(path));
            whole = false;
            return;
        }
        needed.add(blob.get());
        boolean leadsSomewhere = entries.blobs.containsKey(blob.get());
        whole &= leadsSomewhere && holdsElsewhere(path, blob.get());
        linksBySource.put(
                path, new FoundModel.LinkTo(there, HubPlaces.blobs(target).resolve(blob.get())));
    }

    /** Whether a link still works after its repository is moved: an absolute one does not. */
    private boolean holdsElsewhere(Path link, Path blob) throws IOException {
        Path relative = parent(link).relativize(HubPlaces.blobs(repository).resolve(blob));
        return Files.readSymbolicLink(link).equals(relative);
    }

    /** The links whose blobs are or will be in the project's cache; the others are kept. */
    private List<FoundModel.LinkTo> liveLinks(Set<Path> byTarget) {
        List<FoundModel.LinkTo> live = new ArrayList<>();
        List<Path> dead = new ArrayList<>();
        for (Map.Entry<Path, FoundModel.LinkTo> entry : linksBySource.entrySet()) {
            Path blob = entry.getValue().blob();
            if (byTarget.contains(blob) || targets.present(blob)) {
                live.add(entry.getValue());
                goes.add(entry.getKey());
            } else if (!entries.blobs.containsKey(blob.getFileName())) {
                dead.add(entry.getKey());
            }
        }
        notes.addAll(dead, "is kept: it is a broken link");
        return live;
    }

    /** The blob that a link of a snapshot leads to; first by its text, because the blob may be a link. */
    private Optional<Path> blobName(Path link) throws IOException {
        Path lexical = parent(link).resolve(Files.readSymbolicLink(link)).normalize();
        Path folder = HubPlaces.blobs(repository);
        if (folder.equals(lexical.getParent())) {
            return Optional.of(lexical.getFileName());
        }
        try {
            Path real = link.toRealPath();
            return real.getParent() != null && real.getParent().equals(folder.toRealPath())
                    ? Optional.of(real.getFileName())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Adds the undamaged blobs. */
    private Set<Path> takeBlobs(Set<Path> needed) {
        Map<Path, CacheEntry> asked = new HashMap<>(entries.blobs);
        if (selection.isPresent()) {
            asked.keySet().retainAll(needed);
        }
        Map<Path, SourceFile> right = contents.right(asked, target);
        whole &= right.size() == asked.size();
        Set<Path> byTarget = new HashSet<>();
        right.forEach((name, piece) -> {
            pieces.add(piece);
            byTarget.add(piece.target());
            goes.add(HubPlaces.blobs(repository).resolve(name)); // the blob, or the link into the store
        });
        return byTarget;
    }

    /** Adds a file, if it is undamaged. */
    private void take(Optional<SourceFile> piece) {
        whole &= piece.isPresent();
        piece.ifPresent(right -> {
            pieces.add(right);
            goes.add(right.source());
        });
    }

    /** The commits of which files are kept; their refs and lists are kept, too. */
    private Set<String> staying() {
        Set<Path> going = new HashSet<>(goes);
        Set<String> commits = new HashSet<>();
        for (CacheEntry entry : entries.snapshots) {
            if (!going.contains(entry.path())) {
                commits.add(String.valueOf(places.snapshotOf(entry.path()).getFileName()));
            }
        }
        whole &= commits.isEmpty();
        return commits;
    }

    /** Adds the lists of commits that are imported completely. */
    private void takeTrees(Set<String> staying) throws IOException {
        for (CacheEntry tree : entries.trees) {
            String name = String.valueOf(tree.path().getFileName());
            String commit = name.replaceFirst("\\.json$", "");
            boolean wanted = selection.isEmpty() || selection.get().hasWhole(commit);
            if (!wanted) {
                continue;
            }
            Path there = target.resolve(repository.relativize(tree.path()));
            if (HubTree.read(tree.path(), entry -> {}).isPresent()) {
                notes.add(tree.path(), "is not a valid file list; skipped");
                whole = false;
                goes.add(tree.path());
            } else if (targets.present(there)) {
                goes.add(tree.path()); // one commit has one list
            } else {
                take(contents.tree(tree, there));
            }
            if (staying.contains(commit)) {
                goes.remove(tree.path());
            }
        }
    }

    private List<FoundModel.Ref> refs(Set<String> staying) throws IOException {
        List<FoundModel.Ref> found = new ArrayList<>();
        for (Path ref : entries.refs) {
            String commit = RefFile.content(ref).map(String::strip).orElse("");
            if (!staying.contains(commit)) {
                goes.add(ref);
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

    private static Path parent(Path path) {
        return path.resolveSibling(".").normalize();
    }
}
