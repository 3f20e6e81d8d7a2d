package io.github.modelcache.verify.checks;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The contents of hub repositories, each against the digest that is its name. A blob may be a link into the store that
 * repositories share; there the name tells nothing, so the store's contents are checked through the blobs that lead to
 * them.
 */
final class HubBlobs {

    private static final String REFETCH =
            "delete the file and the links to it; the library that needs it downloads it again";

    private final Path projectRoot;
    private final HubPlaces places;
    private final Map<Path, LockedRepository> locked;
    private final ContentCheck contents;
    private final FileCounter tally;
    private final Consumer<Finding> findings;
    private final SortedMap<Path, List<Path>> oddlyNamed = new TreeMap<>();
    private final SortedMap<Path, CacheEntry> store = new TreeMap<>();
    private final SortedMap<Path, Shared> shared = new TreeMap<>();
    private final Set<Path> counted = new HashSet<>();

    /** A content of the store, and the blobs that are links to it. */
    private record Shared(CacheEntry content, SortedSet<Path> blobs) {}

    HubBlobs(
            Path projectRoot,
            HubPlaces places,
            Map<Path, LockedRepository> locked,
            ContentCheck contents,
            FileCounter tally,
            Consumer<Finding> findings) {
        this.projectRoot = projectRoot;
        this.places = places;
        this.locked = locked;
        this.contents = contents;
        this.tally = tally;
        this.findings = findings;
    }

    /** An entry of a repository's folder of blobs. */
    void blob(Path repository, CacheEntry entry) {
        if (entry.kind() == CacheEntry.Kind.LINK) {
            link(repository, entry.path());
        } else if (entry.kind() == CacheEntry.Kind.FILE) {
            LockedRepository lock = locked.get(repository);
            boolean skipped = lock != null && lock.skips(name(entry.path()));
            if (!skipped && !HubPlaces.isLock(name(entry.path())) && HubCheck.isWanted(entry)) {
                check(repository, entry, List.of(entry.path()));
            }
        }
    }

    private void link(Path repository, Path blob) {
        try {
            CacheEntry content = CacheEntry.resolved(blob);
            shared.computeIfAbsent(content.path(), unused -> new Shared(content, new TreeSet<>()))
                    .blobs()
                    .add(blob);
            LockedRepository lock = locked.get(repository);
            if (lock != null) {
                lock.skips(name(blob));
            }
        } catch (NoSuchFileException e) {
            return; // a dangling link, which the walk reports
        } catch (IOException e) {
            findings.accept(ContentCheck.unreadable(projectRoot, blob, e));
        }
    }

    /** An entry below the shared store; its notes and locks lie beside the contents. */
    void stored(CacheEntry entry) {
        String name = name(entry.path());
        if (entry.kind() == CacheEntry.Kind.FILE && HubPlaces.isStored(name)) {
            store.put(entry.path(), entry);
        }
    }

    private void check(Path repository, CacheEntry content, List<Path> names) {
        String name = name(names.get(0));
        Optional<DigestAlgorithm> algorithm = HubPlaces.algorithm(name);
        if (algorithm.isEmpty()) {
            oddlyNamed.computeIfAbsent(repository, unused -> new ArrayList<>()).add(names.get(0));
            return;
        }
        boolean small = algorithm.get() == DigestAlgorithm.GIT_SHA1;
        contents.ask(new ContentCheck.Question(
                content,
                names,
                HubPlaces.reference(repository),
                algorithm.get(),
                name,
                small ? Optional.of(DigestAlgorithm.SHA1) : Optional.empty(),
                "its name",
                REFETCH));
        if (!shared.containsKey(content.path()) || counted.add(content.path())) {
            tally.file(content.size());
        }
    }

    /** Checks what had to wait for the end of the walk. */
    void finish() throws IOException {
        locked.values().forEach(LockedRepository::follow);
        shared.values().forEach(this::shared);
        for (Map.Entry<Path, LockedRepository> entry : new TreeMap<>(locked).entrySet()) {
            for (String name : entry.getValue().unchecked()) {
                unchecked(entry.getKey(), HubPlaces.blobs(entry.getKey()).resolve(name));
            }
        }
        contents.finish();
        for (Map.Entry<Path, List<Path>> entry : oddlyNamed.entrySet()) {
            oddlyNamed(entry.getKey(), new TreeSet<>(entry.getValue()));
        }
        unused();
    }

    /** One content, and the blobs that lead to it: it is read once, however many they are. */
    private void shared(Shared one) {
        if (one.content().kind() != CacheEntry.Kind.FILE) {
            return;
        }
        SortedMap<String, List<Path>> byName = new TreeMap<>();
        for (Path blob : one.blobs()) {
            LockedRepository lock = locked.get(places.repositoryOf(blob));
            if (lock != null && lock.covers(name(blob))) {
                counted.add(one.content().path());
            } else {
                byName.computeIfAbsent(name(blob), unused -> new ArrayList<>()).add(blob);
            }
        }
        byName.values().forEach(names -> check(places.repositoryOf(names.get(0)), one.content(), names));
    }

    private static String name(Path blob) {
        return blob.getFileName().toString();
    }

    /** Nothing led the check of the locked model to this blob. One that is a link is checked with the store's. */
    private void unchecked(Path repository, Path blob) {
        try {
            CacheEntry entry = CacheEntry.of(blob);
            if (entry.kind() == CacheEntry.Kind.FILE) {
                check(repository, entry, List.of(blob));
            }
        } catch (NoSuchFileException e) {
            return; // gone since the walk saw it
        } catch (IOException e) {
            findings.accept(ContentCheck.unreadable(projectRoot, blob, e));
        }
    }

    /** One finding a repository: a mirror that names one content in its own way names them all so. */
    private void oddlyNamed(Path repository, SortedSet<Path> blobs) {
        LockedRepository lock = locked.get(repository);
        if (lock != null) {
            blobs.removeAll(lock.linkedBlobs());
        }
        if (blobs.isEmpty()) {
            return;
        }
        String name = Plan.name(projectRoot, repository);
        Finding finding = Finding.of(
                        FindingId.UNVERIFIABLE,
                        name + " has " + blobs.size()
                                + (blobs.size() == 1
                                        ? " blob that can't be checked: its name is"
                                        : " blobs that can't be checked: their names are")
                                + " not a digest, as with some mirrors",
                        "declare the model, so that its files are compared with the lock file")
                .at(blobs.first());
        findings.accept(HubPlaces.reference(repository).map(finding::about).orElse(finding));
    }

    /** Contents of the store that no repository leads to. */
    private void unused() throws IOException {
        if (store.isEmpty()) {
            return;
        }
        Path root = places.root();
        Path realRoot = root.toRealPath();
        int files = 0;
        long bytes = 0;
        for (Map.Entry<Path, CacheEntry> entry : store.entrySet()) {
            if (!shared.containsKey(realRoot.resolve(root.relativize(entry.getKey())))) {
                files++;
                bytes += entry.getValue().size();
            }
        }
        if (files > 0) {
            findings.accept(Finding.of(
                            FindingId.UNVERIFIABLE,
                            files + (files == 1 ? " blob" : " blobs") + " (" + ByteSize.format(bytes)
                                    + ") of the shared store can't be checked: no repository uses "
                                    + (files == 1 ? "it" : "them"),
                            "run hf cache prune to delete unused blobs")
                    .at(HubPlaces.blobs(root)));
        }
    }
}
