package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.catalog.LibraryPlaces;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.CachedRepository;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.CachedModels;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Finds contents that the model roots hold more than once. Links, and hard links of one file, are no copies. Only files of
 * equal size are compared, by digests, most of which are known from the other checks.
 */
public final class DuplicateCheck implements WalkCheck {

    /** In bytes. Smaller copies waste little, and libraries share many small files. */
    static final long SMALLEST = 1 << 20;

    private static final int NAMES_SHOWN = 2;

    private final CacheConfig config;
    private final Lock lock;
    private final ContentDigests digests;
    private final HubPlaces hub;
    private final Set<Path> copiesForLibraries;
    private final Map<Long, List<CacheEntry>> bySize = new TreeMap<>();

    public DuplicateCheck(CacheConfig config, Lock lock, ContentDigests digests) {
        this.config = config;
        this.lock = lock;
        this.digests = digests;
        this.hub = new HubPlaces(new Layouts(config).hub().root());
        this.copiesForLibraries = new LibraryPlaces(config, lock)
                .files().stream().map(LibraryPlaces.PlacedFile::path).collect(Collectors.toSet());
    }

    @Override
    public Consumer<CacheEntry> in(Path folder) {
        return this::entry;
    }

    private void entry(CacheEntry entry) {
        if (entry.kind() == CacheEntry.Kind.FILE
                && entry.size() >= SMALLEST
                && !isUnfinished(entry.path())
                && !copiesForLibraries.contains(entry.path())) {
            bySize.computeIfAbsent(entry.size(), unused -> new ArrayList<>()).add(entry);
        }
    }

    private static boolean isUnfinished(Path file) {
        boolean unfinished = PartialFiles.isPartial(file);
        for (Path folder = file.getParent(); folder != null && !unfinished; folder = folder.getParent()) {
            unfinished = PartialFiles.isPartialFolder(folder);
        }
        return unfinished;
    }

    @Override
    public void run(Consumer<Finding> findings) {
        List<Finding> found = new ArrayList<>();
        for (List<CacheEntry> sameSize : bySize.values()) {
            sameSize.sort(Comparator.comparing(CacheEntry::path));
            Set<Object> identities = new HashSet<>();
            List<CacheEntry> contents = sameSize.stream()
                    .filter(entry -> identities.add(entry.identity()))
                    .toList();
            if (contents.size() > 1) {
                sameContent(contents, findings).forEach((digest, copies) -> found.add(duplicate(digest, copies)));
            }
        }
        found.forEach(findings);
    }

    /** The algorithm of the digest that is a file's name. */
    private Optional<DigestAlgorithm> namedBy(CacheEntry entry) {
        return CachedRepository.namingDigest(hub, entry);
    }

    private Map<Digest, List<CacheEntry>> sameContent(List<CacheEntry> files, Consumer<Finding> findings) {
        Set<Optional<DigestAlgorithm>> algorithms =
                files.stream().map(this::namedBy).collect(Collectors.toSet());
        Optional<DigestAlgorithm> common =
                algorithms.size() == 1 ? algorithms.iterator().next() : Optional.empty();
        Map<String, List<CacheEntry>> byName = files.stream()
                .collect(Collectors.groupingBy(
                        file -> common.isPresent() ? file.path().getFileName().toString() : "",
                        TreeMap::new,
                        Collectors.toList()));
        Map<CacheEntry, ContentDigests.Pending> pending = new LinkedHashMap<>();
        byName.values().stream()
                .filter(perhaps -> perhaps.size() > 1) // blobs of different names have different contents
                .flatMap(List::stream)
                .forEach(file -> pending.put(file, digest(file, common.orElse(DigestAlgorithm.SHA256))));
        Map<Digest, List<CacheEntry>> contents = new LinkedHashMap<>();
        pending.forEach((file, digest) -> {
            try {
                contents.computeIfAbsent(digest.get(), unused -> new ArrayList<>())
                        .add(file);
            } catch (NoSuchFileException e) {
                return; // deleted since the walk
            } catch (IOException e) {
                findings.accept(ContentCheck.unreadable(config.projectRoot(), file.path(), e));
            }
        });
        contents.values().removeIf(copies -> copies.size() < 2);
        return contents;
    }

    /** A digest that another check computed is taken from there, so that the bytes are not counted twice. */
    private ContentDigests.Pending digest(CacheEntry file, DigestAlgorithm algorithm) {
        Optional<Digest> known =
                digests.known(file.path(), file.stamp(), algorithm).or(() -> knownByRealPath(file, algorithm));
        return known.isPresent() ? known::get : digests.digest(file.path(), file.stamp(), algorithm);
    }

    private Optional<Digest> knownByRealPath(CacheEntry file, DigestAlgorithm algorithm) {
        try {
            return digests.known(file.path().toRealPath(), file.stamp(), algorithm);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Finding duplicate(Digest digest, List<CacheEntry> copies) {
        List<String> names = copies.stream().map(copy -> name(copy.path())).toList();
        long wasted = copies.get(0).size() * (copies.size() - 1);
        String which = names.size() == 2 ? names.get(0) + " and " + names.get(1) : Words.some(names, NAMES_SHOWN);
        return Finding.of(
                        FindingId.DUPLICATE_CONTENT,
                        which + " have the same content: " + ByteSize.format(wasted) + " wasted",
                        fix(copies))
                .at(copies.get(0).path())
                .comparing("one copy of " + digest, String.join(", ", names));
    }

    private String fix(List<CacheEntry> copies) {
        DeclaredFiles declared = new DeclaredFiles(config, lock);
        Set<String> owners = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        for (CacheEntry copy : copies) {
            declared.owner(copy.path())
                    .ifPresentOrElse(
                            owner -> owners.add(owner.toString()), () -> others.add(name(declared.unit(copy.path()))));
        }
        if (others.isEmpty()) {
            return "remove the models that you do not need from the config (" + String.join(", ", owners)
                    + "), then run mvn cache:lock and mvn cache:clean -Dcache.scope=unused";
        }
        if (owners.isEmpty()) {
            return "keep the copy that mvn cache:status shows as last used, and delete the others: "
                    + Words.some(others, NAMES_SHOWN);
        }
        return (areUnused(copies, declared)
                        ? "run mvn cache:clean -Dcache.scope=unused to delete the undeclared copies: "
                        : "delete the undeclared copies: ")
                + Words.some(others, NAMES_SHOWN);
    }

    /** Whether cleaning deletes each undeclared copy. It deletes nothing without a lock file. */
    private boolean areUnused(List<CacheEntry> copies, DeclaredFiles declared) {
        if (lock.models().isEmpty()) {
            return false;
        }
        try {
            UnusedFiles unused = new UnusedFiles(config, new CachedModels(config, lock));
            return copies.stream()
                    .map(CacheEntry::path)
                    .filter(copy -> declared.owner(copy).isEmpty())
                    .allMatch(unused::has);
        } catch (IOException e) {
            return false; // cleaning keeps a folder that can't be listed
        }
    }

    private String name(Path path) {
        return Plan.name(config.projectRoot(), path);
    }
}
