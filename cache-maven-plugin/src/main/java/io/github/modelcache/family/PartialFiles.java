package io.github.modelcache.family;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.HardLinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The names of files that are not complete yet: {@code .<name>.<8 hex>.partial} beside the target, and what is known of
 * its source in {@code ….partial.etag}. The hex digits name what is being fetched, so a changed source starts anew.
 * Those of other programs are known by their names too, so that they are cleaned like ours and never taken for models.
 */
public final class PartialFiles {

    /** A partial file without a write for this long is abandoned. */
    public static final Duration ABANDONED = Duration.ofDays(1);

    private static final Pattern NAME = Pattern.compile("\\..+\\.[0-9a-f]{8}\\.partial(\\.etag)?", Pattern.DOTALL);
    /** Only names of this plugin: a folder of another program is never a leftover. */
    private static final Pattern FOLDER = Pattern.compile("\\..+\\.[0-9a-f]{8}\\.partial", Pattern.DOTALL);

    /** The hub's: {@code <etag>.incomplete} up to 1.17, {@code <etag>.<8 hex>.incomplete} since, which is also ours. */
    private static final Pattern HUB = Pattern.compile("[^/]+\\.incomplete(\\.etag)?");

    /** PyTorch's own, beside its checkpoints. */
    private static final Pattern TORCH = Pattern.compile(".+\\.[0-9a-f]{32}\\.partial", Pattern.DOTALL);

    /** Of the hub's Rust client, beside the blobs: {@code <etag>.part} and {@code <etag>.sync.part}. */
    private static final String RUST = ".part";

    /**
     * Of programs that people and scripts fetch models with: aria2's control file, browsers, rclone, Git LFS, llama.cpp,
     * and Ollama.
     */
    private static final Pattern OTHERS = Pattern.compile(
            ".+\\.(part|[0-9a-f]{8}\\.partial|aria2|aria2__temp|crdownload|opdownload|downloadInProgress)"
                    + "|sha256-[0-9a-f]{64}-partial(-[0-9]+)?",
            Pattern.DOTALL);

    private static final Pattern DIGITS = Pattern.compile("\\.[0-9a-f]{8}(\\.(?:partial|incomplete))$");

    private static final String UNFINISHED = ".incomplete";
    private static final String LEAVING = "leaving";
    private static final int DIGITS_AND_ENDING = ".01234567.partial".length();

    /** With the digits and endings, a name stays below the limit of 255 bytes. */
    private static final int LONGEST_STEM = 60;

    private PartialFiles() {}

    /**
     * The partial file of a target.
     *
     * @param source what is fetched: its URL
     */
    public static Path beside(Path target, String source, Optional<Digest> digest) {
        String name = target.getFileName().toString();
        String stem = name.length() > LONGEST_STEM ? name.substring(0, wholeCharacters(name)) : name;
        String key = name + "\n" + source + "\n" + digest.map(Digest::toString).orElse("");
        return target.resolveSibling("." + stem + "." + eightHex(key) + ".partial");
    }

    /** A name must not end in half a surrogate pair. */
    private static int wholeCharacters(String name) {
        return Character.isHighSurrogate(name.charAt(LONGEST_STEM - 1)) ? LONGEST_STEM - 1 : LONGEST_STEM;
    }

    /** A partial file with a random name, for writers without a process lock. */
    public static Path unshared(Path partial) {
        String digits = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        String name = partial.getFileName().toString();
        return partial.resolveSibling(DIGITS.matcher(name).replaceFirst("." + digits + "$1"));
    }

    /**
     * Where to write a partial file of this usual name. Another name is used if a link, a folder, a pipe or a file with
     * several hard links has the usual one.
     */
    public static Path writable(Path usual) throws IOException {
        boolean free = !Files.exists(usual, LinkOption.NOFOLLOW_LINKS)
                || (Files.isRegularFile(usual, LinkOption.NOFOLLOW_LINKS) && HardLinks.names(usual) == 1);
        return free ? usual : unshared(usual);
    }

    /** Whether a file of this name is one that a download left behind. */
    public static boolean isPartial(Path file) {
        // Asked for each of perhaps a million files, and the name alone costs more than the whole path.
        String text = file.toString();
        if (endsLikePartial(text) && matches(String.valueOf(file.getFileName()))) {
            return true;
        }
        return endsLikeOthers(text)
                && OTHERS.matcher(String.valueOf(file.getFileName())).matches()
                && !isInSnapshot(file); // whose names the model's maker chose
    }

    /** Whether a file lies in a snapshot of a hub cache. */
    private static boolean isInSnapshot(Path file) {
        for (int i = file.getNameCount() - 2; i > 0; i--) {
            if (file.getName(i).toString().equals("snapshots")
                    && file.getName(i - 1).toString().contains("--")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a file of a model is called like one that a download left behind. */
    public static boolean isCalledPartial(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return isPartial(name) || (endsLikeOthers(name) && OTHERS.matcher(name).matches());
    }

    private static boolean isPartial(String name) {
        return endsLikePartial(name) && matches(name);
    }

    private static boolean endsLikePartial(String name) {
        return name.endsWith("partial") || name.endsWith("etag") || name.endsWith("incomplete") || name.endsWith("tmp");
    }

    private static boolean endsLikeOthers(String name) {
        return name.endsWith(RUST)
                || name.endsWith("partial")
                || name.endsWith("download")
                || name.endsWith("Progress")
                || name.contains(".aria2")
                || name.contains("-partial-");
    }

    private static boolean matches(String name) {
        return NAME.matcher(name).matches()
                || HUB.matcher(name).matches()
                || TORCH.matcher(name).matches()
                || AtomicFiles.targetOf(name).isPresent();
    }

    /** Whether a file of this name is one that a download of a hub model is writing, or left behind. */
    public static boolean isUnfinished(Path file) {
        // Asked for each of perhaps a million files; the folders above may have such names too.
        String text = file.toString();
        return (text.contains(UNFINISHED) || text.endsWith(RUST)) && isUnfinished(String.valueOf(file.getFileName()));
    }

    /** The same, of a name. */
    public static boolean isUnfinished(String name) {
        return name.endsWith(RUST) || (name.contains(UNFINISHED) && isPartial(name));
    }

    /** Whether a folder of this name holds a model that is not complete yet. */
    public static boolean isPartialFolder(Path folder) {
        return FOLDER.matcher(String.valueOf(folder.getFileName())).matches();
    }

    /**
     * The name of a folder while it is deleted, so that an interrupted deletion leaves no folder that looks complete. It
     * has the form of a partial folder.
     */
    public static Path leaving(Path folder) {
        return beside(folder, LEAVING, Optional.empty());
    }

    /** The name that a folder had before its deletion began; empty for any other folder. */
    public static Optional<String> left(Path folder) {
        String name = String.valueOf(folder.getFileName());
        if (!FOLDER.matcher(name).matches()) {
            return Optional.empty();
        }
        // A shortened name is lost; the folder then counts as an abandoned download.
        String stem = name.substring(1, name.length() - DIGITS_AND_ENDING);
        Path leaving = leaving(folder.resolveSibling(stem));
        return leaving.equals(folder) ? Optional.of(stem) : Optional.empty();
    }

    /** Eight hexadecimal digits that stand for a text. */
    public static String eightHex(String text) {
        MessageDigest digest = DigestAlgorithm.SHA256.start(0);
        byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 4);
    }
}
