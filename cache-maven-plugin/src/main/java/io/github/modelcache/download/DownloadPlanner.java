package io.github.modelcache.download;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.RevisionPointer;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.Sources;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.DeclaredModels;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/** Compares the declared models with the lock file and the disk, and plans the missing downloads. */
final class DownloadPlanner {

    private final CacheConfig config;
    private final Sources sources;
    private final Layouts layouts;
    private final ContentDigests digests;
    private final ModelResolver resolver;
    private final DownloadFailures problems;
    private final ExecutorService workers;
    private final Semaphore scanning = new Semaphore(Runtime.getRuntime().availableProcessors());
    private final EarlyFetches early;
    private final Messages messages;
    private final PatternMessages patterns;
    private final FileGate gate;
    private final Map<ModelReference, Object> turns = new HashMap<>();

    DownloadPlanner(
            CacheConfig config,
            Sources sources,
            ContentDigests digests,
            ModelResolver resolver,
            DownloadFailures problems,
            ExecutorService workers,
            EarlyFetches early,
            Messages messages) {
        this.config = config;
        this.sources = sources;
        this.layouts = new Layouts(config);
        this.digests = digests;
        this.resolver = resolver;
        this.problems = problems;
        this.workers = workers;
        this.early = early;
        this.messages = messages;
        this.patterns = new PatternMessages(config, messages);
        this.gate = new FileGate(config, messages);
    }

    /**
     * A plan, and its results.
     *
     * @param plan the actions
     * @param models the complete models; filled while the plan runs
     * @param fetched the models that the run has fetched
     */
    record Outcome(Plan plan, Map<ModelVersion, ResolvedModel> models, Set<ModelVersion> fetched) {

        ModelDownload.Result result(Lock before, long fetchedBytes, int left) {
            long bytes =
                    models.values().stream().mapToLong(ResolvedModel::bytes).sum();
            return new ModelDownload.Result(
                    models.size(), bytes, fetched.size(), fetchedBytes, left, before, Lock.of(models.values()));
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
        Map<ModelVersion, Action> others = new LinkedHashMap<>();
        Map<ModelVersion, Runnable> failed = new LinkedHashMap<>();
        Map<ModelVersion, Wanted> fetches = new LinkedHashMap<>();
        Map<ModelVersion, ResolvedModel> models = new ConcurrentSkipListMap<>();
        DeclaredModels wanted = DeclaredModels.of(config.models(), resolver::locked);
        TargetPaths places = new TargetPaths(config.projectRoot());
        SpaceCheck space = new SpaceCheck(config, layouts, messages);
        resolver.begin(config.models(), workers);
        while (!wanted.waiting().isEmpty()) {
            ModelDeclaration declaration = resolver.first(wanted.waiting());
            wanted.take(declaration);
            ModelVersion version = declaration.version();
            // A model comes again if a later one needs more of its files.
            failed.remove(version);
            others.remove(version);
            fetches.remove(version);
            early.settle(version);
            models.remove(version);
            try {
                if (dryRun && resolver.locked(declaration).isEmpty()) {
                    others.put(version, unresolved(declaration));
                    continue;
                }
                ResolvedModel model = resolver.resolve(declaration);
                gate.require(model, resolver.locked(declaration).isEmpty());
                if (resolver.locked(declaration).isEmpty()) {
                    patterns.warnOfIdle(declaration, model);
                }
                wanted.resolved(model);
                resolver.beginEach(wanted.waiting(), workers);
                places.require(model, layout(model));
                if (pinOnly && model.complete()) {
                    models.put(version, model);
                    continue;
                }
                List<ModelFiles.State> states = new ModelFiles(layout(model), digests).states(model);
                List<ModelFile> missing = ModelFiles.missing(states);
                if (missing.isEmpty()) {
                    ResolvedModel learned = ModelFiles.learned(model, states);
                    gate.requireSignature(learned, layout(model));
                    models.put(version, learned);
                    pointer(model).ifPresent(action -> others.put(version, action));
                    if (!dryRun) {
                        sources.of(model.reference()).release(model);
                    }
                    continue;
                }
                ResolvedModel known =
                        pinOnly && !dryRun ? sources.of(model.reference()).measured(model) : model;
                if (pinOnly && known.complete()) {
                    models.put(version, known);
                } else {
                    Wanted fetch = new Wanted(declaration, known, missing);
                    fetches.put(version, fetch);
                    if (!pinOnly && resolver.isWaitingFor(wanted.waiting())) {
                        beginEarly(fetch, space);
                    }
                }
            } catch (ModelException e) {
                failed.put(version, () -> problems.add(declaration, wanted.dependents(version), e));
            }
        }
        failed.values().forEach(Runnable::run); // now all dependents are known
        if (resolver.frozen()) {
            resolver.requireNothingElse(wanted.all());
        }
        List<ModelFile> missing = fetches.values().stream()
                .flatMap(fetch -> fetch.missing().stream())
                .toList();
        space.require(missing, fetches.keySet(), resolver.pinned(config.models()));
        boolean covered = resolver.frozen() || resolver.covers(config.models());
        Set<ModelVersion> fetched = ConcurrentHashMap.newKeySet();
        List<Action> actions = new ArrayList<>(others.values());
        fetches.values().forEach(fetch -> actions.add(fetch(fetch, wanted, models, fetched)));
        if (!covered) {
            wanted.widened().forEach(version -> patterns.widened(version, wanted.dependents(version)));
            actions.add(lockWrite(lockFile, models));
        }
        return new Outcome(new Plan(actions), models, fetched);
    }

