package io.github.modelcache.verify.checks;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.HubTree;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.PlaceholderDetector;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.WeightFiles;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Checks the files of snapshots that are not links, as on disks without links, against the list of their commit; and these
 * lists.
 */
final class HubSnapshots {

    private static final String REFETCH = "delete the file; the library that needs it downloads it again";
    private static final String LIST = "delete it; the hub's clients write it again";

    private final Path projectRoot;
    private final HubPlaces places;
    private final ContentCheck contents;
    private final ContentDigests digests;
    private final CheckedFiles checked;
    private final Consumer<Finding> findings;
    private final SortedMap<Path, List<CacheEntry>> files = new TreeMap<>();
    private final SortedMap<Path, CacheEntry> trees = new TreeMap<>();
    private final SortedMap<Path, SortedSet<Path>> unlisted = new TreeMap<>();

    HubSnapshots(
            Path projectRoot,
            HubPlaces places,
            ContentCheck contents,
            ContentDigests digests,
            CheckedFiles checked,
            Consumer<Finding> findings) {
        this.projectRoot = projectRoot;
        this.places = places;
        this.contents = contents;
        this.digests = digests;
        this.checked = checked;
        this.findings = findings;
    }

    /** Adds a real file of a snapshot. */
    void file(Path snapshot, CacheEntry file) {
        files.computeIfAbsent(snapshot, unused -> new ArrayList<>()).add(file);
    }

    /** Adds an entry of a repository's folder of lists. */
    void tree(CacheEntry entry) {
        if (entry.path().toString().endsWith(".json")) {
            trees.put(entry.path(), entry);
        }
    }

    /** Checks the files that were not compared with the lock file. Blobs must have been checked before. */
    void finish() throws IOException {
        for (List<CacheEntry> real : files.values()) {
            real.removeIf(checked::isLocked);
            real.forEach(file -> checked.count(file.size()));
        }
        for (CacheEntry tree : trees.values()) {
            compare(tree);
        }
        contents.finish();
        for (Map.Entry<Path, List<CacheEntry>> entry : files.entrySet()) {
            for (CacheEntry file : entry.getValue()) {
                unlisted(places.repositoryOf(entry.getKey()), file);
            }
        }
        unlisted.forEach(this::unlisted);
    }

    private void compare(CacheEntry tree) throws IOException {
        String name = tree.path().getFileName().toString();
        Path repository = places.repositoryOf(tree.path());
        Path snapshot = HubPlaces.snapshot(repository, name.substring(0, name.length() - ".json".length()));
        List<CacheEntry> listed = files.getOrDefault(snapshot, List.of());
        try {
            new FileListCheck(tree, repository, snapshot, listed).compare();
            files.remove(snapshot);
        } catch (NoSuchFileException e) {
            return; // deleted since the walk
        }
    }

    /** A file that no list names; weights must not be a placeholder. */
    private void unlisted(Path repository, CacheEntry file) throws IOException {
        boolean weights = WeightFiles.is(file.path().getFileName().toString());
        Optional<String> placeholder = weights ? PlaceholderDetector.find(file.path()) : Optional.empty();
        if (placeholder.isPresent()) {
            accept(repository, ContentCheck.placeholder(projectRoot, file.path(), placeholder.get(), REFETCH));
        } else {
            unlisted.computeIfAbsent(repository, unused -> new TreeSet<>()).add(file.path());
        }
    }

    private void unlisted(Path repository, SortedSet<Path> paths) {
        String name = Plan.name(projectRoot, repository);
        String which = paths.size() == 1
                ? "a file that can't be checked: it is not a link, and no list of its commit names it"
                : paths.size()
                        + " files that can't be checked: they are not links, and no list of their commit names them";
        accept(
                repository,
                Finding.of(
                                FindingId.UNVERIFIABLE,
                                name + " has " + which,
                                "declare the model, so that its files are compared with the lock file")
                        .at(paths.first()));
    }

    private void accept(Path repository, Finding finding) {
        findings.accept(finding.about(HubPlaces.reference(repository)));
    }

    /** Compares one list with the real files of its commit and the sizes of blobs. */
    private final class FileListCheck implements HubTree.Reader {

        private final CacheEntry tree;
        private final Path repository;
        private final List<CacheEntry> real;
        private final Map<String, Integer> positions = new HashMap<>();
        private final BitSet listedFiles = new BitSet();
        private final Optional<ModelReference> model;
        private int wrongSizes;
        private String firstWrongSize = "";

        FileListCheck(CacheEntry tree, Path repository, Path snapshot, List<CacheEntry> real) {
            this.tree = tree;
            this.repository = repository;
            this.real = real;
            this.model = HubPlaces.reference(repository);
            for (int i = 0; i < real.size(); i++) {
                positions.put(HubPlaces.nameIn(snapshot, real.get(i).path()), i);
            }
        }

        void compare() throws IOException {
            if (real.isEmpty() && digests.knows(tree.path(), tree.stamp(), DigestAlgorithm.SHA256)) {
                return; // read before, and it was right
            }
            Optional<String> problem = HubTree.read(tree.path(), this);
            for (int i = listedFiles.nextClearBit(0); i < real.size(); i = listedFiles.nextClearBit(i + 1)) {
                unlisted(repository, real.get(i));
            }
            String name = Plan.name(projectRoot, tree.path());
            if (problem.isPresent()) {
                report(name + " is not a valid file list: " + problem.get());
            } else if (wrongSizes > 0) {
                report(name + " " + firstWrongSize
                        + (wrongSizes == 1 ? "" : "; " + (wrongSizes - 1) + " more sizes are wrong"));
            } else {
                digests.digest(tree.path(), tree.stamp(), DigestAlgorithm.SHA256)
                        .get();
            }
        }

        private void report(String message) {
            accept(
                    repository,
                    Finding.of(FindingId.MODEL_CORRUPT, message, LIST)
                            .as(Severity.WARNING)
                            .at(tree.path()));
        }

        @Override
        public void entry(HubTree.Entry entry) throws IOException {
            if (entry.digest().isEmpty()) {
                return;
            }
            Digest digest = entry.digest().get();
            Integer position = positions.get(entry.path());
            if (position != null) {
                listedFiles.set(position);
                real(real.get(position), digest, entry.size());
                return;
            }
            long size = blobSize(HubPlaces.blobName(digest));
            if (size >= 0 && size != entry.size()) {
                firstWrongSize = wrongSizes == 0
                        ? "says that " + entry.path() + " has " + entry.size() + " bytes, but it has " + size
                        : firstWrongSize;
                wrongSizes++;
            }
        }

        private void real(CacheEntry file, Digest digest, long size) throws IOException {
            ContentCheck.ExpectedDigest expectation = new ContentCheck.ExpectedDigest(
                    file,
                    List.of(file.path()),
                    model,
                    digest.algorithm(),
                    digest.hex(),
                    Optional.empty(),
                    "the list of its commit",
                    REFETCH);
            if (file.size() == size) {
                contents.compare(expectation);
            } else {
                contents.wrongSize(expectation, size);
            }
        }

        /** The size of a blob that is right; -1 for one that is missing or wrong. */
        private long blobSize(String name) throws IOException {
            Path blob = HubPlaces.blobs(repository).resolve(name);
            try {
                CacheEntry content = CacheEntry.resolved(blob);
                return contents.isWrong(blob) || checked.isWrong(content) ? -1 : content.size();
            } catch (NoSuchFileException e) {
                return -1;
            }
        }
    }
}
