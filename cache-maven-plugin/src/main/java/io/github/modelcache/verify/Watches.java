package io.github.modelcache.verify;

import io.github.modelcache.inventory.CacheEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows the entries of a walk to the checks that watch it. Entries of one folder come one after the other. */
final class Watches {

    private final List<Watch> watches;
    private @Nullable Path folder;
    private List<Consumer<CacheEntry>> interested = List.of();

    Watches(List<Watch> watches) {
        this.watches = List.copyOf(watches);
    }

    void entry(CacheEntry entry) {
        Path parent = entry.path().getParent();
        if (parent != null && !parent.equals(folder)) {
            folder = parent;
            interested = watches.stream()
                    .map(watch -> watch.in(parent))
                    .filter(watcher -> watcher != Watch.NOTHING)
                    .toList();
        }
        for (Consumer<CacheEntry> watcher : interested) {
            watcher.accept(entry);
        }
    }
}
