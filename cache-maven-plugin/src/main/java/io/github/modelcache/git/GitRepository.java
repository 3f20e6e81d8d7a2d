package io.github.modelcache.git;

import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A git work tree, read without git: see {@link GitIndex}.
 *
 * @see <a href="https://git-scm.com/docs/gitrepository-layout">Git repository layout</a>
 */
public record GitRepository(Path top) {

    private static final String LINK = "gitdir:";
    private static final int SHA1_BYTES = 20;
    private static final int SHA256_BYTES = 32;

    /** Git reads this setting from the repository's own config only. */
    private static final Pattern OF_SHA256 =
            Pattern.compile("(?im)^[ \\t]*(?:\\[extensions\\][ \\t]*)?objectformat[ \\t]*=[ \\t]*\"?sha256\\b");

    /** The work tree of a folder, by the nearest {@code .git}, which is a file in submodules and linked work trees. */
    public static Optional<GitRepository> around(Path folder) {
        for (Path top = folder; top != null; top = top.getParent()) {
            Path git = top.resolve(".git");
            boolean there = Files.isDirectory(git) ? hasHead(git) : Files.exists(git, LinkOption.NOFOLLOW_LINKS);
            if (there) {
                return Optional.of(new GitRepository(top));
            }
        }
        return Optional.empty();
    }

    /**
     * Passes on the names of all tracked files, relative to the top, with {@code /} between segments. A collapsed folder of
     * a sparse index ends in {@code /}.
     *
     * @throws IOException if the index is invalid
     */
    public void tracked(Consumer<String> names) throws IOException {
        Path folder = gitFolder();
        if (!hasHead(folder)) {
            throw new IOException(folder + " is not a git repository: it has no HEAD");
        }
        Path index = folder.resolve("index");
        if (Files.exists(index, LinkOption.NOFOLLOW_LINKS)) { // a new repository has none
            GitIndex.read(index, hashBytes(folder), names);
        }
    }

    /**
     * Whether git tracks a file, which need not exist; {@code false} outside of a repository. Files in a collapsed folder of
     * a sparse index count as tracked.
     *
     * @throws IOException if the index is invalid
     */
    public static boolean tracks(Path file) throws IOException {
        Path real = withoutLinks(file.toAbsolutePath().normalize());
        Optional<GitRepository> repository = around(real.resolveSibling(".").normalize());
        if (repository.isEmpty()) {
            return false;
        }
        String name = repository.get().top().relativize(real).toString().replace('\\', '/');
        AtomicBoolean found = new AtomicBoolean();
        repository.get().tracked(tracked -> {
            if (tracked.equals(name) || (tracked.endsWith("/") && name.startsWith(tracked))) {
                found.set(true);
            }
        });
        return found.get();
    }

    /** Resolves links in the parents; the file itself may be a link that git tracks. */
    private static Path withoutLinks(Path file) throws IOException {
        Path folder = file.getParent();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder == null ? file : folder.toRealPath().resolve(folder.relativize(file));
    }

    /** Git ignores a folder without one. */
    private static boolean hasHead(Path gitFolder) {
        return Files.exists(gitFolder.resolve("HEAD"), LinkOption.NOFOLLOW_LINKS);
    }

    private Path gitFolder() throws IOException {
        Path git = top.resolve(".git");
        if (Files.isDirectory(git)) {
            return git;
        }
        String text = RegularFile.text(git, RegularFile.SMALL).strip();
        if (!text.startsWith(LINK)) {
            throw new IOException(git + " is not a file of git: it does not begin with " + LINK);
        }
        return git.resolveSibling(text.substring(LINK.length()).strip()).normalize();
    }

    private static int hashBytes(Path folder) throws IOException {
        Path config = commonFolder(folder).resolve("config");
        try {
            return OF_SHA256
                            .matcher(RegularFile.text(config, RegularFile.SMALL))
                            .find()
                    ? SHA256_BYTES
                    : SHA1_BYTES;
        } catch (NoSuchFileException e) {
            return SHA1_BYTES;
        }
    }

    /** A linked work tree shares the config of the main one. */
    private static Path commonFolder(Path folder) throws IOException {
        try {
            String common = RegularFile.text(folder.resolve("commondir"), RegularFile.SMALL);
            return folder.resolve(common.strip()).normalize();
        } catch (NoSuchFileException e) {
            return folder;
        }
    }
}
