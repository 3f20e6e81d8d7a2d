package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.FolderKeepers;
import io.github.modelcache.family.Layout;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Finds missing folders and expired entries. {@link ModelRootCheck} checks the content of the model roots.
 *
 * @param usage the contents of the model roots; those of the application caches are added to it
 */
public record RootCheck(CacheConfig config, Instant now, CacheUsage usage) implements Check {
    @Override
    public void run(Consumer<Finding> findings) {
        layout(findings);
        for (ApplicationCache cache : config.applicationCaches()) {
            expired(cache, findings);
        }
    }

    /** One finding for each broken link, and one for all missing folders. */
    private void layout(Consumer<Finding> findings) {
        List<Path> missing = new ArrayList<>();
        for (CacheRoot root : config.roots()) {
            if (root.optional() || Files.isDirectory(root.path())) {
                continue;
            }
            Optional<Path> link = brokenLink(root.path());
            if (link.isPresent()) {
                findings.accept(Finding.of(
                                FindingId.LAYOUT_MISSING,
                                Plan.name(config.projectRoot(), link.get()) + " is a broken link",
                                "mount its disk, or delete the link")
                        .at(link.get()));
            } else {
                missing.add(root.path());
            }
        }
        if (!missing.isEmpty()) {
            findings.accept(layoutMissing(missing));
        }
    }

    /** A missing folder is an error only if a declared model needs it: git keeps no empty folders. */
    private Finding layoutMissing(List<Path> missing) {
        Set<Path> needed = needed();
        List<Path> first = missing.stream().filter(needed::contains).toList();
        List<Path> others =
                missing.stream().filter(folder -> !needed.contains(folder)).toList();
        return first.isEmpty()
                ? layoutMissing(others, others.size() == 1 ? " is missing" : " are missing", Severity.INFO)
                : layoutMissing(
                        first,
                        (first.size() == 1
                                        ? " is missing, but a declared model needs it"
                                        : " are missing, but declared models need them")
                                + (others.isEmpty() ? "" : ". Also missing: " + names(others)),
                        Severity.ERROR);
    }

    private Finding layoutMissing(List<Path> folders, String what, Severity severity) {
        return Finding.of(FindingId.LAYOUT_MISSING, names(folders) + what, "mvn cache:init")
                .at(folders.get(0))
                .as(severity);
    }

    private String names(List<Path> folders) {
        return folders.stream()
                .map(folder -> Plan.name(config.projectRoot(), folder))
                .collect(Collectors.joining(", "));
    }

    /** The roots that required models need. */
    private Set<Path> needed() {
        Layouts layouts = new Layouts(config);
        Set<Path> needed = new HashSet<>();
        for (ModelDeclaration declaration : config.models()) {
            Optional<Path> folder = layouts.find(declaration.reference()).map(Layout::root);
            config.roots().stream()
                    .map(CacheRoot::path)
                    .filter(root -> !declaration.optional()
                            && folder.isPresent()
                            && folder.get().startsWith(root))
                    .forEach(needed::add);
        }
        return needed;
    }

    /** The broken link on the path of a folder. */
    private static Optional<Path> brokenLink(Path folder) {
        for (Path path = folder; path != null; path = path.getParent()) {
            if (Files.isSymbolicLink(path) && !Files.exists(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private void expired(ApplicationCache cache, Consumer<Finding> findings) {
        Instant limit = now.minus(cache.expiry());
        Expired expired = new Expired(limit, usage);
        CacheWalk.walk(cache.path(), expired);
        if (expired.files > 0) {
            findings.accept(Finding.of(
                            FindingId.APPLICATION_CACHE_EXPIRED,
                            Words.count(expired.files, "entry") + " of the "
                                    + cache.name() + " cache ("
                                    + ByteSize.format(expired.bytes) + ") expired after "
                                    + Age.format(cache.expiry()),
                            "mvn cache:clean")
                    .at(cache.path()));
        }
    }

    /** Counts the expired entries. */
    private static final class Expired implements CacheWalk.Visitor {

        private final Instant limit;
        private final CacheUsage usage;
        private long files;
        private long bytes;

        Expired(Instant limit, CacheUsage usage) {
            this.limit = limit;
            this.usage = usage;
        }

        @Override
        public void entry(CacheEntry entry) {
            usage.add(entry);
            boolean old =
                    entry.kind() == CacheEntry.Kind.FILE && entry.modified().isBefore(limit);
            if (old && !FolderKeepers.is(entry.path())) {
                files++;
                bytes += entry.size();
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // The entries of application caches are not checked.
        }
    }
}
