package io.github.modelcache.clean;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.HubStore;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.inventory.usage.LinkedBlobs;
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
 * Plans what goes of a hub cache: revisions, the contents that no other revision uses, and what of the shared store no
 * repository uses. Names of a revision go before its files, and files before contents, so that whatever stops in between
 * leaves no link that leads nowhere.
 */
final class HubCleaning {

    private final SafeDeleter removal;
    private final ActiveDownloads running;
    private final Instant abandonedBefore;
    private final Set<Path> goingBlobs = new HashSet<>();

    HubCleaning(SafeDeleter removal, ActiveDownloads running, Instant abandonedBefore) {
        this.removal = removal;
        this.running = running;
        this.abandonedBefore = abandonedBefore;
    }

    /**
     * Plans the end of some revisions of a repository.
     *
     * @param whole whether the repository goes with them, and all that downloads have left in it
     * @param going the revisions that go
     */
    void plan(Path repository, boolean whole, List<CachedModel> going, String reason, List<Action> actions) {
        List<Action> planned = new ArrayList<>();
        Set<Path> links = new HashSet<>();
        Recent recent = new Recent();
        if (whole) {
            planned.add(repository(repository, going.get(0), reason, links, recent));
        } else {
            for (CachedModel revision : going) {
                planned.add(revision(revision, reason, recent));
            }
            planned.add(contents(repository, going, links, recent));
        }
        if (recent.found) {
            running.skipped(going.get(0), "a download wrote to it less than " + ActiveDownloads.RECENT_TEXT + " ago");
        } else {
            actions.addAll(planned);
            goingBlobs.addAll(links);
        }
    }

    /** Sees whether a download, ours or another program's, is at work. */
    private final class Recent {
        private boolean found;

        void look(CacheEntry entry) {
            found |= PartialFiles.isUnfinished(entry.path()) && running.isRecent(entry);
        }
    }

    private Action repository(Path repository, CachedModel model, String reason, Set<Path> links, Recent recent) {
        Path blobs = HubPlaces.blobs(repository);
        // As text: of a hundred thousand links nearly all lie elsewhere, and asking a path costs more.
        String inBlobs = blobs + blobs.getFileSystem().getSeparator();
        long bytes = removal.see(repository, entry -> true, entry -> {
            recent.look(entry);
            if (entry.kind() == CacheEntry.Kind.LINK && entry.path().toString().startsWith(inBlobs)) {
                links.add(entry.path());
            }
        });
        return new Action.Delete(
                repository,
                bytes,
                reason,
                () -> running.unlessFetched(model, () -> {
                    long freed = 0;
                    for (Path note : HubPlaces.notes(repository)) {
                        freed += removal.delete(model.root(), note);
                    }
                    LinkedBlobs needed = LinkedBlobs.of(repository, List.of());
                    freed += removal.delete(
                            model.root(),
                            repository,
                            path -> blobs.equals(path)
                                    ? !needed.isEmpty() // a link to another disk, where all contents lie
                                    : blobs.equals(path.getParent()) && needed.contains(path));
                    removal.dropEmpty(model.root(), repository);
                    return freed;
                }));
    }

    private Action revision(CachedModel revision, String reason, Recent recent) {
        long bytes = 0;
        for (Path part : revision.holding().parts()) {
            bytes += removal.see(part, entry -> true, recent::look);
        }
        return new Action.Delete(
                revision.holding().place(),
                bytes,
                reason,
                () -> running.unlessFetched(revision, () -> {
                    long freed = 0;
                    for (Path part : revision.holding().parts()) {
                        freed += removal.delete(revision.root(), part);
                    }
                    return freed;
                }));
    }

    /** Contents that no other revision uses. One that none uses at all may belong to a download, unless it is old. */
    private Action contents(Path repository, List<CachedModel> going, Set<Path> links, Recent recent) {
        Path blobs = HubPlaces.blobs(repository);
        CachedModel first = going.get(0);
        LinkedBlobs stay = LinkedBlobs.of(
                repository, going.stream().map(held -> held.holding().place()).toList());
        LinkedBlobs used = LinkedBlobs.of(repository, List.of());
        long bytes = removal.see(
                blobs,
                entry -> !entry.path().equals(blobs) // a link to another disk is no content
                        && !PartialFiles.isUnfinished(entry.path())
                        && !stay.contains(entry.path())
                        && (used.contains(entry.path()) || entry.modified().isBefore(abandonedBefore)),
                entry -> {
                    recent.look(entry);
                    if (entry.kind() == CacheEntry.Kind.LINK && !stay.contains(entry.path())) {
                        links.add(entry.path());
                    }
                });
        return new Action.Delete(
                blobs,
                bytes,
                "contents that no other revision uses",
                () -> running.unlessFetched(first, () -> {
                    LinkedBlobs needed = LinkedBlobs.of(repository, List.of());
                    return removal.deleteOnlySeen(first.root(), blobs, needed::contains);
                }));
    }

    /** Plans the contents of the shared store that nobody uses once the planned repositories are gone. */
    Optional<Action> store(Path root, HubStore store) throws IOException {
        Set<Path> linked = store.exists() ? store.linked(goingBlobs) : Set.of();
        List<Path> free = new ArrayList<>();
        long bytes = 0;
        for (Path content : store.contents()) {
            if (store.isFree(content, linked, goingBlobs) && isSettled(content) && !removal.isMounted(content)) {
                bytes += removal.see(content, entry -> true, entry -> {});
                bytes += removal.see(HubStore.users(content), entry -> true, entry -> {});
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
                    freed += removal.delete(root, content);
                    freed += removal.delete(root, HubStore.users(content));
                }
            }
            return freed;
        }));
    }

    /** A client lists a blob before it makes it, so what was listed just now may be about to be used. */
    private boolean isSettled(Path content) {
        try {
            boolean settled = CacheEntry.of(HubStore.users(content)).modified().isBefore(abandonedBefore);
            return settled || store(content);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a blob that is about to go led to a content. */
    private boolean store(Path content) {
        return goingBlobs.stream().anyMatch(blob -> HubStore.leadsTo(blob, content));
    }
}
