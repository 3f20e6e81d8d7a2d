package io.github.modelcache.family.url;

import io.github.modelcache.archive.Archive;
import io.github.modelcache.archive.ArchiveException;
import io.github.modelcache.archive.ZipArchive;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A fetched archive, whose files lie below one folder. What all have in common, as a folder at the top, is left out. */
final class UrlArchive implements ModelContent {

    private final ModelReference reference;
    private final Archive archive;
    private final Map<String, ZipArchive.Entry> files = new TreeMap<>();

    private UrlArchive(ModelReference reference, Archive archive) {
        this.reference = reference;
        this.archive = archive;
    }

    /**
     * Opens an archive.
     *
     * @param folder what the paths of its files begin with
     * @throws ModelException when it is refused
     */
    static UrlArchive open(ModelReference reference, Path file, String folder) throws ModelException {
        try {
            UrlArchive opened = new UrlArchive(
                    reference, Archive.open(file, file.resolveSibling(".").normalize()));
            String top = top(opened.archive.entries());
            for (ZipArchive.Entry entry : opened.archive.entries()) {
                String name = plain(entry.name()).substring(top.length());
                Optional<String> problem = SafeRelativePath.problem(name);
                if (problem.isPresent()) {
                    opened.archive.close();
                    throw new ArchiveException(file, entry.name(), problem.get());
                }
                opened.files.put(folder + "/" + name, entry);
            }
            return opened;
        } catch (IOException e) {
            throw new ModelException(
                    reference + " can't be unpacked: " + e.getMessage()
                            + ". If it should stay packed, declare it with \"unpack\": false",
                    e);
        }
    }

    private static String plain(String name) {
        return name.replace('\\', '/').replaceAll("(^|/)(\\./)+", "$1").replaceAll("/+", "/");
    }

    /** The one folder that holds all entries, with its slash; empty if there are several, or files beside it. */
    private static String top(List<ZipArchive.Entry> entries) {
        String first = entries.isEmpty() ? "" : plain(entries.get(0).name());
        String top = first.substring(0, first.indexOf('/') + 1);
        return entries.stream().allMatch(entry -> plain(entry.name()).startsWith(top)) ? top : "";
    }

    /** Its files, with the digests of their contents: each is read before the first is unpacked. */
    List<ModelFile> list(FilePatterns patterns, String folder, String url) throws ModelException {
        List<ModelFile> list = new ArrayList<>();
        try {
            for (Map.Entry<String, ZipArchive.Entry> file : files.entrySet()) {
                if (patterns.wants(file.getKey().substring(folder.length() + 1))) {
                    Digest digest = archive.digest(file.getValue());
                    list.add(new ModelFile(file.getKey(), file.getValue().size(), Optional.of(digest), url));
                }
            }
        } catch (IOException e) {
            throw new ModelException(reference + " can't be unpacked: " + e.getMessage(), e);
        }
        if (list.isEmpty()) {
            throw new ModelException(reference + " has no file in its archive that the include and exclude patterns"
                    + " leave; check them");
        }
        return list;
    }

    @Override
    public Received fetch(ModelFile file, Path partial) throws ModelException {
        ZipArchive.Entry entry = files.get(file.path());
        if (entry == null) {
            throw new ModelException(reference + " has no file " + file.path()
                    + " in its archive, which the lock names; run mvn cache:lock -Dcache.update=" + reference);
        }
        try {
            return new Received(entry.size(), archive.extract(entry, partial));
        } catch (IOException e) {
            throw new ModelException(
                    reference + " can't be unpacked: "
                            + (DiskSpace.isFull(e, partial)
                                    ? "the disk of " + partial.getParent() + " is full; " + file.path() + " needs "
                                            + ByteSize.format(entry.size())
                                    : e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
