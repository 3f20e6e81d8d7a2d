package io.github.modelcache.download;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.inventory.ModelFiles;
import io.github.modelcache.io.DiskSpace;
import io.github.modelcache.layout.FlatLayout;
import io.github.modelcache.layout.Layout;
import io.github.modelcache.layout.Layouts;
import io.github.modelcache.layout.RevisionPointer;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WantedModels;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.source.ModelException;
import io.github.modelcache.source.Source;
import io.github.modelcache.source.Sources;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;

/** Compares what is declared with what is locked and on the disk, and plans the rest. */
final class DownloadPlanner {

    private final CacheConfig config;
    private final Sources sources;
    private final Layouts layouts;
    private final ContentDigests digests;
    private final ModelResolver resolver;
    private final Problems problems;
    private final ExecutorService workers;
    private final Messages messages;

    DownloadPlanner(
            CacheConfig config,
            Sources sources,
            ContentDigests digests,
            ModelResolver resolver,
            Problems problems,
            ExecutorService workers,
            Messages messages) {
        this.config = config;
        this.sources = sources;
        this.layouts = new Layouts(config);
        this.digests = digests;
        this.resolver = resolver;
        this.problems = problems;
        this.workers = workers;
        this.messages = messages;
    }

    /**
     * A plan, and where its run leaves the models that are complete.
     *
     * @param plan what is to be done
     * @param models filled by the run
     * @param fetches how many models the plan fetches
     */
    record Outcome(Plan plan, Map<String, ResolvedModel> models, int fetches) {

        ModelDownload.Result result(Lock before, long fetchedBytes) {
            long bytes =
                    models.values().stream().mapToLong(ResolvedModel::bytes).sum();
            return new ModelDownload.Result(
                    models.size(), bytes, fetches, fetchedBytes, before, Lock.of(models.values()));
        }
    }

    /** One declared model whose files are known by name. */
    private record Wanted(ModelDeclaration declaration, ResolvedModel model, List<ModelFile> missing) {

        long missingBytes() {
            boolean known = missing.stream().noneMatch(file -> file.size() == ModelFile.UNKNOWN_SIZE);
            return known ? missing.stream().mapToLong(ModelFile::size).sum() : ModelFile.UNKNOWN_SIZE;
        }
    }

    Outcome plan(boolean pinOnly, boolean dryRun, LockFile lockFile) throws ModelException, IOException {
        List<Action> actions = new ArrayList<>();
        List<Wanted> fetches = new ArrayList<>();
        Map<String, ResolvedModel> models = new ConcurrentSkipListMap<>();
        WantedModels wanted = new WantedModels(config.models());
        Map<Path, ModelReference> places = new HashMap<>();
        for (Optional<ModelDeclaration> next = wanted.next(); next.isPresent(); next = wanted.next()) {
            ModelDeclaration declaration = next.get();
            try {
                if (dryRun && resolver.locked(declaration).isEmpty()) {
                    actions.add(unresolved(declaration));
                    continue;
                }
                ResolvedModel model = resolver.resolve(declaration);
                wanted.resolved(model);
                requireOwnPlace(model, places);
                if (pinOnly && model.complete()) {
                    models.put(model.reference().toString(), model);
                    continue;
                }
                List<ModelFiles.State> states = new ModelFiles(layout(model), digests).states(model);
                List<ModelFile> missing = ModelFiles.missing(states);
                if (missing.isEmpty()) {
                    models.put(model.reference().toString(), ModelFiles.learned(model, states));
                    pointer(model).ifPresent(actions::add);
                    if (!dryRun) {
                        sources.of(model.reference()).release(model);
                    }
                    continue;
                }
                ResolvedModel known =
                        pinOnly && !dryRun ? sources.of(model.reference()).measured(model) : model;
                if (pinOnly && known.complete()) {
                    models.put(known.reference().toString(), known);
                } else {
                    fetches.add(new Wanted(declaration, known, missing));
                }
            } catch (ModelException e) {
                problems.add(declaration, e);
            }
        }
        if (resolver.frozen()) {
            resolver.requireNothingElse(wanted.all());
        }
        checkSpace(fetches);
        fetches.forEach(fetch -> actions.add(fetch(fetch, models)));
        lockWrite(lockFile, models).ifPresent(actions::add);
        return new Outcome(new Plan(actions), models, fetches.size());
    }

    /**
     * Two checkpoints may have one name at different addresses, and two artifacts one folder; then there is room for one
     * of them only. A repository has a folder that no other has.
     */
    private void requireOwnPlace(ResolvedModel model, Map<Path, ModelReference> places) throws ModelException {
        Layout layout = layout(model);
        if (model.files().size() == 1 || layout instanceof FlatLayout) {
            for (ModelFile file : model.files()) {
                requireOwnPlace(model, layout.file(model, file), places);
            }
        }
    }

    private void requireOwnPlace(ResolvedModel model, Path place, Map<Path, ModelReference> places)
            throws ModelException {
        ModelReference other = places.putIfAbsent(place, model.reference());
        if (other != null) {
            throw new ModelException(model.reference() + " and " + other + " both belong into "
                    + Plan.name(config.projectRoot(), place) + ", and a library that asks by that name can't tell them"
                    + " apart; declare one of them");
        }
    }

