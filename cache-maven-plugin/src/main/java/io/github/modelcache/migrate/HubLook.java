package io.github.modelcache.migrate;

import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.io.Digest;
import io.github.modelcache.io.DigestAlgorithm;
import io.github.modelcache.io.Hashing;
import io.github.modelcache.layout.HubLayout;
import io.github.modelcache.layout.HubPlaces;
import io.github.modelcache.layout.HubTree;
import io.github.modelcache.layout.PartialFiles;
import io.github.modelcache.layout.PlatformFiles;
import io.github.modelcache.layout.RevisionPointer;
import io.github.modelcache.layout.ScatteredPlace;
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
 * Looks at one repository of a hub cache at an old place: which of its contents are right, what leads to them, and what
 * must stay. A content may lie in the store that the repositories of that cache share; no link is followed out of it.
 */
final class HubLook implements CacheWalk.Visitor {

    private final ScatteredPlace place;
    private final ModelReference model;
    private final Path repository;
    private final Path target;
    private final Optional<Wanted.Selection> selection;
    private final ContentDigests digests;
    private final Targets targets;
    private final Notes notes;
    private final HubPlaces places;
    private final Map<Path, CacheEntry> blobs = new HashMap<>();
    private final List<CacheEntry> blobLinks = new ArrayList<>();
    private final List<CacheEntry> snapshots = new ArrayList<>();
    private final List<Path> refs = new ArrayList<>();
    private final List<CacheEntry> trees = new ArrayList<>();
    private final List<Path> strangers = new ArrayList<>();
    private final List<Path> goes = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Path, Find.LinkTo> linksBySource = new TreeMap<>();
    private boolean whole = true;
    private Instant youngestPart = Instant.MIN;

    HubLook(
            ScatteredPlace place,
            ModelReference model,
            Path repository,
            Path target,
            Optional<Wanted.Selection> selection,
            ContentDigests digests,
            Targets targets,
            Notes notes) {
        this.place = place;
        this.model = model;
        this.repository = repository;
        this.target = target;
        this.selection = selection;
        this.digests = digests;
        this.targets = targets;
        this.notes = notes;
        this.places = new HubPlaces(place.path());
    }

    @Override
    public void entry(CacheEntry entry) {
        Path path = entry.path();
        HubPlaces.Kind kind = places.of(parent(path)).kind();
        boolean file = entry.kind() == CacheEntry.Kind.FILE;
        boolean link = entry.kind() == CacheEntry.Kind.LINK;
        if (file && PartialFiles.isPartial(path)) {
            part(entry);
        } else if (file && kind != HubPlaces.Kind.SNAPSHOT && PlatformFiles.is(String.valueOf(path.getFileName()))) {
            goes.add(path);
        } else if (kind == HubPlaces.Kind.BLOBS && file) {
            blobs.put(path.getFileName(), entry);
        } else if (kind == HubPlaces.Kind.BLOBS && link) {
            blobLinks.add(entry);
        } else if (kind == HubPlaces.Kind.SNAPSHOT && (file || link)) {
            snapshots.add(entry);
        } else if (kind == HubPlaces.Kind.REFS && file) {
            refs.add(path);
        } else if (kind == HubPlaces.Kind.TREES && file) {
            trees.add(entry);
        } else if (file && repository.relativize(path).startsWith(".no_exist")) {
            goes.add(path);
        } else {
            strangers.add(path);
        }
    }

    /** What a download left behind is fetched again rather than moved. */
    private void part(CacheEntry entry) {
        youngestPart = entry.modified().isAfter(youngestPart) ? entry.modified() : youngestPart;
        goes.add(entry.path());
        whole = false;
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        notes.add(path, "can't be looked at (" + reason.getMessage() + "), so it stays");
        whole = false;
    }

    /**
     * Looks.
     *
     * @param busyAfter partial files younger than this belong to a download that runs
     * @return empty where nothing can be taken
     */
    Optional<Find> look(Optional<ResolvedModel> locked, Path processLock, Instant busyAfter) throws IOException {
        CacheWalk.walk(repository, this);
        if (youngestPart.isAfter(busyAfter)) {
            notes.add(repository, "stays: a program is downloading into it; run mvn cache:migrate when it is done");
            return Optional.empty();
        }
        followBlobLinks();
        Set<Path> needed = new HashSet<>();
        for (CacheEntry entry : snapshots) {
            snapshotEntry(entry, needed, locked);
        }
        Set<Path> byTarget = blobPieces(needed);
        List<Find.LinkTo> links = liveLinks(byTarget);
        Set<String> staying = staying();
        takeTrees(staying);
        List<Find.Ref> found = refs(locked, staying);
        notes.addAll(strangers, "stays: it is no part of a hub cache that this plugin knows");
        whole &= strangers.isEmpty();
        if (pieces.isEmpty() && links.isEmpty() && goes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Find(place, model, repository, target, processLock, pieces, links, found, goes, whole, false));
    }

