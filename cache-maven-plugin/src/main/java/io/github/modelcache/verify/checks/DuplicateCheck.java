package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.Holdings;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Looks for contents that the model roots hold more than once. Links, and hard links of one file, are no copies.
 *
 * <p>Of what the walk shows only sizes are kept, 8 bytes a file. Where a size occurs twice, a second walk finds the
 * files that have it. Contents are compared by digests, most of which are known by then; others are read once.
 */
public final class DuplicateCheck implements WalkCheck {

    /** In bytes: smaller copies waste less than it is worth to tell of them, and libraries share many small files. */
    static final long SMALLEST = 1 << 20;

    private static final int NAMES_SHOWN = 2;

    private final CacheConfig config;
    private final Lock lock;
    private final ContentDigests digests;
    private final HubPlaces hub;
    private final Consumer<CacheEntry> watcher = this::entry;
    private long[] sizes = new long[16];
    private int count;

    public DuplicateCheck(CacheConfig config, Lock lock, ContentDigests digests) {
        this.config = config;
        this.lock = lock;
        this.digests = digests;
        this.hub = new HubPlaces(new Layouts(config).hub().root());
    }

    @Override
    public Consumer<CacheEntry> in(Path folder) {
        return watcher;
    }

    private void entry(CacheEntry entry) {
        if (isLarge(entry)) {
            sizes = count == sizes.length ? Arrays.copyOf(sizes, count * 2) : sizes;
            sizes[count++] = entry.size();
        }
    }

    private static boolean isLarge(CacheEntry entry) {
        return entry.kind() == CacheEntry.Kind.FILE && entry.size() >= SMALLEST;
    }

    @Override
    public void run(Consumer<Finding> findings) {
        long[] repeated = repeated();
        if (repeated.length == 0) {
            return;
        }
        List<Finding> found = new ArrayList<>();
        for (List<CacheEntry> sameSize : candidates(repeated).values()) {
            for (List<CacheEntry> perhaps : notToldApart(sameSize)) {
                sameContent(perhaps, findings).forEach((digest, copies) -> found.add(duplicate(digest, copies)));
            }
        }
        found.forEach(findings);
    }

    /** The sizes that occur more than once, sorted. */
    private long[] repeated() {
        long[] sorted = Arrays.copyOf(sizes, count);
        Arrays.sort(sorted);
        int kept = 0;
        for (int i = 1; i < sorted.length; i++) {
            boolean known = kept > 0 && sorted[kept - 1] == sorted[i];
            if (sorted[i] == sorted[i - 1] && !known) {
                sorted[kept++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, kept);
    }

    private SortedMap<Long, List<CacheEntry>> candidates(long[] repeated) {
        SortedMap<Long, List<CacheEntry>> candidates = new TreeMap<>();
        Set<Object> contents = new HashSet<>();
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                CacheWalk.walk(root.path(), new CacheWalk.Visitor() {
                    @Override
                    public void entry(CacheEntry entry) {
                        if (isLarge(entry)
                                && Arrays.binarySearch(repeated, entry.size()) >= 0
                                && !isUnfinished(entry.path())
                                && contents.add(identity(entry))) {
                            candidates
                                    .computeIfAbsent(entry.size(), unused -> new ArrayList<>())
                                    .add(entry);
                        }
                    }

                    @Override
                    public void unreadable(Path path, IOException reason) {
                        // The first walk has told of it.
                    }
                });
            }
        }
        candidates.values().removeIf(files -> files.size() < 2);
        candidates.values().forEach(files -> files.sort(Comparator.comparing(CacheEntry::path)));
        return candidates;
    }

    /** What the platform tells a content by; where it does not, its path. */
    private static Object identity(CacheEntry entry) {
        long inode = entry.stamp().inode();
        return inode == 0 ? entry.path() : List.of(entry.device(), inode);
    }

    private static boolean isUnfinished(Path file) {
        if (PartialFiles.isPartial(file)) {
            return true;
        }
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            if (PartialFiles.isPartialFolder(folder)) {
                return true;
            }
        }
        return false;
    }

    /** Files of one size that may have one content: those that the hub names alike, or all where names don't tell. */
    private List<List<CacheEntry>> notToldApart(List<CacheEntry> sameSize) {
        Set<Optional<DigestAlgorithm>> tellers =
                sameSize.stream().map(this::teller).collect(Collectors.toSet());
        if (tellers.size() > 1 || tellers.contains(Optional.<DigestAlgorithm>empty())) {
            return List.of(sameSize);
        }
        return sameSize.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.path().getFileName().toString(), TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(files -> files.size() > 1)
                .toList();
    }

    /** The algorithm of the digest that is a file's name. */
    private Optional<DigestAlgorithm> teller(CacheEntry entry) {
        Path folder = entry.path().resolveSibling(".").normalize();
        boolean blob = hub.hold(folder) && hub.of(folder).kind() == HubPlaces.Kind.BLOBS;
        return blob ? HubPlaces.algorithm(entry.path().getFileName().toString()) : Optional.empty();
    }

    private Map<Digest, List<CacheEntry>> sameContent(List<CacheEntry> files, Consumer<Finding> findings) {
        DigestAlgorithm algorithm = files.stream()
                .map(this::teller)
                .reduce((one, other) -> one.equals(other) ? one : Optional.empty())
                .flatMap(told -> told)
                .orElse(DigestAlgorithm.SHA256);
        Map<CacheEntry, ContentDigests.Pending> pending = new LinkedHashMap<>();
        files.forEach(file -> pending.put(file, digest(file, algorithm)));
        Map<Digest, List<CacheEntry>> contents = new LinkedHashMap<>();
        pending.forEach((file, digest) -> {
            try {
                contents.computeIfAbsent(digest.get(), unused -> new ArrayList<>())
                        .add(file);
            } catch (NoSuchFileException e) {
                return; // gone since it was seen
            } catch (IOException e) {
                findings.accept(ContentCheck.unreadable(config.projectRoot(), file.path(), e));
            }
        });
        contents.values().removeIf(copies -> copies.size() < 2);
        return contents;
    }

    /** What links lead to is known by its real path. A check that compared the file has counted its bytes already. */
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
        int more = names.size() - NAMES_SHOWN;
        String which = more == 0
                ? names.get(0) + " and " + names.get(1)
                : String.join(", ", names.subList(0, NAMES_SHOWN)) + " and " + more + " more";
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
            return "take what nothing needs of " + String.join(", ", owners)
                    + " out of the config, then run mvn cache:lock and mvn cache:clean -Dcache.scope=unused";
        }
        if (owners.isEmpty()) {
            return "mvn cache:status shows what was used last; delete the others of " + shortened(others);
        }
        return (areUnused(copies, declared) ? "mvn cache:clean -Dcache.scope=unused deletes" : "delete")
                + " what no declared model needs: " + shortened(others);
    }

    /** Whether cleaning takes each copy that no declared model has. It takes nothing without a lock. */
    private boolean areUnused(List<CacheEntry> copies, DeclaredFiles declared) {
        if (lock.models().isEmpty()) {
            return false;
        }
        try {
            UnusedFiles unused = new UnusedFiles(config, new Holdings(config, lock));
            return copies.stream()
                    .map(CacheEntry::path)
                    .filter(copy -> declared.owner(copy).isEmpty())
                    .allMatch(unused::has);
        } catch (IOException e) {
            return false; // what can't be listed, cleaning leaves
        }
    }

    private static String shortened(Set<String> names) {
        int more = names.size() - NAMES_SHOWN;
        String first = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private String name(Path path) {
        return Plan.name(config.projectRoot(), path);
    }
}
