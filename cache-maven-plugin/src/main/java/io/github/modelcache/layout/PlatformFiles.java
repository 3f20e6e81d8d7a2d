package io.github.modelcache.layout;

import java.util.Locale;
import java.util.Set;

/** What systems and tools leave in every folder: nothing of it is a model, and nothing is wrong with it. */
public final class PlatformFiles {

    /** {@code version.txt} is what transformers 4.22 and later ones of 4 wrote beside the models. */
    private static final Set<String> NAMES =
            Set.of(".ds_store", "thumbs.db", "desktop.ini", "cachedir.tag", "version.txt");

    private PlatformFiles() {}

    /** Whether a file of this name is such a thing; letter case aside, as the systems that write them see it. */
    public static boolean is(String fileName) {
        return fileName.startsWith("._") || NAMES.contains(fileName.toLowerCase(Locale.ROOT));
    }
}
