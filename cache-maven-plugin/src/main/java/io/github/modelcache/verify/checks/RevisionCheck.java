package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.RevisionPointer;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.RefFile;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares the refs by which libraries load models with the pinned revisions, and lists the models that only the lock file
 * pins.
 */
public final class RevisionCheck implements Check {

    private static final String FETCH = "mvn cache:download";
    private static final int NAMED = 3;

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;

    public RevisionCheck(CacheConfig config, Lock lock) {
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        List<String> floating = new ArrayList<>();
        for (ModelDeclaration declaration : lock.withDependencies(config.models())) {
            Optional<ResolvedModel> model = lock.find(declaration);
            Optional<Layout> layout = layouts.find(declaration.reference());
            if (model.isPresent() && layout.isPresent()) {
                Optional<RevisionPointer> pointer = layout.get().pointer(model.get());
                if (pointer.isPresent()) {
                    if (config.models().contains(declaration)) {
                        floating.add(
                                declaration.reference() + " at " + pointer.get().name());
                    }
                    boolean there = Files.isDirectory(snapshot(layout.get(), model.get()));
                    check(declaration, layout.get().folder(model.get()), pointer.get(), there)
                            .ifPresent(findings);
                }
            }
        }
        floating(floating).ifPresent(findings);
    }

    private static Path snapshot(Layout layout, ResolvedModel model) {
        return HubPlaces.snapshot(layout.folder(model), model.revision());
    }

    private Optional<Finding> check(
            ModelDeclaration declaration, Path repository, RevisionPointer pointer, boolean there) {
        ModelReference reference = declaration.reference();
        String name = Plan.name(config.projectRoot(), pointer.file());
        if (pointer.right()) {
            return Optional.empty();
        }
        if (pointer.found().isEmpty()) {
            // If the files are missing too, ModelCheck reports that.
            return there
                    ? Optional.of(Finding.of(
                                    FindingId.MODEL_MISSING,
                                    name + " is missing: libraries can't find " + reference + " offline",
                                    FETCH)
                            .about(reference)
                            .at(pointer.file())
                            .as(declaration.optional() ? Severity.INFO : Severity.ERROR))
                    : Optional.empty();
        }
        String found = pointer.found().get();
        if (!RefFile.isValid(repository, found)) {
            return Optional.of(HubRefs.malformed(config.projectRoot(), pointer.file(), found, FETCH)
                    .about(reference));
        }
        return Optional.of(Finding.of(
                        FindingId.MODEL_UNPINNED,
                        reference + ": " + pointer.name() + " is at " + found + ", but the lock file pins "
                                + pointer.target() + "; libraries that load the model by its name get other files",
                        FETCH)
                .about(reference)
                .at(pointer.file())
                .comparing(pointer.target(), found));
    }

    /** One finding for all of them: this is the usual way to declare a model. */
    private Optional<Finding> floating(List<String> models) {
        if (models.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                        FindingId.MODEL_UNPINNED,
                        "Only the lock file pins these models, their entries name no commit: "
                                + Words.some(models, NAMED),
                        "commit config/models.lock.json")
                .as(Severity.INFO)
                .at(config.file())
                .comparing("the lock file in git, or a commit as \"revision\"", String.join(", ", models)));
    }
}
