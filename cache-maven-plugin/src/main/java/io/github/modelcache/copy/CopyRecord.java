package io.github.modelcache.copy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.inventory.ModelProperties;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was copied into a folder, so that the next run knows its own files, and need not read those that did not change. */
final class CopyRecord {

    private static final int LARGEST = 64 << 20;

    private final Path file;
    private final Properties entries;

    private CopyRecord(Path file, Properties entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Reads a record; one that can't be read remembers nothing. */
    static CopyRecord read(Path file) throws IOException {
        Properties entries = new Properties();
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try {
                entries.load(new StringReader(RegularFile.text(file, LARGEST)));
            } catch (IllegalArgumentException e) {
                entries.clear();
            }
        }
        return new CopyRecord(file, entries);
    }

    /** The names of the files that were copied. */
    SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(entries.stringPropertyNames());
        names.removeIf(name -> SafeRelativePath.problem(name).isPresent());
        return names;
    }

    /** Whether a file is what was copied there, unchanged: by its stamp, or else by its content. */
    boolean isOwn(String name, Path target) throws IOException {
        Optional<Digest> digest = digest(name);
        return digest.isPresent()
                && (stamped(name, target, digest.get())
                        || Hashing.digest(target, digest.get().algorithm()).equals(digest.get()));
    }

    /** Whether a file has a content. */
    boolean holds(String name, Path target, Digest expected) throws IOException {
        return stamped(name, target, expected)
                || Hashing.digest(target, expected.algorithm()).equals(expected);
    }

    private boolean stamped(String name, Path target, Digest digest) throws IOException {
        return entry(target, digest).equals(entries.getProperty(name));
    }

    private Optional<Digest> digest(String name) {
        try {
            return Optional.of(Digest.parse(entries.getProperty(name, "").split(" ", -1)[0]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void add(String name, Path target, Digest digest) throws IOException {
        entries.setProperty(name, entry(target, digest));
    }

    void remove(String name) {
        entries.remove(name);
    }

    void write() throws IOException {
        SortedMap<String, String> sorted = new TreeMap<>();
        entries.stringPropertyNames().forEach(name -> sorted.put(name, entries.getProperty(name)));
        AtomicFiles.write(
                file, ModelProperties.text("What cache:copy has copied", sorted).getBytes(StandardCharsets.UTF_8));
    }

    private static String entry(Path target, Digest digest) throws IOException {
        FileStamp stamp = FileStamp.of(target);
        return digest + " " + stamp.size() + " " + stamp.modifiedNanos() + " " + stamp.inode();
    }
}
