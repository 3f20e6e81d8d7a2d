package io.github.modelcache.family;

import io.github.modelcache.archive.Archive;
import io.github.modelcache.archive.ZipArchive;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The files of a model that are the entries of one archive. */
public final class ArchivedFiles implements ModelContent {

    private final ModelReference reference;
    private final Archive archive;
    private final SortedMap<String, ZipArchive.Entry> entries;

    /**
     * Files of an archive.
     *
     * @param archive closed with this object
     * @param entries by the paths of the model's files
     */
    public ArchivedFiles(ModelReference reference, Archive archive, Map<String, ZipArchive.Entry> entries) {
        this.reference = reference;
        this.archive = archive;
        this.entries = new TreeMap<>(entries);
    }

    /**
     * The wanted files, with their digests; each is read before the first one is unpacked, so that no file of a damaged
     * archive is used.
     *
     * @param wanted decides by the path of a file
     * @param url the address of a path
     * @throws IOException when the archive is damaged or can't be read
     */
    public List<ModelFile> list(Predicate<String> wanted, UnaryOperator<String> url) throws IOException {
        List<ModelFile> files = new ArrayList<>();
        for (Map.Entry<String, ZipArchive.Entry> entry : entries.entrySet()) {
            String path = entry.getKey();
            if (wanted.test(path)) {
                Digest digest = archive.digest(entry.getValue());
                files.add(new ModelFile(path, entry.getValue().size(), Optional.of(digest), url.apply(path)));
            }
        }
        return files;
    }

    /** Unpacks a file. The cause of the exception is the problem of the archive or the disk, if there is one. */
    @Override
    public Received fetch(ModelFile file, Path partial) throws ModelException {
        ZipArchive.Entry entry = entries.get(file.path());
        if (entry == null) {
            throw new ModelException(reference + " has no file " + file.path()
                    + " in its archive, which the lock names; run mvn cache:lock -Dcache.update=" + reference);
        }
        try {
            return new Received(entry.size(), archive.extract(entry, partial));
        } catch (IOException e) {
            String reason = DiskSpace.isFull(e, partial)
                    ? "the disk of " + partial.getParent() + " is full; " + file.path() + " needs "
                            + ByteSize.format(entry.size())
                    : e.getMessage();
            throw new ModelException(reference + " can't be unpacked: " + reason, e);
        }
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
