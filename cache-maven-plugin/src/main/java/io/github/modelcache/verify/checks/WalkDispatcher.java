package io.github.modelcache.verify.checks;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows the entries of a walk to the checks. The entries of a folder must follow each other. */
public final class WalkDispatcher {

    private final List<WalkCheck> watches;
    private @Nullable Path folder;
    private List<Consumer<CacheEntry>> interested = List.of();

    public WalkDispatcher(List<WalkCheck> watches) {
        this.watches = List.copyOf(watches);
    }

    void entry(CacheEntry entry) {
        Path parent = entry.path().getParent();
        if (parent != null && !parent.equals(folder)) {
            folder = parent;
            interested = watches.stream()
                    .map(watch -> watch.in(parent))
                    .filter(watcher -> watcher != WalkCheck.NOTHING)
                    .toList();
        }
        for (Consumer<CacheEntry> watcher : interested) {
            watcher.accept(entry);
        }
    }
}