    private void followBlobLinks() throws IOException {
        Path realPlace = place.path().toRealPath();
        for (CacheEntry link : blobLinks) {
            whole = false;
            try {
                CacheEntry content = CacheEntry.resolved(link.path());
                if (!content.path().startsWith(realPlace)) {
                    notes.add(link.path(), "stays: it leads out of its cache, to " + notes.name(content.path()));
                } else if (content.kind() == CacheEntry.Kind.FILE) {
                    blobs.put(link.path().getFileName(), content);
                    goes.add(link.path());
                }
            } catch (IOException e) {
                notes.add(link.path(), "stays: it leads nowhere");
            }
        }
    }

    private void snapshotEntry(CacheEntry entry, Set<Path> needed, Optional<ResolvedModel> locked) throws IOException {
        Path path = entry.path();
        Path snapshot = places.snapshotOf(path);
        String commit = String.valueOf(snapshot.getFileName());
        boolean selected = selection.isEmpty()
                || (selection.get().commit().equals(commit)
                        && selection.get().files().test(HubPlaces.nameIn(snapshot, path)));
        if (!selected) {
            return;
        }
        Path there = target.resolve(repository.relativize(path));
        if (entry.kind() == CacheEntry.Kind.FILE) {
            realFile(entry, snapshot, there, locked);
            return;
        }
        Optional<Path> blob = blobName(path);
        if (blob.isEmpty()) {
            notes.add(path, "stays: it leads out of its repository, to " + Files.readSymbolicLink(path));
            whole = false;
            return;
        }
        needed.add(blob.get());
        boolean leadsSomewhere = blobs.containsKey(blob.get());
        whole &= leadsSomewhere;
        linksBySource.put(path, new Find.LinkTo(there, HubPlaces.blobs(target).resolve(blob.get())));
    }

    /** The links whose contents will be there; the others stay beside the content that stays. */
    private List<Find.LinkTo> liveLinks(Set<Path> byTarget) {
        List<Find.LinkTo> live = new ArrayList<>();
        List<Path> dead = new ArrayList<>();
        for (Map.Entry<Path, Find.LinkTo> entry : linksBySource.entrySet()) {
            Path blob = entry.getValue().blob();
            if (byTarget.contains(blob) || targets.present(blob)) {
                live.add(entry.getValue());
                goes.add(entry.getKey());
            } else if (!blobs.containsKey(blob.getFileName())) {
                dead.add(entry.getKey());
            }
        }
        notes.addAll(dead, "stays: it leads nowhere");
        return live;
    }

    /** The blob that a link of a snapshot leads to; by its text, as the blob itself may be a link. */
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

    /** A file where there are no links: the lock or the list of its commit tells what it must be. */
    private void realFile(CacheEntry entry, Path snapshot, Path there, Optional<ResolvedModel> locked)
            throws IOException {
        String name = HubPlaces.nameIn(snapshot, entry.path());
        String commit = String.valueOf(snapshot.getFileName());
        Optional<Digest> expected = locked.filter(lock -> lock.revision().equals(commit))
                .flatMap(lock -> lock.files().stream()
                        .filter(file -> file.path().equals(name))
                        .findFirst())
                .flatMap(file -> file.digest())
                .or(() -> listed(commit, name));
        whole &= take(entry, expected, there);
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

    private record Asked(Path name, CacheEntry content, ContentDigests.Pending digest) {}

    /** Hashes the contents, several at once, and takes those that are what their names say. */
    private Set<Path> blobPieces(Set<Path> needed) {
        List<Asked> asked = new ArrayList<>();
        for (Map.Entry<Path, CacheEntry> blob : new TreeMap<>(blobs).entrySet()) {
            if (selection.isEmpty() || needed.contains(blob.getKey())) {
                CacheEntry content = blob.getValue();
                asked.add(new Asked(
                        blob.getKey(),
                        content,
                        digests.digest(content.path(), content.stamp(), algorithm(blob.getKey()))));
            }
        }
        Set<Path> byTarget = new HashSet<>();
        for (Asked one : asked) {
            Path there = HubPlaces.blobs(target).resolve(one.name());
            Optional<Digest> right = rightBlob(one.name(), one.content(), one.digest());
            if (right.isPresent()) {
                boolean known = HubPlaces.algorithm(one.name().toString()).isPresent();
                pieces.add(new Piece(one.content(), right.get(), known, there, true));
                byTarget.add(there);
                if (parent(one.content().path()).equals(HubPlaces.blobs(repository))) {
                    goes.add(one.content().path());
                }
            } else {
                whole = false;
            }
        }
        return byTarget;
    }

    private static DigestAlgorithm algorithm(Path blobName) {
        return HubPlaces.algorithm(blobName.toString()).orElse(DigestAlgorithm.SHA256);
    }

    /** The digest of a blob's content; empty if it is not what the name says. */
    private Optional<Digest> rightBlob(Path name, CacheEntry content, ContentDigests.Pending pending) {
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
            notes.add(content.path(), "stays: it is damaged. Its name is a digest, and the content has " + actual);
        } catch (IOException e) {
            notes.add(content.path(), "stays: it can't be read (" + e.getMessage() + ")");
        }
        return Optional.empty();
    }

