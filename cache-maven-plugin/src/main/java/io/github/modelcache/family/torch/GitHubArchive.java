package io.github.modelcache.family.torch;

import io.github.modelcache.archive.ZipArchive;
import io.github.modelcache.family.ArchivedFiles;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.TorchHubRepository;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A commit as GitHub packs it: everything lies in one folder, and the archive's comment is the commit, which is how
 * {@code git archive} writes it. A link is a file that holds its target, as {@code torch.hub} unpacks it.
 *
 * @see <a href="https://git-scm.com/docs/git-archive">git-archive, "the commit ID is stored in a file comment"</a>
 */
final class GitHubArchive implements Closeable {

    private final ZipArchive archive;
    private final SortedMap<String, ZipArchive.Entry> files;

    private GitHubArchive(ZipArchive archive, SortedMap<String, ZipArchive.Entry> files) {
        this.archive = archive;
        this.files = files;
    }

    /**
     * Opens and checks an archive.
     *
     * @throws IOException when it is broken, unsafe or not made by GitHub; the message says why
     */
    static GitHubArchive open(Path file) throws IOException {
        ZipArchive archive = ZipArchive.openWithLinksAsText(file);
        boolean done = false;
        try {
            GitHubArchive opened = new GitHubArchive(archive, stripped(archive));
            done = true;
            return opened;
        } finally {
            if (!done) {
                archive.close();
            }
        }
    }

    /** The commit, where the archive tells. */
    Optional<String> commit() {
        return Optional.of(archive.comment().strip()).filter(TorchHubRepository::isCommit);
    }

    /** The files by their path within the repository. */
    SortedMap<String, ZipArchive.Entry> files() {
        return files;
    }

    /** The files, to list and unpack them. */
    ArchivedFiles content(ModelReference reference) {
        return new ArchivedFiles(reference, archive, files);
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }

    private static SortedMap<String, ZipArchive.Entry> stripped(ZipArchive archive) throws IOException {
        SortedMap<String, ZipArchive.Entry> files = new TreeMap<>();
        String top = "";
        for (ZipArchive.Entry entry : archive.entries()) {
            int slash = entry.name().indexOf('/');
            String folder = entry.name().substring(0, Math.max(0, slash));
            if (slash < 1 || (!top.isEmpty() && !top.equals(folder))) {
                throw new IOException(
                        "it is not a GitHub archive: '" + entry.name() + "' is not in the single top-level folder");
            }
            top = folder;
            String path = entry.name().substring(slash + 1);
            Optional<String> problem = SafeRelativePath.problem(path);
            if (problem.isPresent()) {
                throw new IOException("the name of its entry '" + entry.name() + "' " + problem.get());
            }
            files.put(path, entry);
        }
        if (files.isEmpty()) {
            throw new IOException("the archive is empty");
        }
        return Collections.unmodifiableSortedMap(files);
    }
}
