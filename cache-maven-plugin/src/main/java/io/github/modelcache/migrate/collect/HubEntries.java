package io.github.modelcache.migrate.collect;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What lies in one repository of a hub cache, sorted by what it is for. */
final class HubEntries implements CacheWalk.Visitor {

    private final HubPlaces places;
    private final Path repository;
    private final SkippedReport notes;
    private final Map<Path, CacheEntry> blobs = new HashMap<>();
    private final List<CacheEntry> blobLinks = new ArrayList<>();
    private final List<CacheEntry> snapshots = new ArrayList<>();
    private final List<Path> refs = new ArrayList<>();
    private final List<CacheEntry> trees = new ArrayList<>();
    private final List<Path> strangers = new ArrayList<>();
    private final List<Path> leftovers = new ArrayList<>();
    private boolean complete = true;
    private Instant youngestPart = Instant.MIN;

    private HubEntries(HubPlaces places, Path repository, SkippedReport notes) {
        this.places = places;
        this.repository = repository;
        this.notes = notes;
    }

    /** Looks at everything in a repository; what can't be looked at is noted. */
    static HubEntries of(HubPlaces places, Path repository, SkippedReport notes) {
        HubEntries entries = new HubEntries(places, repository, notes);
        CacheWalk.walk(repository, entries);
        return entries;
    }

    /** The contents by their names. */
    Map<Path, CacheEntry> blobs() {
        return blobs;
    }

    /** Links in place of contents, to the store that repositories share. */
    List<CacheEntry> blobLinks() {
        return blobLinks;
    }

    /** The files and links of snapshots. */
    List<CacheEntry> snapshots() {
        return snapshots;
    }

    /** What names commits. */
    List<Path> refs() {
        return refs;
    }

    /** The lists of what commits hold. */
    List<CacheEntry> trees() {
        return trees;
    }

    /** What is no part of a repository. */
    List<Path> strangers() {
        return strangers;
    }

    /** What nobody misses: parts of downloads, notes of systems and of clients. */
    List<Path> leftovers() {
        return leftovers;
    }

    /** Whether no download left a part behind, and everything could be looked at. */
    boolean complete() {
        return complete;
    }

    /** When somebody last wrote to a part of a download. */
    Instant youngestPart() {
        return youngestPart;
    }

    /** Names before what they lead to: whoever stops in between leaves nothing that leads nowhere. */
    Comparator<Path> order() {
        return Comparator.comparing(path -> switch (places.of(folder(path)).kind()) {
            case REFS -> 0;
            case TREES -> 1;
            case SNAPSHOT -> 2;
            case OTHER -> 3;
            case BLOBS -> 4;
            case STORE -> 5;
        });
    }

    @Override
    public void entry(CacheEntry entry) {
        Path path = entry.path();
        HubPlaces.Kind kind = places.of(folder(path)).kind();
        boolean file = entry.kind() == CacheEntry.Kind.FILE;
        boolean link = entry.kind() == CacheEntry.Kind.LINK;
        if (file && PartialFiles.isPartial(path)) {
            part(entry);
        } else if (file && kind != HubPlaces.Kind.SNAPSHOT && PlatformFiles.is(String.valueOf(path.getFileName()))) {
            leftovers.add(path);
        } else if (kind == HubPlaces.Kind.BLOBS && file && HubPlaces.isLock(String.valueOf(path.getFileName()))) {
            leftovers.add(path);
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
            leftovers.add(path);
        } else {
            strangers.add(path);
        }
    }

    /** What a download left behind is fetched again rather than moved. */
    private void part(CacheEntry entry) {
        youngestPart = entry.modified().isAfter(youngestPart) ? entry.modified() : youngestPart;
        leftovers.add(entry.path());
        complete = false;
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        notes.add(path, "can't be looked at (" + IoErrors.message(reason, path) + "), so it stays");
        complete = false;
    }

    private static Path folder(Path path) {
        return path.resolveSibling(".").normalize();
    }
}
