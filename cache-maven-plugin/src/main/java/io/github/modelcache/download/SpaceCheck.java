package io.github.modelcache.download;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Compares the size of the files to fetch with the free disk space. */
final class SpaceCheck {

    private final CacheConfig config;
    private final Layouts layouts;
    private final Messages messages;
    private long measured = -1;

    SpaceCheck(CacheConfig config, Layouts layouts, Messages messages) {
        this.config = config;
        this.layouts = layouts;
        this.messages = messages;
    }

    /** The free space before anything was fetched. */
    private long free() throws IOException {
        if (measured < 0) {
            measured = DiskSpace.usable(config.baseDir());
        }
        return measured;
    }

    /** Whether so much fits, without what else is to be fetched. */
    boolean fits(long bytes) throws IOException {
        return bytes <= free();
    }

    /**
     * Fails if the files to fetch do not fit. Warns if they fit, but not all files of the lock file do.
     *
     * @param missing the files that this run fetches
     * @param fetched the models that this run fetches
     * @param locked all locked models that the project needs
     */
    void require(List<ModelFile> missing, Set<ModelVersion> fetched, Collection<ResolvedModel> locked)
            throws IOException {
        if (fetched.isEmpty()) {
            return;
        }
        long needed = bytes(missing);
        long free = free();
        if (free < needed) {
            throw new IOException("The models to fetch need " + ByteSize.format(needed) + ", but only "
                    + ByteSize.format(free) + " are free on the disk of " + config.baseDir()
                    + ". Free disk space (mvn cache:clean -Dcache.dryRun shows how much it would free), or set"
                    + " cache.base_dir to a folder on a larger disk");
        }
        long later = locked.stream()
                .filter(model -> !fetched.contains(model.version()))
                .mapToLong(this::missingBytes)
                .sum();
        if (free < needed + later) {
            messages.warn(ByteSize.format(free) + " are free on the disk of " + config.baseDir()
                    + ", but the lock file needs " + ByteSize.format(needed + later)
                    + " more; mvn cache:status shows what uses the disk space");
        }
    }

    /** Looks for the files by name; reads none. */
    private long missingBytes(ResolvedModel model) {
        Layout layout = layouts.of(model);
        return bytes(model.files().stream()
                .filter(file -> Files.notExists(layout.file(model, file)))
                .toList());
    }

    /** The size of those files whose size is known. */
    private static long bytes(List<ModelFile> files) {
        return files.stream().mapToLong(file -> Math.max(file.size(), 0)).sum();
    }
}
