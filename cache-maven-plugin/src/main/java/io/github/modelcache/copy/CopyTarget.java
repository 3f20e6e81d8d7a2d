package io.github.modelcache.copy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder that models are copied to.
 *
 * @param folder absolute and normalized
 * @param classes the folder of classes that it lies in, which is the root of a jar; empty for any other folder
 * @param id what GraalVM keeps the list of resources under, such as {@code com.example/app}
 * @param record the file that remembers what was copied
 * @param links whether a hard link may take the place of a copy
 */
public record CopyTarget(Path folder, Optional<Path> classes, String id, Path record, boolean links) {

    /**
     * Refuses a folder whose files are not for this goal to write.
     *
     * @param outside whether it may lie outside of the project
     * @throws IOException when it is refused, or can't be looked at
     */
    void require(CacheConfig config, boolean outside) throws IOException {
        Path real = Volume.real(folder);
        Path project = Volume.real(config.projectRoot());
        List<Path> caches = new ArrayList<>(List.of(config.baseDir()));
        config.roots().stream().map(CacheRoot::path).forEach(caches::add);
        for (Path cache : caches) {
            if (real.startsWith(Volume.real(cache)) || folder.startsWith(cache)) {
                throw new IOException("Models can't be copied to " + folder + ", because it is in the cache " + cache
                        + "; choose a folder outside of the caches with cache.copy.to");
            }
            if (Volume.real(cache).startsWith(real)) {
                throw new IOException("Models can't be copied to " + folder + ", because it contains the cache " + cache
                        + "; choose a folder of its own with cache.copy.to, such as target/models");
            }
        }
        if (!outside && !real.startsWith(project)) {
            throw new IOException("Models are not copied to " + folder + ", because it is outside of the project "
                    + config.projectRoot() + (real.equals(folder) ? "" : " (it leads to " + real + ")")
                    + "; if that is right, set cache.copy.outside to true");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
    }

    /** Whether hard links into the cache may take the place of copies, and the disk may allow them. */
    boolean sharesDisk(Path cache) throws IOException {
        return links && Files.getFileStore(Volume.existing(folder)).equals(Files.getFileStore(Volume.existing(cache)));
    }

    /** Refuses a file below the folder that lies behind a link, which would lead the copy elsewhere. */
    void requireNoLink(Path file) throws IOException {
        for (Path above = file.getParent(); above != null && !above.equals(folder); above = above.getParent()) {
            if (Files.isSymbolicLink(above)) {
                throw new IOException(
                        above + " is a link, so nothing is copied through it; delete it and run the goal" + " again");
            }
        }
    }

    /** A file's name below the folder, as the record has it. */
    String name(Path file) {
        return slashed(folder.relativize(file));
    }

    static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }
}
