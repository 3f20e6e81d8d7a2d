package io.github.modelcache.clean;

import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.Held;
import io.github.modelcache.layout.Holding;
import io.github.modelcache.layout.HubLayout;
import io.github.modelcache.layout.HubStore;
import io.github.modelcache.layout.Layout;
import io.github.modelcache.layout.PartialFiles;
import io.github.modelcache.plan.Action;
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

/** Plans the end of models, whatever layout they lie in. */
final class ModelCleaning {

    private final Removal removal;
    private final Running running;
    private final HubCleaning hub;
    private final Map<Path, Path> hubRoots = new LinkedHashMap<>();

    ModelCleaning(Removal removal, Running running, Instant abandonedBefore) {
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
    void plan(List<Held> all, ModelChoice choice, List<Action> actions) throws IOException {
        Set<Held> going = withoutFetched(all, choice.of(all));
        Map<Path, List<Held>> repositories = new LinkedHashMap<>();
        for (Held held : all) {
            Optional<Path> repository = held.holding().repository();
            if (repository.isPresent()) {
                repositories
                        .computeIfAbsent(repository.get(), folder -> new ArrayList<>())
                        .add(held);
                if (held.layout().orElse(null) instanceof HubLayout layout) {
                    hubRoots.put(layout.root(), held.root());
                }
            } else if (going.contains(held)) {
                plain(held, choice.reason(held), actions);
            }
        }
        for (Map.Entry<Path, List<Held>> repository : repositories.entrySet()) {
            List<Held> gone =
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
                Held held = new Held(
                        Holding.unknown(archive), folder, Optional.empty(), Optional.empty(), Optional.empty(), false);
                if (running.isRecent(CacheEntry.of(archive))) {
                    running.skipped(held, "it was written less than " + Running.RECENT_TEXT + " ago");
                } else {
                    plain(held, "can be fetched again", actions);
                }
            }
        }
    }

    private void plain(Held held, String reason, List<Action> actions) {
        Path place = held.holding().place();
        boolean unfinished = PartialFiles.isPartial(place) || PartialFiles.isPartialFolder(place);
        boolean[] recent = {false};
        long bytes = removal.see(place, entry -> true, entry -> recent[0] |= running.isRecent(entry));
        if (unfinished && recent[0]) {
            running.skipped(held, "a download wrote to it less than " + Running.RECENT_TEXT + " ago");
            return;
        }
        actions.add(new Action.Delete(
                place,
                bytes,
                reason,
                () -> running.unlessFetched(held, () -> {
                    long freed = removal.delete(held.root(), place);
                    removal.dropEmpty(held.root(), place);
                    return freed;
                })));
    }

    /** What nobody is fetching now. A lock of an unknown model guards everything unknown of its layout. */
    private Set<Held> withoutFetched(List<Held> all, Set<Held> chosen) throws IOException {
        Set<Path> attributed = new HashSet<>();
        for (Held held : all) {
            held.processLock().ifPresent(attributed::add);
        }
        Set<Path> busy = new HashSet<>();
        for (Held held : all) {
            Optional<Layout> layout = held.layout();
            if (layout.isPresent()
                    && busy.add(layout.get().root())
                    && !holdsUnknown(layout.get().root().resolve(Layout.LOCKS), attributed)) {
                busy.remove(layout.get().root());
            }
        }
        Set<Held> going = new HashSet<>();
        for (Held held : chosen) {
            boolean known = held.locked().isPresent() || held.declared();
            boolean guarded = !known
                    && busy.stream().anyMatch(root -> held.holding().place().startsWith(root));
            if (running.isFetched(held) || guarded) {
                running.skipped(held, "another build is fetching " + (guarded ? "a model there" : "it"));
            } else {
                going.add(held);
            }
        }
        return going;
    }

    private static boolean holdsUnknown(Path locks, Set<Path> attributed) throws IOException {
        if (!Files.isDirectory(locks, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(locks, "*.lock")) {
            for (Path file : files) {
                if (!attributed.contains(file) && Running.isHeld(file)) {
                    return true;
                }
            }
        }
        return false;
    }
}
