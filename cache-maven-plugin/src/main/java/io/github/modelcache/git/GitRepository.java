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
 * A git work tree as its files tell it. No git is run: see {@link GitIndex}.
 *
 * @param top the work tree's top folder
 * @see <a href="https://git-scm.com/docs/gitrepository-layout">Git repository layout</a>
 */
public record GitRepository(Path top) {

    private static final String LINK = "gitdir:";
    private static final int SHA1_BYTES = 20;
    private static final int SHA256_BYTES = 32;

    /** Git reads this setting from no other place than the repository's own config. */
    private static final Pattern OF_SHA256 =
            Pattern.compile("(?im)^[ \\t]*(?:\\[extensions\\][ \\t]*)?objectformat[ \\t]*=[ \\t]*\"?sha256\\b");

    /** The work tree that a folder lies in: that of the nearest {@code .git}, which is a file in submodules and second work trees. */
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
     * Shows the names of all tracked files, relative to the top, with {@code /} between segments. A folder that a sparse index does
     * not list file by file ends in {@code /}.
     *
     * @throws IOException when the index can't be read; the message says why
     */
    public void tracked(Consumer<String> names) throws IOException {
        Path folder = gitFolder();
        if (!hasHead(folder)) {
            throw new IOException(folder + " is no git repository: it has no HEAD");
        }
        Path index = folder.resolve("index");
        if (Files.exists(index, LinkOption.NOFOLLOW_LINKS)) { // a new repository has none
            GitIndex.read(index, hashBytes(folder), names);
        }
    }

    /**
     * Whether git tracks a file, which need not be in the work tree; {@code false} outside of a repository. A file below a folder
     * that a sparse index does not list is taken for tracked.
     *
     * @throws IOException when the index can't be read; the message says why
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

    /** No folder above the file is a link then, as far as they exist; the file itself may be a link that git tracks. */
    private static Path withoutLinks(Path file) throws IOException {
        Path folder = file.getParent();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder == null ? file : folder.toRealPath().resolve(folder.relativize(file));
    }

    /** Git passes over a folder without one. */
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

    /** A second work tree shares the config of the first. */
    private static Path commonFolder(Path folder) throws IOException {
        try {
            String common = RegularFile.text(folder.resolve("commondir"), RegularFile.SMALL);
            return folder.resolve(common.strip()).normalize();
        } catch (NoSuchFileException e) {
            return folder;
        }
    }
}