    private Layout layout(ResolvedModel model) throws ModelException {
        sources.of(model.reference());
        return layouts.of(model);
    }

    /**
     * Puts right what libraries find a complete model by, if a client has pointed it elsewhere, or if a run was stopped
     * before it was written; then what belongs to a complete model besides may be missing too.
     */
    private Optional<Action> pointer(ResolvedModel model) throws IOException {
        Layout layout = layouts.of(model);
        Optional<RevisionPointer> wrong = layout.pointer(model).filter(pointer -> !pointer.right());
        return wrong.map(pointer -> new Action.Write(
                pointer.file(), "points " + pointer.name() + " at " + pointer.target() + ", the locked commit", () -> {
                    layout.complete(model);
                    messages.info("Pointed " + pointer.name() + " of " + model.reference() + " at " + pointer.target()
                            + ", as the lock says");
                    return 0;
                }));
    }

    /** A dry run asks no server, so it can't tell more than the name. */
    private Action unresolved(ModelDeclaration declaration) throws ModelException {
        String reference = declaration.reference().toString();
        sources.of(declaration.reference());
        if (resolver.frozen()) {
            resolver.resolve(declaration);
        }
        return new Action.Fetch(config.baseDir(), reference, ModelFile.UNKNOWN_SIZE, () -> 0);
    }

    /** An error where what this run fetches does not fit, a warning where it does, but not what the lock needs besides. */
    private void checkSpace(List<Wanted> fetches) throws IOException {
        if (fetches.isEmpty()) {
            return;
        }
        long needed =
                fetches.stream().mapToLong(fetch -> known(fetch.missing())).sum();
        long free = DiskSpace.usable(config.baseDir());
        if (free < needed) {
            throw new IOException("The models still to fetch need " + ByteSize.format(needed) + ", but only "
                    + ByteSize.format(free) + " are free where " + config.baseDir()
                    + " lies. Free space (mvn cache:clean -Dcache.dryRun shows what it would free), or point"
                    + " cache.base_dir at a larger disk");
        }
        long later = neededLater(fetches);
        if (free < needed + later) {
            messages.warn(ByteSize.format(free) + " are free where " + config.baseDir() + " lies, but the lock still"
                    + " needs " + ByteSize.format(needed + later) + "; mvn cache:status shows what takes the room");
        }
    }

    /** What is missing of the locked models that this run does not fetch, in bytes; names are looked for, nothing is read. */
    private long neededLater(List<Wanted> fetches) {
        Set<ModelReference> fetched =
                fetches.stream().map(fetch -> fetch.model().reference()).collect(Collectors.toSet());
        return resolver.pinned(config.models()).stream()
                .filter(model -> !fetched.contains(model.reference()))
                .mapToLong(model -> {
                    Layout layout = layouts.of(model);
                    return known(model.files().stream()
                            .filter(file -> Files.notExists(layout.file(model, file)))
                            .toList());
                })
                .sum();
    }

    /** The size of those files whose size is known. */
    private static long known(List<ModelFile> files) {
        return files.stream().mapToLong(file -> Math.max(file.size(), 0)).sum();
    }

    private Action fetch(Wanted wanted, Map<String, ResolvedModel> models) {
        ResolvedModel model = wanted.model();
        Layout layout = layouts.of(model);
        String reference = model.reference().toString();
        return new Action.Fetch(layout.folder(model), reference, wanted.missingBytes(), () -> {
            try {
                Source source = sources.of(model.reference());
                ModelFetch fetch =
                        new ModelFetch(source, layout, new ModelFiles(layout, digests), digests, workers, messages);
                ModelFetch.Fetched fetched = fetch.run(model);
                models.put(reference, fetched.model());
                source.release(fetched.model());
                String folder = Plan.name(config.projectRoot(), layout.folder(fetched.model()));
                boolean found = fetched.bytes() == 0 && fetched.model().bytes() > 0;
                messages.info((found ? "Found " : "Fetched ") + reference + " ("
                        + ByteSize.format(found ? fetched.model().bytes() : fetched.bytes())
                        + (found ? ") in " : ") into ") + folder);
                source.nextStep(fetched.model(), folder)
                        .filter(step -> !found)
                        .ifPresent(step -> messages.info(reference + ": " + step));
                return fetched.bytes();
            } catch (ModelException | IOException e) {
                problems.add(wanted.declaration(), e);
                return 0;
            }
        });
    }

    /** Written last, once every model that could be had is complete; models that failed keep their old pin. */
    private Optional<Action> lockWrite(LockFile lockFile, Map<String, ResolvedModel> models) {
        if (resolver.frozen() || resolver.covers(config.models())) {
            return Optional.empty();
        }
        return Optional.of(new Action.Write(lockFile.path(), "pins the models", () -> {
            lockFile.update(now -> resolver.merged(models, config.models(), now));
            return 0;
        }));
    }
}
