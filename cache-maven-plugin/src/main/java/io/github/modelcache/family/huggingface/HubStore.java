package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.FolderListing;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The store {@code hub/blobs} of contents that the repositories of a hub cache share; clients since 1.33 create it.
 * Beside each content is a list of the blobs that may link to it. A content without a readable list is kept, as
 * {@code hf cache prune} does.
 */
public final class HubStore {

    private static final Pattern SHELF = Pattern.compile("[0-9a-f]{2}");
    private static final String MARKER = ".huggingface-shared-blobs";
    private static final String USERS = ".refs";
    private static final int LONGEST_LIST = 16 << 20;

    private final Path root;
    private final Path store;

    /** The store of a hub cache. */
    public HubStore(Path root) {
        this.root = root;
        this.store = HubPlaces.store(root);
    }

    /** Whether it exists: a folder of that name without the marker belongs to another program. */
    public boolean exists() {
        return Files.isDirectory(store, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(store.resolve(MARKER), LinkOption.NOFOLLOW_LINKS);
    }

    /** The contents of the store. */
    public List<Path> contents() throws IOException {
        List<Path> contents = new ArrayList<>();
        if (!exists()) {
            return contents;
        }
        for (Path shelf : FolderListing.of(store)) {
            boolean real = SHELF.matcher(String.valueOf(shelf.getFileName())).matches()
                    && Files.isDirectory(shelf, LinkOption.NOFOLLOW_LINKS);
            if (real) {
                add(shelf, contents);
            }
        }
        return contents;
    }

    private static void add(Path shelf, List<Path> contents) throws IOException {
        for (Path file : FolderListing.of(shelf)) {
            if (HubPlaces.isStored(String.valueOf(file.getFileName()))
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                contents.add(file);
            }
        }
    }

    /** Its folder. */
    public Path folder() {
        return store;
    }

    /** Whether a blob is a link to a content. */
    public static boolean leadsTo(Path blob, Path content) {
        return target(blob).equals(Optional.of(content));
    }

    /** The list of the blobs that use a content. */
    public static Path users(Path content) {
        return content.resolveSibling(content.getFileName() + USERS);
    }

    /**
     * Whether no blob links to a content.
     *
     * @param linked the contents that the blobs of all repositories link to
     * @param deleted blobs that are about to be deleted
     */
    public boolean isFree(Path content, Set<Path> linked, Set<Path> deleted) {
        Optional<List<String>> users = listed(users(content));
        if (users.isEmpty() || linked.contains(content)) {
            return false;
        }
        for (String user : users.get()) {
            Optional<Path> blob = blob(user);
            if (blob.isEmpty()
                    || (!deleted.contains(blob.get()) && target(blob.get()).equals(Optional.of(content)))) {
                return false;
            }
        }
        return true;
    }

    /** The blob that a line of a list names; empty if it is not a path, as in a list of zero bytes after a power failure. */
    private Optional<Path> blob(String line) {
        try {
            Path blob = root.resolve(line).normalize();
            return Optional.of(blob).filter(path -> path.startsWith(root) && !path.equals(root));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * The contents that blobs of the repositories link to.
     *
     * @param except blobs that do not count, because they are about to be deleted
     * @throws IOException when the blobs of a repository can't be listed
     */
    public Set<Path> linked(Set<Path> except) throws IOException {
        Set<Path> linked = new HashSet<>();
        for (Path repository : FolderListing.of(root)) {
            if (!String.valueOf(repository.getFileName()).contains("--") || !Files.isDirectory(repository)) {
                continue;
            }
            for (Path blob : links(HubPlaces.blobs(repository))) {
                if (!except.contains(blob)) {
                    target(blob).ifPresent(linked::add);
                }
            }
        }
        return linked;
    }

    /** A folder that can't be listed is an error, because its links are unknown. */
    private static List<Path> links(Path folder) throws IOException {
        return Files.notExists(folder, LinkOption.NOFOLLOW_LINKS) ? List.of() : FolderListing.of(folder);
    }

    /** The target of a blob, by the text of the link; empty if it is not a link. */
    private static Optional<Path> target(Path blob) {
        try {
            return Optional.of(blob.resolveSibling(Files.readSymbolicLink(blob)).normalize());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> listed(Path list) {
        try {
            if (!Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            return Optional.of(RegularFile.text(list, LONGEST_LIST)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
