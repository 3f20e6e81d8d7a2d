package io.github.modelcache.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Additional cache roots: folders in the base folder that variables name. They are counted, budgeted and cleaned like
 * other roots.
 */
final class LibraryFolders {

    private LibraryFolders() {}

    /** The folders that do not overlap another root and contain no Python environment. */
    static List<CacheRoot> of(CacheConfig config, List<CacheRoot> others) {
        List<CacheRoot> all = new ArrayList<>();
        names(config).forEach((path, name) -> {
            boolean apart = Stream.concat(others.stream(), all.stream())
                    .noneMatch(root -> root.name().equals(name) || overlap(root.path(), path));
            boolean holdsPrograms = config.environments().values().stream()
                    .anyMatch(environment -> environment.path().startsWith(path));
            if (apart && !holdsPrograms) {
                all.add(new CacheRoot(name, CacheRoot.Kind.MODEL, path, true));
            }
        });
        return all;
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    private static Map<Path, String> names(CacheConfig config) {
        Map<Path, String> names = new LinkedHashMap<>();
        Path base = config.baseDir();
        add(config.djlHome(), base, names);
        config.transformersCache().ifPresent(path -> add(path, base, names));
        config.xdgCacheHome().ifPresent(path -> add(path, base, names));
        config.environment().values().stream()
                .flatMap(value -> path(value).stream())
                .forEach(path -> add(path, base, names));
        return names;
    }

    private static Optional<Path> path(String value) {
        try {
            return Optional.of(Path.of(value).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static void add(Path path, Path base, Map<Path, String> names) {
        if (path.startsWith(base) && !path.equals(base)) {
            String name = base.relativize(path).toString().replace('\\', '/');
            // The plugin's own folders begin with a dot, except reports.
            if (!name.startsWith(".") && !name.equals("reports")) {
                names.putIfAbsent(path, name);
            }
        }
    }
}
