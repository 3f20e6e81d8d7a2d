package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.PlaceholderDetector;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Undeclared files that are a model each: PyTorch's checkpoints and openai-whisper's models. Their names
 * tell their digests, some of them; of the others at least what is plainly no model is found.
 */
public final class UnmanagedFilesCheck implements WalkCheck {

    private static final String REFETCH = "delete the file; the library that needs it downloads it again";

    private final CacheConfig config;
    private final Map<Path, Layout> folders = new HashMap<>();
    private final Set<Path> locked = new HashSet<>();
    private final List<Finding> found = new ArrayList<>();
    private final ContentCheck contents;
    private final CheckedFiles checked;
    private final SortedSet<Path> untold = new TreeSet<>();

    public UnmanagedFilesCheck(CacheConfig config, Lock lock, ContentDigests digests, CheckedFiles checked) {
        this.config = config;
        this.checked = checked;
        this.contents = new ContentCheck(config.projectRoot(), digests, found::add);
        Layouts layouts = new Layouts(config);
        for (Layout layout : layouts.all()) {
            if (layout.isOneFilePerModel()) {
                folders.put(layout.root(), layout);
            }
        }
        for (ModelDeclaration declaration : lock.withDependencies(config.models())) {
            Optional<ResolvedModel> model = lock.find(declaration);
            Optional<Layout> layout = layouts.find(declaration.reference());
            if (model.isPresent() && layout.isPresent() && layout.get().isOneFilePerModel()) {
                for (ModelFile file : model.get().files()) {
                    locked.add(layout.get().file(model.get(), file));
                }
            }
        }
    }

    @Override
    public Consumer<CacheEntry> in(Path folder) {
        Layout layout = folders.get(folder);
        return layout == null ? NOTHING : entry -> entry(layout, entry);
    }

    private void entry(Layout layout, CacheEntry entry) {
        if (entry.kind() == CacheEntry.Kind.OTHER || locked.contains(entry.path())) {
            return;
        }
        String name = entry.path().getFileName().toString();
        if (PlatformFiles.isForeign(name) || PartialFiles.isPartial(entry.path())) {
            return;
        }
        try {
            look(layout, name, entry);
        } catch (NoSuchFileException e) {
            return; // gone since the walk saw it, or a broken link, which the walk reports
        } catch (IOException e) {
            found.add(ContentCheck.unreadable(config.projectRoot(), entry.path(), e));
        }
    }

    private void look(Layout layout, String name, CacheEntry entry) throws IOException {
        CacheEntry content = entry.kind() == CacheEntry.Kind.LINK ? CacheEntry.resolved(entry.path()) : entry;
        if (content.kind() != CacheEntry.Kind.FILE) {
            return;
        }
        checked.count(content.size());
        Optional<String> digits = layout.digestPrefix(name);
        if (digits.isPresent()) {
            contents.compare(new ContentCheck.ExpectedDigest(
                    content,
                    List.of(entry.path()),
                    layout.model(name),
                    DigestAlgorithm.SHA256,
                    digits.get(),
                    Optional.empty(),
                    "its name",
                    REFETCH));
            return;
        }
        Optional<String> placeholder = PlaceholderDetector.find(content.path());
        if (placeholder.isPresent()) {
            found.add(ContentCheck.placeholder(config.projectRoot(), entry.path(), placeholder.get(), REFETCH));
        } else {
            untold.add(entry.path());
        }
    }

    @Override
    public void run(Consumer<Finding> findings) {
        contents.finish();
        found.forEach(findings);
        if (!untold.isEmpty()) {
            String first = Plan.name(config.projectRoot(), untold.first());
            int others = untold.size() - 1;
            findings.accept(Finding.of(
                            FindingId.UNVERIFIABLE,
                            others == 0
                                    ? first + " can't be checked: it is undeclared, and its name has no digest"
                                    : untold.size() + " files can't be checked, such as " + first
                                            + ": they are undeclared, and their names have no digest",
                            "declare the models that the project needs, so that the lock file pins them")
                    .at(untold.first()));
        }
    }
}
