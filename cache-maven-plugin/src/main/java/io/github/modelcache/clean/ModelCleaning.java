package io.github.modelcache.clean;

import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubStore;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans the deletion of models of all layouts. */
final class ModelCleaning {

    private final SafeDeleter deleter;
    private final DownloadGuard downloads;
    private final HubCleaning hub;
    private final Map<Path, Path> hubRoots = new LinkedHashMap<>();

    ModelCleaning(SafeDeleter deleter, DownloadGuard downloads, Instant abandonedBefore) {
        this.deleter = deleter;
        this.downloads = downloads;
        this.hub = new HubCleaning(deleter, downloads, abandonedBefore);
    }

    /**
     * Plans one root.
     *
     * @param all its models
     * @param choice which of them are deleted, and why
     */
    void plan(List<CachedModel> all, ModelChoice choice, List<Action> actions) throws IOException {
        Set<Path> locks = new HashSet<>();
        all.forEach(model -> model.processLock().ifPresent(locks::add));
        Set<CachedModel> deleted = notFetched(choice.of(all), locks);
        Map<Path, List<CachedModel>> repositories = new LinkedHashMap<>();
        for (CachedModel cached : all) {
            Optional<Path> repository = cached.unit().repository();
            if (repository.isPresent()) {
                repositories
                        .computeIfAbsent(repository.get(), folder -> new ArrayList<>())
                        .add(cached);
                cached.layout().ifPresent(layout -> hubRoots.put(layout.root(), cached.root()));
            } else if (deleted.contains(cached)) {
                for (Path part : cached.unit().parts()) {
                    plan(cached, part, locks, choice.reason(cached), actions);
                }
            }
        }
        for (Map.Entry<Path, List<CachedModel>> repository : repositories.entrySet()) {
            List<CachedModel> chosen =
                    repository.getValue().stream().filter(deleted::contains).toList();
            if (!chosen.isEmpty()) {
                boolean whole = chosen.size() == repository.getValue().size() && !choice.isRepositoryKept(chosen);
                hub.plan(repository.getKey(), whole, chosen, choice.reason(chosen.get(0)), actions);
            }
        }
    }

    /** Plans the contents of the shared stores that no model uses after the planned deletions. */
    void stores(List<Action> actions) {
        for (Map.Entry<Path, Path> root : hubRoots.entrySet()) {
            HubStore store = new HubStore(root.getKey());
            try {
                hub.store(root.getValue(), store).ifPresent(actions::add);
            } catch (IOException e) {
                downloads.unreadable(store.folder(), e);
            }
        }
    }

    /** Plans the downloaded archives of unpacked models. */
    void downloads(Path folder, List<Action> actions) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder)) {
            for (Path archive : archives) {
                if (deleter.planned().isMounted(archive)) {
                    continue;
                }
                CachedModel cached = new CachedModel(
                        DeletableUnit.unknown(archive),
                        folder,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false);
                if (downloads.isActive(CacheEntry.of(archive))) {
                    downloads.kept(cached, DownloadGuard.WRITTEN);
                } else {
                    plan(cached, archive, Set.of(), "can be fetched again", actions);
                }
            }
        }
    }

    private void plan(CachedModel cached, Path place, Set<Path> locks, String reason, List<Action> actions)
            throws IOException {
        if (Files.notExists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Usage usage = new Usage(place);
        long bytes = deleter.planned().add(place, entry -> !Layout.isLock(entry.path()), usage::inspect);
        if (usage.written || usage.locked()) {
            downloads.kept(cached, usage.written ? DownloadGuard.WRITTEN : DownloadGuard.FETCHED_THERE);
            return;
        }
        actions.add(new Action.Delete(
                place,
                bytes,
                reason,
                () -> downloads.unlessFetched(cached, () -> {
                    if (DownloadGuard.isFetchedElsewhere(cached, locks) || usage.locked()) {
                        downloads.kept(cached, DownloadGuard.FETCHED_THERE);
                        return 0;
                    }
                    long freed = deleter.deleteWhole(cached.root(), place, Layout::isLock);
                    deleter.deleteEmptyParents(cached.root(), place);
                    return freed;
                })));
    }

    /** Whether any program is downloading into a folder. */
    private final class Usage {

        private final boolean interrupted; // an earlier deletion left it, so no download writes to it
        private final boolean partial;
        private final List<Path> locks = new ArrayList<>();
        private boolean written;

        Usage(Path place) {
            this.interrupted = PartialFiles.left(place).isPresent();
            this.partial = PartialFiles.isPartial(place) || PartialFiles.isPartialFolder(place);
        }

        void inspect(CacheEntry entry) {
            Path path = entry.path();
            if (entry.kind() == CacheEntry.Kind.FILE && path.toString().endsWith(".lock") && Layout.isLock(path)) {
                locks.add(path);
            }
            written |= !interrupted && downloads.isActive(entry) && (partial || isPartial(path));
        }

        private static boolean isPartial(Path path) {
            Path folder = path.getParent();
            return PartialFiles.isPartial(path)
                    || PartialFiles.isPartialFolder(path)
                    || (folder != null && PartialFiles.isPartialFolder(folder));
        }

        boolean locked() throws IOException {
            for (Path lock : locks) {
                if (ProcessLock.isHeld(lock)) {
                    return true;
                }
            }
            return false;
        }
    }

    private Set<CachedModel> notFetched(Set<CachedModel> chosen, Set<Path> locks) throws IOException {
        Set<CachedModel> result = new HashSet<>();
        for (CachedModel cached : chosen) {
            boolean elsewhere = DownloadGuard.isFetchedElsewhere(cached, locks);
            if (elsewhere || DownloadGuard.isFetched(cached)) {
                downloads.kept(cached, elsewhere ? DownloadGuard.FETCHED_THERE : DownloadGuard.FETCHED);
            } else {
                result.add(cached);
            }
        }
        return result;
    }
}
