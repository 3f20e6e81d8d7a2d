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

/** The files of one repository of a hub cache, by their purpose. */
final class HubEntries implements CacheWalk.Visitor {

    private final HubPlaces places;
    private final Path repository;
    private final SkippedReport notes;
    /** Blobs by their names. */
    final Map<Path, CacheEntry> blobs = new HashMap<>();
    /** Links in place of blobs, into the store that repositories share. */
    final List<CacheEntry> blobLinks = new ArrayList<>();
    /** Files and links of snapshots. */
    final List<CacheEntry> snapshots = new ArrayList<>();

    final List<Path> refs = new ArrayList<>();
    final List<CacheEntry> trees = new ArrayList<>();
    /** Files that are no part of a repository. */
    final List<Path> unknown = new ArrayList<>();
    /** Partial downloads, and files of operating systems and clients, which are not imported. */
    final List<Path> disposable = new ArrayList<>();
    /** Whether there is no partial download, and everything could be read. */
    boolean complete = true;
    /** When a partial download was last written to. */
    Instant lastPartialWrite = Instant.MIN;

    private HubEntries(HubPlaces places, Path repository, SkippedReport notes) {
        this.places = places;
        this.repository = repository;
        this.notes = notes;
    }

    /** Lists a repository; folders that can't be read are noted. */
    static HubEntries of(HubPlaces places, Path repository, SkippedReport notes) {
        HubEntries entries = new HubEntries(places, repository, notes);
        CacheWalk.walk(repository, entries);
        return entries;
    }

    /** The order of deletion: refs and snapshots before blobs, so that an interrupted run leaves no broken link. */
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
        String name = String.valueOf(path.getFileName());
        HubPlaces.Kind kind = places.of(folder(path)).kind();
        boolean file = entry.kind() == CacheEntry.Kind.FILE;
        boolean link = entry.kind() == CacheEntry.Kind.LINK;
        if (file && PartialFiles.isPartial(path)) {
            lastPartialWrite = entry.modified().isAfter(lastPartialWrite) ? entry.modified() : lastPartialWrite;
            disposable.add(path);
            complete = false;
        } else if (file && isDisposable(path, name, kind)) {
            disposable.add(path);
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
        } else {
            unknown.add(path);
        }
    }

    private boolean isDisposable(Path path, String name, HubPlaces.Kind kind) {
        return (kind != HubPlaces.Kind.SNAPSHOT && PlatformFiles.is(name))
                || (kind == HubPlaces.Kind.BLOBS && HubPlaces.isLock(name))
                || (kind == HubPlaces.Kind.OTHER && repository.relativize(path).startsWith(".no_exist"));
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        notes.add(path, "is kept: it can't be read (" + IoErrors.message(reason, path) + ")");
        complete = false;
    }

    private static Path folder(Path path) {
        return path.resolveSibling(".").normalize();
    }
}
