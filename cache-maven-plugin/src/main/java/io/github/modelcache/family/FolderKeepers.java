package io.github.modelcache.family;

import java.nio.file.Path;
import java.util.Set;

/** Files that keep an empty folder in git, such as {@code .gitkeep}; they are kept when a cache is emptied. */
public final class FolderKeepers {

    private static final Set<String> NAMES =
            Set.of(".gitkeep", ".keep", ".gitignore", ".gitattributes", CacheDirTag.NAME);

    private FolderKeepers() {}

    /** Whether a path's name is one of them. */
    public static boolean is(Path file) {
        return is(String.valueOf(file.getFileName()));
    }

    /** Whether a file name is one of them. */
    public static boolean is(String fileName) {
        return NAMES.contains(fileName);
    }
}