    /** Takes a file as it is, if it is what it should be. */
    private boolean take(CacheEntry entry, Optional<Digest> expected, Path there) {
        DigestAlgorithm algorithm = expected.map(Digest::algorithm).orElse(DigestAlgorithm.SHA256);
        try {
            Digest actual =
                    digests.digest(entry.path(), entry.stamp(), algorithm).get();
            if (expected.isPresent() && !expected.get().equals(actual)) {
                notes.add(
                        entry.path(),
                        "stays: it is damaged. Expected is " + expected.get() + ", the content has " + actual);
                return false;
            }
            pieces.add(new Piece(entry, actual, expected.isPresent(), there, true));
            goes.add(entry.path());
            return true;
        } catch (IOException e) {
            notes.add(entry.path(), "stays: it can't be read (" + e.getMessage() + ")");
            return false;
        }
    }

    /** The commits of which something stays; what names them stays too, as programs read it from there. */
    private Set<String> staying() {
        Set<Path> going = new HashSet<>(goes);
        Set<String> commits = new HashSet<>();
        for (CacheEntry entry : snapshots) {
            if (!going.contains(entry.path())) {
                commits.add(String.valueOf(places.snapshotOf(entry.path()).getFileName()));
            }
        }
        whole &= commits.isEmpty();
        return commits;
    }

    /** Lists of commits whose snapshots are taken whole. */
    private void takeTrees(Set<String> staying) throws IOException {
        for (CacheEntry tree : trees) {
            String name = String.valueOf(tree.path().getFileName());
            boolean wanted = selection.isEmpty()
                    || (selection.get().all() && name.equals(selection.get().commit() + ".json"));
            if (!wanted) {
                continue;
            }
            Path there = target.resolve(repository.relativize(tree.path()));
            if (HubTree.read(tree.path(), entry -> {}).isPresent()) {
                notes.add(tree.path(), "is no list of files that a client would read; it is not taken along");
                whole = false;
                goes.add(tree.path());
            } else if (targets.present(there)) {
                goes.add(tree.path()); // one commit has one list
            } else {
                take(tree, Optional.empty(), there);
            }
            if (staying.contains(name.replaceFirst("\\.json$", ""))) {
                goes.remove(tree.path());
            }
        }
    }

    private List<Find.Ref> refs(Optional<ResolvedModel> locked, Set<String> staying) throws IOException {
        List<Find.Ref> found = new ArrayList<>();
        for (Path ref : refs) {
            String commit = RevisionPointer.content(ref).map(String::strip).orElse("");
            if (!staying.contains(commit)) {
                goes.add(ref);
            }
            if (!HubPlaces.isCommit(commit)) {
                whole = false;
                continue;
            }
            boolean clean = RevisionPointer.content(ref).orElse("").equals(commit);
            whole &= clean; // clients take a newline for a part of the commit
            boolean selected = selection.isEmpty() || selection.get().commit().equals(commit);
            if (selected) {
                Path file = target.resolve(repository.relativize(ref));
                found.add(new Find.Ref(file, commit, HubPlaces.snapshot(target, commit), false));
            }
        }
        Optional<Find.Ref> pinned = locked.flatMap(this::pinned);
        if (pinned.isPresent()) {
            Path here = repository.resolve(target.relativize(pinned.get().file()));
            boolean right = RevisionPointer.content(here)
                    .equals(Optional.of(pinned.get().commit()));
            whole &= right
                    || !Files.isDirectory(
                            HubPlaces.snapshot(repository, pinned.get().commit()));
            found.add(0, pinned.get());
        }
        return found;
    }

    /** The lock says what a branch leads to, whatever anyone else says. */
    private Optional<Find.Ref> pinned(ResolvedModel lock) {
        return HubPlaces.ref(target, HubLayout.revision(lock.request()))
                .map(file -> new Find.Ref(file, lock.revision(), HubPlaces.snapshot(target, lock.revision()), true));
    }

    private static Path parent(Path path) {
        return path.resolveSibling(".").normalize();
    }
}
