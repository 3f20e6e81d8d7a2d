package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.huggingface.HubPart;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Checks the hub cache, declared or not: blobs against their names, real files of snapshots against the lists of their
 * commits, these lists, and refs. Files that were compared with the lock file are skipped.
 */
public final class HubCheck implements WalkCheck {

    private final HubPlaces places;
    private final List<Finding> found = new ArrayList<>();
    private final HubBlobs blobs;
    private final HubSnapshots snapshots;
    private final HubRefs refs;

    public HubCheck(CacheConfig config, Lock lock, ContentDigests digests, CheckedFiles checked) {
        Layouts layouts = new Layouts(config);
        places = new HubPlaces(layouts.hub().root());
        List<Path> pointers = new ArrayList<>();
        for (ModelDeclaration declaration : lock.withDependencies(config.models())) {
            Optional<ResolvedModel> model = lock.find(declaration);
            Optional<Layout> own = layouts.find(declaration.reference());
            if (model.isPresent() && own.equals(Optional.of(layouts.hub()))) {
                Path folder = layouts.hub().folder(model.get());
                HubPlaces.ref(folder, HubPlaces.revision(model.get().request())).ifPresent(pointers::add);
            }
        }
        ContentCheck contents = new ContentCheck(config.projectRoot(), digests, found::add);
        blobs = new HubBlobs(config.projectRoot(), places, contents, checked, found::add);
        snapshots = new HubSnapshots(config.projectRoot(), places, contents, digests, checked, found::add);
        refs = new HubRefs(config.projectRoot(), pointers, found::add);
    }

    @Override
    public Consumer<CacheEntry> in(Path folder) {
        if (!places.hold(folder)) {
            return NOTHING;
        }
        HubPlaces.Place place = places.of(folder);
        return place.kind() == HubPlaces.Kind.OTHER ? NOTHING : entry -> add(place, entry);
    }

    private void add(HubPlaces.Place place, CacheEntry entry) {
        switch (HubPart.of(place.kind(), entry)) {
            case BLOB -> blobs.blob(entry);
            case SHARED_BLOB -> blobs.shared(entry);
            case SNAPSHOT_FILE -> snapshotFile(entry);
            case FILE_LIST -> snapshots.tree(entry);
            case REF -> refs.ref(place.repository(), entry);
            case PARTIAL, DISPOSABLE, UNKNOWN -> {
                // Other checks report them.
            }
        }
    }

    private void snapshotFile(CacheEntry entry) {
        boolean real = entry.kind() == CacheEntry.Kind.FILE; // the walk checks links
        if (real && !PlatformFiles.isForeign(entry.path().getFileName().toString())) {
            snapshots.file(places.snapshotOf(entry.path()), entry);
        }
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        blobs.finish();
        snapshots.finish();
        found.forEach(findings);
    }
}
