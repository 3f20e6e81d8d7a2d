package io.github.modelcache.verify.checks;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Checks the blobs of hub repositories against the digest that is their name. A blob may be a link into the store that
 * repositories share; files there are checked under the names of the blobs that link to them.
 */
final class HubBlobs {

    private static final String REFETCH =
            "delete the file and the links to it; the library that needs it downloads it again";

    private final Path projectRoot;
    private final HubPlaces places;
    private final ContentCheck contents;
    private final CheckedFiles checked;
    private final Consumer<Finding> findings;
    private final Map<Object, Blob> blobs = new LinkedHashMap<>();
    private final SortedMap<Path, SortedSet<Path>> withoutDigest = new TreeMap<>();
    private final SortedMap<Path, CacheEntry> store = new TreeMap<>();

    /** One content, and its blobs. */
    private record Blob(CacheEntry content, SortedSet<Path> paths) {}

    HubBlobs(
            Path projectRoot,
            HubPlaces places,
            ContentCheck contents,
            CheckedFiles checked,
            Consumer<Finding> findings) {
        this.projectRoot = projectRoot;
        this.places = places;
        this.contents = contents;
        this.checked = checked;
        this.findings = findings;
    }

    /** Adds an entry of a repository's folder of blobs. */
    void blob(CacheEntry entry) {
        try {
            CacheEntry content = entry.kind() == CacheEntry.Kind.LINK ? CacheEntry.resolved(entry.path()) : entry;
            if (content.kind() == CacheEntry.Kind.FILE) {
                blobs.computeIfAbsent(content.identity(), unused -> new Blob(content, new TreeSet<>()))
                        .paths()
                        .add(entry.path());
            }
        } catch (NoSuchFileException e) {
            return; // a broken link, which the walk reports
        } catch (IOException e) {
            findings.accept(ContentCheck.unreadable(projectRoot, entry.path(), e));
        }
    }

    /** Adds an entry of the shared store. */
    void shared(CacheEntry entry) {
        store.put(entry.path(), entry);
    }

    /** Checks the blobs that were not compared with the lock file. */
    void finish() {
        blobs.values().stream()
                .filter(blob -> !checked.isLocked(blob.content()))
                .forEach(this::check);
        contents.finish();
        withoutDigest.forEach(this::withoutDigest);
        unused();
    }

    private void check(Blob blob) {
        SortedMap<String, List<Path>> byName = new TreeMap<>();
        blob.paths()
                .forEach(path -> byName.computeIfAbsent(name(path), unused -> new ArrayList<>())
                        .add(path));
        boolean counted = false;
        for (Map.Entry<String, List<Path>> named : byName.entrySet()) {
            Path repository = places.repositoryOf(named.getValue().get(0));
            Optional<DigestAlgorithm> algorithm = HubPlaces.algorithm(named.getKey());
            if (algorithm.isEmpty()) {
                withoutDigest
                        .computeIfAbsent(repository, unused -> new TreeSet<>())
                        .addAll(named.getValue());
                continue;
            }
            boolean small = algorithm.get() == DigestAlgorithm.GIT_SHA1;
            contents.compare(new ContentCheck.ExpectedDigest(
                    blob.content(),
                    named.getValue(),
                    HubPlaces.reference(repository),
                    algorithm.get(),
                    named.getKey(),
                    small ? Optional.of(DigestAlgorithm.SHA1) : Optional.empty(),
                    "its name",
                    REFETCH));
            if (!counted) {
                checked.count(blob.content().size());
                counted = true;
            }
        }
    }

    private static String name(Path blob) {
        return blob.getFileName().toString();
    }

    /** One finding for a repository: a mirror names all its blobs in the same way. */
    private void withoutDigest(Path repository, SortedSet<Path> paths) {
        findings.accept(Finding.of(
                        FindingId.UNVERIFIABLE,
                        Plan.name(projectRoot, repository) + " has " + paths.size()
                                + (paths.size() == 1
                                        ? " blob that can't be checked: its name is"
                                        : " blobs that can't be checked: their names are")
                                + " not a digest, as with some mirrors",
                        "declare the model, so that its files are compared with the lock file")
                .at(paths.first())
                .about(HubPlaces.reference(repository)));
    }

    /** One finding for all files of the store that no repository links to. */
    private void unused() {
        List<CacheEntry> unused = store.values().stream()
                .filter(entry -> !blobs.containsKey(entry.identity()))
                .toList();
        if (!unused.isEmpty()) {
            long bytes = unused.stream().mapToLong(CacheEntry::size).sum();
            findings.accept(Finding.of(
                            FindingId.UNVERIFIABLE,
                            Words.count(unused.size(), "blob") + " (" + ByteSize.format(bytes)
                                    + ") of the shared store can't be checked: no repository uses "
                                    + (unused.size() == 1 ? "it" : "them"),
                            "run hf cache prune to delete unused blobs")
                    .at(HubPlaces.blobs(places.root())));
        }
    }
}
