package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What transformers up to 4.21 kept: one flat folder with a file for each address, named by the SHA-256 of the address and
 * that of its etag, and beside it {@code .json} with both and {@code .lock}. Later versions, the hub's clients and this
 * plugin read nothing of it, and as it knows no commits, it can't be turned into a hub cache.
 *
 * @param folder where it lies, perhaps among other things
 * @param files its contents with what belongs to them
 * @param bytes their size
 * @param models whose files they are, as far as the addresses tell
 * @param alone whether nothing else lies in the folder
 * @see <a href="https://github.com/huggingface/transformers/blob/v4.21.0/src/transformers/utils/hub.py">transformers
 *     4.21, {@code url_to_filename}</a>
 */
public record FlatTransformersCache(
        Path folder, List<Path> files, long bytes, NavigableSet<ModelReference> models, boolean alone) {

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}(\\.[0-9a-f]{64})?(\\.h5)?(\\.json|\\.lock)?");
    private static final Pattern ADDRESS = Pattern.compile("\"url\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern MODEL = Pattern.compile("/((?:[^/]+/)?[^/]+)/resolve/[^/]+/.+");
    private static final String NOTE = ".json";
    private static final int LONGEST_NOTE = 64 * 1024;

    /** Copies the list. */
    public FlatTransformersCache {
        files = List.copyOf(files);
    }

    /**
     * Looks for one in a folder.
     *
     * @throws IOException when the folder can't be read
     */
    public static Optional<FlatTransformersCache> find(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        List<Path> files = new ArrayList<>();
        NavigableSet<ModelReference> models = new TreeSet<>();
        boolean told = false;
        boolean alone = true;
        long bytes = 0;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                String name = String.valueOf(child.getFileName());
                boolean flat = NAME.matcher(name).matches() && Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS);
                if (flat) {
                    files.add(child);
                    bytes += Files.size(child);
                    Optional<String> address = name.endsWith(NOTE) ? address(child) : Optional.empty();
                    told |= address.isPresent();
                    address.flatMap(FlatTransformersCache::model).ifPresent(models::add);
                }
                alone &= flat || PlatformFiles.is(name);
            }
        }
        return told ? Optional.of(new FlatTransformersCache(folder, files, bytes, models, alone)) : Optional.empty();
    }

    private static Optional<String> address(Path note) {
        try {
            Matcher matcher =
                    ADDRESS.matcher(new String(RegularFile.bytes(note, LONGEST_NOTE), StandardCharsets.ISO_8859_1));
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // unreadable
        }
    }

    private static Optional<ModelReference> model(String address) {
        try {
            Matcher matcher = MODEL.matcher(String.valueOf(URI.create(address).getPath()));
            return matcher.matches() ? Optional.of(ModelReference.parse("hf:" + matcher.group(1))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** How to get rid of it. */
    public String command() {
        return alone
                ? "rm -r '" + folder + "'"
                : "delete the " + files.size() + " files in " + folder
                        + " whose names begin with 64 hexadecimal digits";
    }
}
