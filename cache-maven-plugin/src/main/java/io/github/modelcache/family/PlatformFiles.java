package io.github.modelcache.family;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Files and folders that operating systems, NAS devices, sync tools and desktops create everywhere; they are never models. */
public final class PlatformFiles {

    /** {@code version.txt} is what transformers 4.22 and later ones of 4 wrote beside the models. */
    private static final Set<String> NOTES = Set.of(
            ".ds_store",
            ".directory",
            ".localized",
            "cachedir.tag",
            "desktop.ini",
            "ehthumbs.db",
            "icon\r",
            "thumbs.db",
            "version.txt");

    private static final Set<String> FOLDERS = Set.of(
            "#recycle",
            "#snapshot",
            "$recycle.bin",
            ".appledb",
            ".appledesktop",
            ".appledouble",
            ".documentrevisions-v100",
            ".dropbox.cache",
            ".fseventsd",
            ".snapshot",
            ".snapshots",
            ".spotlight-v100",
            ".stfolder",
            ".stversions",
            ".sync",
            ".synologyworkingdirectory",
            ".temporaryitems",
            ".trash",
            ".trashes",
            ".zfs",
            "@eadir",
            "@recently-snapshot",
            "@recycle",
            "@tmp",
            "lost+found",
            "system volume information");

    private static final Pattern TRASH_OF_A_USER = Pattern.compile("\\.trash-\\d+");

    /** Copies that sync tools make of a file that changed in two places, deleted files that are open, notes of editors. */
    private static final Pattern FILES = Pattern.compile(
            ".*\\.sync-conflict-\\d{8}.*"
                    + "|.*[( _-]conflict(?:ed)? copy[ )_-].*"
                    + "|.*[( _-]conflicted copy"
                    + "|.*\\(case conflict.*"
                    + "|\\.nfs[0-9a-f]{8,}"
                    + "|\\.fuse_hidden[0-9a-f]+"
                    + "|\\.smbdelete.*"
                    + "|.*@syno(?:eastream|resource)"
                    + "|\\.syncthing\\..*\\.tmp|~syncthing~.*\\.tmp"
                    + "|\\.~lock\\..*#|~\\$.*"
                    + "|\\.dropbox(?:\\.attr)?|\\.stignore|\\.apdisk|\\.owncloudsync\\.log|\\.nextcloudsync\\.log"
                    + "|\\.sync_[0-9a-f]+\\.db.*|\\._sync_[0-9a-f]+\\.db.*",
            Pattern.DOTALL);

    private PlatformFiles() {}

    /**
     * Whether a file of this name is written by an operating system and can be deleted. Letter case does not matter.
     */
    public static boolean is(String fileName) {
        return fileName.startsWith("._") || NOTES.contains(lower(fileName));
    }

    /** Whether a folder of this name belongs to an operating system or a tool; its content is never part of a model. */
    public static boolean isFolder(String name) {
        String lower = lower(name);
        return FOLDERS.contains(lower) || TRASH_OF_A_USER.matcher(lower).matches();
    }

    /**
     * Whether a file or folder of this name is not part of a model. It may be worth keeping all the same, such as the
     * second version of a file that a sync tool could not merge.
     */
    public static boolean isForeign(String name) {
        return is(name) || isFolder(name) || FILES.matcher(lower(name)).matches();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
