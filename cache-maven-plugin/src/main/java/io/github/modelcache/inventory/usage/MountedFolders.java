package io.github.modelcache.inventory.usage;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.Mounts;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mounts below cache folders, such as a folder of another disk. Nothing in them is deleted. */
public final class MountedFolders {

    private final Set<Path> points = new LinkedHashSet<>();

    /** The mounts below some folders; a mount on such a folder itself does not count. */
    private MountedFolders(Collection<Path> folders) {
        Mounts mounts = Mounts.now();
        for (Path folder : folders) {
            try {
                Path real = folder.toRealPath();
                for (String point : mounts.below(real).points()) {
                    points.add(
                            folder.resolve(real.relativize(real.getFileSystem().getPath(point))));
                }
            } catch (IOException | InvalidPathException e) {
                // Missing or unreadable: nothing is deleted in it either.
            }
        }
    }

    /** The mounts below one folder. */
    public static MountedFolders in(Path folder) {
        return new MountedFolders(List.of(folder));
    }

    /** The mounts below the folders of a project in which files are deleted. */
    public static MountedFolders of(CacheConfig config) {
        List<Path> folders = new ArrayList<>(List.of(new PluginDirectory(config).downloads()));
        config.roots().forEach(root -> folders.add(root.path()));
        return new MountedFolders(folders);
    }

    /** The mount that a path is, or lies in. */
    public Optional<Path> containing(Path path) {
        return points.isEmpty()
                ? Optional.empty()
                : points.stream().filter(path::startsWith).findFirst();
    }

    /** A mount that a path is, lies in, or has below it. */
    public Optional<Path> touching(Path path) {
        return points.stream()
                .filter(point -> path.startsWith(point) || point.startsWith(path))
                .findFirst();
    }
}
