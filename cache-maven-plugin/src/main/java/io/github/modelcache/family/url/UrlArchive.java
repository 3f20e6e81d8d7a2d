package io.github.modelcache.family.url;

import io.github.modelcache.archive.Archive;
import io.github.modelcache.archive.ArchiveException;
import io.github.modelcache.archive.ZipArchive;
import io.github.modelcache.family.ArchivedFiles;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A fetched archive, whose files are unpacked below one folder. A top folder that all its entries share is left out. */
final class UrlArchive {

    private UrlArchive() {}

    /**
     * Opens an archive.
     *
     * @param folder the first segment of the paths of its files
     * @throws ModelException when it is damaged or unsafe
     */
    static ArchivedFiles open(ModelReference reference, Path file, String folder) throws ModelException {
        try {
            Archive archive = Archive.open(file, file.resolveSibling(".").normalize());
            try {
                return new ArchivedFiles(reference, archive, files(file, archive, folder));
            } catch (IOException e) {
                archive.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ModelException(
                    reference + " can't be unpacked: " + e.getMessage()
                            + ". To keep it packed, declare it with \"unpack\": false",
                    e);
        }
    }

    private static Map<String, ZipArchive.Entry> files(Path file, Archive archive, String folder) throws IOException {
        Map<String, ZipArchive.Entry> files = new TreeMap<>();
        String top = top(archive.entries());
        for (ZipArchive.Entry entry : archive.entries()) {
            String name = plain(entry.name()).substring(top.length());
            Optional<String> problem = SafeRelativePath.problem(name);
            if (problem.isPresent()) {
                throw new ArchiveException(file, entry.name(), problem.get());
            }
            files.put(folder + "/" + name, entry);
        }
        return files;
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
}
