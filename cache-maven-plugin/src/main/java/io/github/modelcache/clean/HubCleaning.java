package io.github.modelcache.clean;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.HubStore;
import io.github.modelcache.family.huggingface.LinkedBlobs;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.plan.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plans deletions in a hub cache: revisions, the blobs that no other revision uses, and the contents of the shared store
 * that no repository uses. Refs are deleted before snapshots, and snapshots before blobs, so that an interrupted run leaves
 * no broken link.
 */
final class HubCleaning {

    private final SafeDeleter deleter;
    private final DownloadGuard downloads;
    private final Instant abandonedBefore;
    private final Set<Path> deletedBlobs = new HashSet<>();

    HubCleaning(SafeDeleter deleter, DownloadGuard downloads, Instant abandonedBefore) {
        this.deleter = deleter;
        this.downloads = downloads;
        this.abandonedBefore = abandonedBefore;
    }

    /**
     * Plans the deletion of revisions of a repository.
     *
     * @param whole whether the whole repository is deleted, with all partial downloads in it
     * @param deleted the revisions to delete
     */
    void plan(Path repository, boolean whole, List<CachedModel> deleted, String reason, List<Action> actions) {
        List<Action> planned = new ArrayList<>();
        Set<Path> links = new HashSet<>();
        ActiveDownload active = new ActiveDownload();
        if (whole) {
            planned.add(repository(repository, deleted.get(0), reason, links, active));
        } else {
            for (CachedModel revision : deleted) {
                planned.add(revision(revision, reason, active));
            }
            planned.add(contents(repository, deleted, links, active));
        }
        if (active.found) {
            downloads.kept(deleted.get(0), DownloadGuard.WRITTEN);
        } else {
            actions.addAll(planned);
            deletedBlobs.addAll(links);
        }
    }

    /** Whether any program is downloading into the repository. */
    private final class ActiveDownload {
        private boolean found;

        void check(CacheEntry entry) {
            found |= PartialFiles.isUnfinished(entry.path()) && downloads.isActive(entry);
        }
    }

    private Action repository(
            Path repository, CachedModel model, String reason, Set<Path> links, ActiveDownload active) {
        Path blobs = HubPlaces.blobs(repository);
        // As text: of a hundred thousand links nearly all lie elsewhere, and asking a path costs more.
        String inBlobs = blobs + blobs.getFileSystem().getSeparator();
        long bytes = deleter.planned().add(repository, entry -> true, entry -> {
            active.check(entry);
            if (entry.kind() == CacheEntry.Kind.LINK && entry.path().toString().startsWith(inBlobs)) {
                links.add(entry.path());
            }
        });
        return new Action.Delete(
                repository,
                bytes,
                reason,
                () -> downloads.unlessFetched(model, () -> {
                    long freed = 0;
                    for (Path note : HubPlaces.notes(repository)) {
                        freed += deleter.delete(model.root(), note);
                    }
                    LinkedBlobs needed = LinkedBlobs.of(repository, List.of());
                    freed += deleter.delete(
                            model.root(),
                            repository,
                            path -> blobs.equals(path)
                                    ? !needed.isEmpty() // a link to another disk, where all contents lie
                                    : blobs.equals(path.getParent()) && needed.contains(path));
                    deleter.deleteEmptyParents(model.root(), repository);
                    return freed;
                }));
    }

    private Action revision(CachedModel revision, String reason, ActiveDownload active) {
        long bytes = 0;
        for (Path part : revision.unit().parts()) {
            bytes += deleter.planned().add(part, entry -> true, active::check);
        }
        return new Action.Delete(
                revision.unit().place(),
                bytes,
                reason,
                () -> downloads.unlessFetched(revision, () -> {
                    long freed = 0;
                    for (Path part : revision.unit().parts()) {
                        freed += deleter.delete(revision.root(), part);
                    }
                    return freed;
                }));
    }

    /** Blobs that no other revision uses. A new blob that no revision uses may belong to a running download. */
    private Action contents(Path repository, List<CachedModel> deleted, Set<Path> links, ActiveDownload active) {
        Path blobs = HubPlaces.blobs(repository);
        CachedModel first = deleted.get(0);
        LinkedBlobs kept = LinkedBlobs.of(
                repository,
                deleted.stream().map(cached -> cached.unit().place()).toList());
        LinkedBlobs used = LinkedBlobs.of(repository, List.of());
        long bytes = deleter.planned()
                .add(
                        blobs,
                        entry -> !entry.path().equals(blobs) // a link to another disk is no content
                                && !PartialFiles.isUnfinished(entry.path())
                                && !kept.contains(entry.path())
                                && (used.contains(entry.path())
                                        || entry.modified().isBefore(abandonedBefore)),
                        entry -> {
                            active.check(entry);
                            if (entry.kind() == CacheEntry.Kind.LINK && !kept.contains(entry.path())) {
                                links.add(entry.path());
                            }
                        });
        return new Action.Delete(
                blobs,
                bytes,
                "contents that no other revision uses",
                () -> downloads.unlessFetched(first, () -> {
                    LinkedBlobs needed = LinkedBlobs.of(repository, List.of());
                    return deleter.deleteOnlyPlanned(first.root(), blobs, needed::contains);
                }));
    }

    /** Plans the contents of the shared store that no repository uses after the planned deletions. */
    Optional<Action> store(Path root, HubStore store) throws IOException {
        Set<Path> linked = store.exists() ? store.linked(deletedBlobs) : Set.of();
        List<Path> free = new ArrayList<>();
        long bytes = 0;
        for (Path content : store.contents()) {
            if (store.isFree(content, linked, deletedBlobs)
                    && isSettled(content)
                    && !deleter.planned().isMounted(content)) {
                bytes += deleter.planned().add(content) + deleter.planned().add(HubStore.users(content));
                free.add(content);
            }
        }
        if (free.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Action.Delete(store.folder(), bytes, "shared contents that no model uses", () -> {
            long freed = 0;
            Set<Path> now = store.linked(Set.of());
            for (Path content : free) {
                if (store.isFree(content, now, Set.of())) {
                    freed += deleter.delete(root, content) + deleter.delete(root, HubStore.users(content));
                }
            }
            return freed;
        }));
    }

    /** A client lists a blob before it creates it, so a content that was listed just now may be about to be used. */
    private boolean isSettled(Path content) {
        try {
            return CacheEntry.of(HubStore.users(content)).modified().isBefore(abandonedBefore)
                    || deletedBlobs.stream().anyMatch(blob -> HubStore.leadsTo(blob, content));
        } catch (IOException e) {
            return false;
        }
    }
}
