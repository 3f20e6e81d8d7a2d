package io.github.modelcache.migrate.collect;

import io.github.modelcache.families.ExternalCache;
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

/** Old folders that go once no model is left in them: the store of a hub cache, and the legacy folder itself. */
final class OldFolders {

    private final SkippedReport notes;
    private final Messages messages;

    OldFolders(SkippedReport notes, Messages messages) {
        this.notes = notes;
        this.messages = messages;
    }

    /**
     * The store of an old hub cache goes when no repository is left that could need it.
     *
     * @param going what the plan deletes or moves; the store's contents are added to it
     * @param bytes what becomes free
     */
    Optional<Action> store(ExternalCache place, Set<Path> going, long bytes) {
        HubStore store = new HubStore(place.path());
        if (!store.exists()) {
            return Optional.empty();
        }
        Path folder = store.folder();
        if (MountedFolders.in(place.path()).touching(folder).isPresent()) {
            notes.add(folder, "stays: " + TreeDeleter.MOUNTED);
            return Optional.empty();
        }
        if (hasOthers(place, store, going)) {
            notes.add(folder, "stays: repositories that stay may need it");
            return Optional.empty();
        }
        going.addAll(below(folder));
        return Optional.of(
                new Action.Delete(folder, bytes, "no repository needs it by then", () -> dropStore(place, store)));
    }

    private long dropStore(ExternalCache place, HubStore store) throws IOException {
        if (!place.found().isEmpty() || !store.linked(Set.of()).isEmpty()) {
            return 0; // one stayed, which was said
        }
        Path folder = store.folder();
        if (!ActiveDownloads.in(folder).isEmpty()) {
            messages.warn(notes.name(folder)
                    + " stays: a program is downloading into it; run mvn cache:migrate when it is" + " done");
            return 0;
        }
        return new TreeDeleter().deleteTree(place.path(), folder, path -> false);
    }

    /**
     * What a run that was killed left of models that it had brought: folders in which no file is, and torch's
     * repositories that were about to go, which nobody finds by their name any more.
     *
     * @param found the folders of models that may be taken from this place
     * @param going what the plan deletes or moves; the leftovers' contents are added to it
     */
    List<Action> leftovers(ExternalCache place, Collection<Path> found, Set<Path> going) {
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
            for (Path folder : leaving(place, mounts)) {
                going.addAll(below(folder));
                actions.add(new Action.Delete(
                        folder,
                        0,
                        "left by a run that was interrupted",
                        () -> new TreeDeleter().deleteTree(place.path(), folder, path -> false)));
            }
        }
        return actions;
    }

    private static List<Path> leaving(ExternalCache place, MountedFolders mounts) {
        try {
            return FolderListing.of(place.path()).stream()
                    .filter(OldFolders::isRealFolder)
                    .filter(folder -> mounts.touching(folder).isEmpty())
                    .filter(folder -> PartialFiles.left(folder)
                            .flatMap(TorchHubRepository::ofFolder)
                            .isPresent())
                    .toList();
        } catch (IOException e) {
            return List.of(); // said already
        }
    }

    private static boolean isRealFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Clients keep more kinds of repositories than this plugin takes, and all of them use the store. */
    private static boolean hasOthers(ExternalCache place, HubStore store, Set<Path> going) {
        try {
            for (Path repository : place.found().values()) {
                if (!going.containsAll(below(repository))) {
                    return true;
                }
            }
            return !store.linked(going).isEmpty();
        } catch (IOException e) {
            return true; // nobody can tell
        }
    }

    /**
     * The legacy folder itself goes if nothing is left in it by then.
     *
     * @param going what the plan deletes or moves
     * @param told caches that stay, which was said
     * @param staying folders of models that stay, which was said
     */
    Optional<Action> legacy(Path folder, Set<Path> going, List<FlatTransformersCache> told, Set<Path> staying) {
        if (Files.isSymbolicLink(folder)) {
            return Optional.empty();
        }
        MountedFolders inside = MountedFolders.in(folder);
        List<Path> all = below(folder);
        if (all.isEmpty() && (isMountPoint(folder) || inside.touching(folder).isPresent())) {
            return Optional.empty(); // it is empty and can't go
        }
        List<Path> others = all.stream()
                .filter(path -> !going.contains(path) && !isBookkeeping(path))
                .toList();
        if (!others.isEmpty()) {
            List<Path> untold = new ArrayList<>(others);
            told.forEach(cache -> untold.removeAll(Set.copyOf(cache.files())));
            untold.removeIf(
                    path -> inside.holding(path).isPresent() || staying.stream().anyMatch(path::startsWith));
            notes.addAll(untold, "stays: it is no model that this plugin takes");
            return Optional.empty();
        }
        return Optional.of(new Action.Delete(folder, 0, "empty by then", () -> drop(folder)));
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

    private long drop(Path legacy) throws IOException {
        List<Path> left = below(legacy);
        if (!left.stream().allMatch(OldFolders::isBookkeeping)) {
            return 0; // something stayed, which was said
        }
        for (Path lock : left) {
            if (Layout.isLock(lock) && isHeld(lock)) {
                messages.warn(notes.name(legacy)
                        + " stays: another build is fetching into it; run mvn cache:migrate when" + " it is done");
                return 0;
            }
        }
        long freed = new TreeDeleter().deleteJudged(legacy, legacy, new Emptied());
        if (!isMountPoint(legacy) && FolderListing.of(legacy).isEmpty()) {
            Files.deleteIfExists(legacy);
        }
        return freed;
    }

    /** Lets everything go but what is mounted in the folder, which then stays as an empty one. */
    private static final class Emptied implements TreeDeleter.Judge {

        @Override
        public boolean goes(Path path, BasicFileAttributes attributes) {
            return true;
        }

        @Override
        public void mounted(Path path) {
            // Nobody is told: nothing lies in it.
        }
    }

    private static boolean isHeld(Path lock) throws IOException {
        Optional<ProcessLock> taken = ProcessLock.tryAcquire(lock);
        if (taken.isPresent()) {
            taken.get().close();
        }
        return taken.isEmpty();
    }

    /** Everything below a folder that is no folder; links are not followed. */
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