    private Layout layout(ResolvedModel model) throws ModelException {
        sources.of(model.reference());
        return layouts.of(model);
    }

    /**
     * Writes the ref of a complete model again, if a client has changed it or a run was stopped before it was written.
     */
    private Optional<Action> pointer(ResolvedModel model) throws IOException {
        Layout layout = layouts.of(model);
        Optional<RevisionPointer> wrong = layout.pointer(model).filter(pointer -> !pointer.right());
        if (wrong.isEmpty() && !layout.isArranged(model)) {
            return Optional.of(new Action.Write(layout.place(model), "plain files in place of links", () -> {
                layout.complete(model);
                messages.info("Replaced the links of " + model.reference() + " by plain files");
                return 0;
            }));
        }
        return wrong.map(pointer -> new Action.Write(
                pointer.file(), "points " + pointer.name() + " at " + pointer.target() + ", the locked commit", () -> {
                    layout.complete(model);
                    messages.info("Pointed " + pointer.name() + " of " + model.reference() + " at " + pointer.target()
                            + ", as the lock says");
                    return 0;
                }));
    }

    /** A dry run sends no request, so only the name is known. */
    private Action unresolved(ModelDeclaration declaration) throws ModelException {
        sources.of(declaration.reference());
        if (resolver.frozen()) {
            resolver.resolve(declaration);
        }
        return new Action.Fetch(config.baseDir(), declaration.version().toString(), ModelFile.UNKNOWN_SIZE, () -> 0);
    }

    private Action fetch(
            Wanted fetch, DeclaredModels wanted, Map<ModelVersion, ResolvedModel> models, Set<ModelVersion> brought) {
        ResolvedModel model = fetch.model();
        String name = model.version().toString();
        boolean begun = early.hasBegun(model.version());
        EarlyFetches.Fetch bring = inTurn(model);
        return new Action.Fetch(layouts.of(model).folder(model), name, begun ? 0 : fetch.missingBytes(), () -> {
            try {
                ModelFetch.Fetched fetched = begun ? early.result(model.version()) : bring.run();
                models.put(model.version(), fetched.model());
                if (!fetched.found()) {
                    brought.add(model.version());
                }
                tell(name, fetched);
                return fetched.bytes();
            } catch (ModelException | IOException e) {
                problems.add(fetch.declaration(), wanted.dependents(model.version()), e);
                return 0;
            }
        });
    }

    /** One after the other: versions of one model share a process lock and contents. */
    private EarlyFetches.Fetch inTurn(ResolvedModel model) {
        Object turn = turns.computeIfAbsent(model.reference(), unused -> new Object());
        return () -> {
            synchronized (turn) {
                return fetched(model);
            }
        };
    }

    /** The network would be idle until the last model is resolved. What does not fit waits for the check of them all. */
    private void beginEarly(Wanted fetch, SpaceCheck space) throws IOException {
        long missing = Math.max(0, fetch.missingBytes());
        if (space.fits(early.bytes() + missing)) {
            early.begin(fetch.model().version(), missing, inTurn(fetch.model()));
        }
    }

    private ModelFetch.Fetched fetched(ResolvedModel model) throws ModelException, IOException {
        Source source = sources.of(model.reference());
        Layout layout = layouts.of(model);
        ModelFiles presence = new ModelFiles(layout, digests);
        ModelFetch.Fetched fetched =
                new ModelFetch(source, layout, presence, digests, workers, gate, scanning, messages).run(model);
        gate.save();
        gate.requireSignature(fetched.model(), layout);
        source.release(fetched.model());
        return fetched;
    }

    private void tell(String name, ModelFetch.Fetched fetched) throws ModelException {
        ResolvedModel model = fetched.model();
        String folder = Plan.name(config.projectRoot(), layouts.of(model).folder(model));
        boolean found = fetched.found();
        messages.info((found ? "Found " : "Fetched ") + name + " ("
                + ByteSize.format(found ? model.bytes() : fetched.bytes())
                + (found ? ") in " : ") into ") + folder);
        sources.of(model.reference())
                .nextStep(model, folder)
                .filter(step -> !found)
                .ifPresent(step -> messages.info(name + ": " + step));
    }

    /** Written last, when every model that could be fetched is complete; models that failed keep their old pin. */
    private Action lockWrite(LockFile lockFile, Map<ModelVersion, ResolvedModel> models) {
        return new Action.Write(lockFile.path(), "pins the models", () -> {
            lockFile.update(now -> resolver.merged(models, config.models(), now));
            return 0;
        });
    }
}
