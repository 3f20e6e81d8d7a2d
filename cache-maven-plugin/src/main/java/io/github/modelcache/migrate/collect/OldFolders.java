package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.family.ActiveDownloads;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.huggingface.FlatTransformersCache;
import io.github.modelcache.family.huggingface.HubStore;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.MountedFolders;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans the deletion of old folders without models: the shared store of a hub cache, and the legacy folder itself. */
record OldFolders(SkippedReport notes, Messages messages) {
    /**
     * Deletes the shared store of an old hub cache if no repository is left that could need it.
     *
     * @param deleted what the plan deletes or moves; the files of the store are added
     * @param bytes the bytes that become free
     */
    Optional<Action> store(ExternalCache place, Set<Path> deleted, long bytes) {
        HubStore store = new HubStore(place.path());
        if (!store.exists()) {
            return Optional.empty();
        }
        Path folder = store.folder();
        if (MountedFolders.in(place.path()).touching(folder).isPresent()) {
            notes.add(folder, "is kept: " + TreeDeleter.MOUNTED);
            return Optional.empty();
        }
        if (hasOthers(place, store, deleted)) {
            notes.add(folder, "is kept: other repositories may need it");
            return Optional.empty();
        }
        deleted.addAll(below(folder));
        return Optional.of(new Action.Delete(folder, bytes, "no repository needs it", () -> deleteStore(place, store)));
    }

    private long deleteStore(ExternalCache place, HubStore store) throws IOException {
        if (!place.found().isEmpty() || !store.linked(Set.of()).isEmpty()) {
            return 0; // a model was kept, which was reported
        }
        Path folder = store.folder();
        if (!ActiveDownloads.in(folder).isEmpty()) {
            messages.warn(notes.name(folder)
                    + " is kept: a program is downloading into it; run mvn cache:migrate when it has finished");
            return 0;
        }
        return new TreeDeleter().deleteTree(place.path(), folder, path -> false);
    }

    /**
     * Deletes what an interrupted run left: empty folders of models, and renamed repositories of torch.
     *
     * @param found the folders of models that may be imported
     * @param deleted what the plan deletes or moves; the files of the leftovers are added
     */
    List<Action> leftovers(ExternalCache place, Collection<Path> found, Set<Path> deleted) {
        List<Action> actions = new ArrayList<>();
        MountedFolders mounts = MountedFolders.in(place.path());
        for (Path folder : found) {
            if (isRealFolder(folder)
                    && mounts.touching(folder).isEmpty()
                    && below(folder).isEmpty()) {
                actions.add(new Action.Delete(
                        folder,
                        0,
                        "an empty folder",
                        () -> new TreeDeleter().deleteTree(place.path(), folder, path -> !isRealFolder(path))));
            }
        }
        if (place.kind() == ExternalCache.Kind.TORCH && isRealFolder(place.path())) {
            for (Path folder : renamedFolders(place, mounts)) {
                deleted.addAll(below(folder));
                actions.add(new Action.Delete(
                        folder,
                        0,
                        "an interrupted run left it",
                        () -> new TreeDeleter().deleteTree(place.path(), folder, path -> false)));
            }
        }
        return actions;
    }

    private static List<Path> renamedFolders(ExternalCache place, MountedFolders mounts) {
        try {
            return FolderListing.of(place.path()).stream()
                    .filter(OldFolders::isRealFolder)
                    .filter(folder -> mounts.touching(folder).isEmpty())
                    .filter(folder -> PartialFiles.left(folder)
                            .flatMap(TorchHubRepository::ofFolder)
                            .isPresent())
                    .toList();
        } catch (IOException e) {
            return List.of(); // reported before
        }
    }

    private static boolean isRealFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Repositories that this plugin does not import use the store, too. */
    private static boolean hasOthers(ExternalCache place, HubStore store, Set<Path> deleted) {
        try {
            for (Path repository : place.found().values()) {
                if (!deleted.containsAll(below(repository))) {
                    return true;
                }
            }
            return !store.linked(deleted).isEmpty();
        } catch (IOException e) {
            return true; // unknown
        }
    }

    /**
     * Deletes the legacy folder itself if it is empty then.
     *
     * @param deleted what the plan deletes or moves
     * @param reported caches that are kept, which was reported
     * @param kept folders of models that are kept, which was reported
     */
    Optional<Action> legacy(Path folder, Set<Path> deleted, List<FlatTransformersCache> reported, Set<Path> kept) {
        if (Files.isSymbolicLink(folder)) {
            return Optional.empty();
        }
        MountedFolders inside = MountedFolders.in(folder);
        List<Path> all = below(folder);
        if (all.isEmpty() && (isMountPoint(folder) || inside.touching(folder).isPresent())) {
            return Optional.empty(); // it is empty and can't be deleted
        }
        List<Path> others = all.stream()
                .filter(path -> !deleted.contains(path) && !isBookkeeping(path))
                .toList();
        if (!others.isEmpty()) {
            List<Path> unreported = new ArrayList<>(others);
            reported.forEach(cache -> unreported.removeAll(Set.copyOf(cache.files())));
            unreported.removeIf(
                    path -> inside.containing(path).isPresent() || kept.stream().anyMatch(path::startsWith));
            notes.addAll(unreported, "is kept: it is not a model that this plugin imports");
            return Optional.empty();
        }
        return Optional.of(new Action.Delete(folder, 0, "empty then", () -> deleteFolder(folder)));
    }

    private static boolean isMountPoint(Path folder) {
        try {
            return Mounts.now().isPoint(folder.toRealPath());
        } catch (IOException e) {
            return false; // gone
        }
    }

    private static boolean isBookkeeping(Path path) {
        return PlatformFiles.is(String.valueOf(path.getFileName())) || Layout.isLock(path);
    }

    private long deleteFolder(Path legacy) throws IOException {
        List<Path> left = below(legacy);
        if (!left.stream().allMatch(OldFolders::isBookkeeping)) {
            return 0; // a file was kept, which was reported
        }
        for (Path lock : left) {
            if (Layout.isLock(lock) && ProcessLock.isHeld(lock)) {
                messages.warn(notes.name(legacy)
                        + " is kept: another build is fetching into it; run mvn cache:migrate when it has finished");
                return 0;
            }
        }
        long freed = new TreeDeleter().deleteJudged(legacy, legacy, new Emptied());
        if (!isMountPoint(legacy) && FolderListing.of(legacy).isEmpty()) {
            Files.deleteIfExists(legacy);
        }
        return freed;
    }

    /** Deletes everything except mounts, which have no files. */
    private static final class Emptied implements TreeDeleter.Judge {

        @Override
        public boolean shouldDelete(Path path, BasicFileAttributes attributes) {
            return true;
        }

        @Override
        public void mounted(Path path) {
            // It has no files, so it is not reported.
        }
    }

    /** All files and links below a folder; links are not followed. */
    static List<Path> below(Path folder) {
        List<Path> found = new ArrayList<>();
        CacheWalk.walk(folder, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                found.add(entry.path());
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                found.add(path);
            }
        });
        return found;
    }
}
