package io.github.modelcache.family;

import java.nio.file.Path;
import java.util.Set;

/** Files that people or tools put into a cache folder for the folder's sake: whoever empties a cache leaves them. */
public final class Placeholders {

    private static final Set<String> NAMES =
            Set.of(".gitkeep", ".keep", ".gitignore", ".gitattributes", CacheDirTag.NAME);

    private Placeholders() {}

    /** Whether a path's name is one of them. */
    public static boolean is(Path file) {
        return is(String.valueOf(file.getFileName()));
    }

    /** Whether a file name is one of them. */
    public static boolean is(String fileName) {
        return NAMES.contains(fileName);
    }
}
