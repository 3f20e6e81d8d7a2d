package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.inventory.scan.CacheEntry;

/** What a file or link of a hub cache is. */
public enum HubPart {
    /** A file of a repository, named by its etag; or a link into the store that repositories share. */
    BLOB,
    /** A file as libraries read it: a link to a blob, or a real file where there are no links. */
    SNAPSHOT_FILE,
    /** A file that names a commit. */
    REF,
    /** The list of the files of a commit. */
    FILE_LIST,
    /** A file of the store that repositories share. */
    SHARED_BLOB,
    /** A download that is not complete. */
    PARTIAL,
    /** A lock, a note that a file does not exist, or a file of the operating system: no model needs it. */
    DISPOSABLE,
    /** Anything else; somebody may need it. */
    UNKNOWN;

    /** Tells what an entry in a repository's folder of blobs is. */
    public static HubPart besideBlobs(CacheEntry entry) {
        return of(HubPlaces.Kind.BLOBS, entry);
    }

    /**
     * Tells what an entry is.
     *
     * @param folder the kind of the folder that holds it
     */
    public static HubPart of(HubPlaces.Kind folder, CacheEntry entry) {
        boolean file = entry.kind() == CacheEntry.Kind.FILE;
        if (!file && entry.kind() != CacheEntry.Kind.LINK) {
            return UNKNOWN;
        }
        boolean partial = PartialFiles.isPartial(entry.path());
        if (partial && file) {
            return PARTIAL;
        }
        if (folder == HubPlaces.Kind.SNAPSHOT) {
            return SNAPSHOT_FILE; // its name is the choice of the model's author
        }
        String name = entry.path().getFileName().toString();
        if (partial || PlatformFiles.isForeign(name)) {
            return file && PlatformFiles.is(name) ? DISPOSABLE : UNKNOWN;
        }
        return switch (folder) {
            case BLOBS -> !HubPlaces.isLock(name) ? BLOB : file ? DISPOSABLE : UNKNOWN;
            case REFS -> REF;
            case TREES -> file ? FILE_LIST : UNKNOWN;
            case STORE -> file && HubPlaces.isStored(name) ? SHARED_BLOB : UNKNOWN;
            case ABSENCE -> file ? DISPOSABLE : UNKNOWN;
            case SNAPSHOT, OTHER -> UNKNOWN;
        };
    }
}
