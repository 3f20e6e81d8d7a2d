package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The hub cache, declared or not: blobs by their names, real files of snapshots by the lists of their commits, the
 * lists themselves, and what names lead to. What the lock speaks for was compared with it already and is passed over by
 * name; in the end it is seen whether the comparison really came to it.
 */
public final class HubCheck implements WalkCheck {

    private final HubPlaces places;
    private final Map<Path, LockedRepository> locked = new HashMap<>();
    private final List<Finding> found = new ArrayList<>();
    private final HubBlobs blobs;
    private final HubSnapshots snapshots;
    private final HubRefs refs;

    public HubCheck(CacheConfig config, Lock lock, ContentDigests digests, FileCounter tally) {
        Layouts layouts = new Layouts(config);
        places = new HubPlaces(layouts.hub().root());
        List<Path> pointers = new ArrayList<>();
        Map<Path, List<ResolvedModel>> models = new HashMap<>();
        for (ModelDeclaration declaration : lock.wanted(config.models())) {
            Optional<ResolvedModel> model = lock.find(declaration);
            Optional<Layout> own = layouts.find(declaration.reference());
            if (model.isPresent() && own.equals(Optional.of(layouts.hub()))) {
                Path folder = layouts.hub().folder(model.get());
                models.computeIfAbsent(folder, unused -> new ArrayList<>()).add(model.get());
                HubPlaces.ref(folder, HubPlaces.revision(model.get().request())).ifPresent(pointers::add);
            }
        }
        models.forEach((folder, versions) -> locked.put(folder, new LockedRepository(folder, versions)));
        ContentCheck contents = new ContentCheck(config.projectRoot(), digests, found::add);
        blobs = new HubBlobs(config.projectRoot(), places, locked, contents, tally, found::add);
        snapshots = new HubSnapshots(config.projectRoot(), places, locked, contents, digests, tally, found::add);
        refs = new HubRefs(config.projectRoot(), pointers, found::add);
    }

    @Override
    public Consumer<CacheEntry> in(Path folder) {
        if (!places.hold(folder)) {
            return NOTHING;
        }
        HubPlaces.Place place = places.of(folder);
        Path repository = place.repository();
        return switch (place.kind()) {
            // Nothing is asked of a name before it is known that the lock does not speak for it: there may be many.
            case BLOBS -> entry -> blobs.blob(repository, entry);
            case STORE -> wanted(blobs::stored);
            // In most caches every entry of a snapshot is a link, of which the walk has seen where it leads.
            case SNAPSHOT ->
                entry -> {
                    if (entry.kind() == CacheEntry.Kind.FILE) {
                        snapshots.file(repository, places.snapshotOf(entry.path()), entry);
                    }
                };
            case TREES -> wanted(entry -> snapshots.tree(repository, entry));
            case REFS -> wanted(entry -> refs.ref(repository, entry));
            case OTHER -> NOTHING;
        };
    }

    private static Consumer<CacheEntry> wanted(Consumer<CacheEntry> watcher) {
        return entry -> {
            if (isWanted(entry)) {
                watcher.accept(entry);
            }
        };
    }

    /** Whether an entry is more than a leftover of a download, or of the platform. */
    static boolean isWanted(CacheEntry entry) {
        String name = entry.path().getFileName().toString();
        return !PlatformFiles.isForeign(name) && !PartialFiles.isPartial(entry.path());
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        blobs.finish();
        snapshots.finish();
        found.forEach(findings);
    }
}
