package io.github.modelcache.clean;

import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubStore;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.plan.Action;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans the end of models, whatever layout they lie in. */
final class ModelCleaning {

    private static final String A_MODEL_THERE = "a model there";

    private final SafeDeleter removal;
    private final ActiveDownloads running;
    private final HubCleaning hub;
    private final Map<Path, Path> hubRoots = new LinkedHashMap<>();

    ModelCleaning(SafeDeleter removal, ActiveDownloads running, Instant abandonedBefore) {
        this.removal = removal;
        this.running = running;
        this.hub = new HubCleaning(removal, running, abandonedBefore);
    }

    /**
     * Plans one root.
     *
     * @param all what lies in it
     * @param choice what of it goes, and why
     */
    void plan(List<CachedModel> all, ModelChoice choice, List<Action> actions) throws IOException {
        ForeignLockGuard guards = new ForeignLockGuard(all);
        Set<CachedModel> going = withoutFetched(guards, choice.of(all));
        Map<Path, List<CachedModel>> repositories = new LinkedHashMap<>();
        for (CachedModel held : all) {
            Optional<Path> repository = held.holding().repository();
            if (repository.isPresent()) {
                repositories
                        .computeIfAbsent(repository.get(), folder -> new ArrayList<>())
                        .add(held);
                held.layout().ifPresent(layout -> hubRoots.put(layout.root(), held.root()));
            } else if (going.contains(held)) {
                plain(held, guards, choice.reason(held), actions);
            }
        }
        for (Map.Entry<Path, List<CachedModel>> repository : repositories.entrySet()) {
            List<CachedModel> gone =
                    repository.getValue().stream().filter(going::contains).toList();
            if (!gone.isEmpty()) {
                boolean whole = gone.size() == repository.getValue().size() && !choice.staysOpen(gone);
                hub.plan(repository.getKey(), whole, gone, choice.reason(gone.get(0)), actions);
            }
        }
    }

    /** Plans what of the shared stores nobody uses once the planned models are gone. */
    void stores(List<Action> actions) {
        for (Map.Entry<Path, Path> root : hubRoots.entrySet()) {
            HubStore store = new HubStore(root.getKey());
            try {
                hub.store(root.getValue(), store).ifPresent(actions::add);
            } catch (IOException e) {
                running.unreadable(store.folder(), e);
            }
        }
    }

    /** Plans the archives that models were unpacked from. */
    void downloads(Path folder, List<Action> actions) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder)) {
            for (Path archive : archives) {
                if (removal.isMounted(archive)) {
                    continue;
                }
                CachedModel held = new CachedModel(
                        DeletableUnit.unknown(archive),
                        folder,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false);
                if (running.isRecent(CacheEntry.of(archive))) {
                    running.skipped(held, "it was written less than " + ActiveDownloads.RECENT_TEXT + " ago");
                } else {
                    plain(held, new ForeignLockGuard(List.of()), "can be fetched again", actions);
                }
            }
        }
    }

    private void plain(CachedModel held, ForeignLockGuard guards, String reason, List<Action> actions)
            throws IOException {
        Path place = held.holding().place();
        AtWork atWork = new AtWork(place);
        long bytes = removal.see(place, entry -> !Layout.isLock(entry.path()), atWork::look);
        if (atWork.writing) {
            running.skipped(held, "a download wrote to it less than " + ActiveDownloads.RECENT_TEXT + " ago");
            return;
        }
        if (atWork.locked()) {
            running.skipped(held, "another build is fetching " + A_MODEL_THERE);
            return;
        }
        actions.add(new Action.Delete(
                place,
                bytes,
                reason,
                () -> running.unlessFetched(held, () -> {
                    if (guards.guard(held) || atWork.locked()) {
                        running.skipped(held, "another build is fetching " + A_MODEL_THERE);
                        return 0;
                    }
                    long freed = removal.deleteWhole(held.root(), place, Layout::isLock);
                    removal.dropEmpty(held.root(), place);
                    return freed;
                })));
    }

    /** Sees whether a download is at work in a place, whatever library or project it brings something for. */
    private final class AtWork {

        /** Nobody writes to what an earlier deletion has left. */
        private final boolean leaving;

        private final boolean unfinished;
        private final List<Path> locks = new ArrayList<>();
        private boolean writing;

        AtWork(Path place) {
            this.leaving = PartialFiles.left(place).isPresent();
            this.unfinished = PartialFiles.isPartial(place) || PartialFiles.isPartialFolder(place);
        }

        void look(CacheEntry entry) {
            Path path = entry.path();
            if (entry.kind() == CacheEntry.Kind.FILE && path.toString().endsWith(".lock") && Layout.isLock(path)) {
                locks.add(path);
            }
            writing |= !leaving && running.isRecent(entry) && (unfinished || isUnfinished(path));
        }

        private boolean isUnfinished(Path path) {
            Path folder = path.getParent();
            return PartialFiles.isPartial(path)
                    || PartialFiles.isPartialFolder(path)
                    || (folder != null && PartialFiles.isPartialFolder(folder));
        }

        boolean locked() throws IOException {
            for (Path lock : locks) {
                if (ActiveDownloads.isHeld(lock)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What nobody is fetching now. */
    private Set<CachedModel> withoutFetched(ForeignLockGuard guards, Set<CachedModel> chosen) throws IOException {
        Set<CachedModel> going = new HashSet<>();
        for (CachedModel held : chosen) {
            boolean guarded = guards.guard(held);
            if (running.isFetched(held) || guarded) {
                running.skipped(held, "another build is fetching " + (guarded ? A_MODEL_THERE : "it"));
            } else {
                going.add(held);
            }
        }
        return going;
    }
}
