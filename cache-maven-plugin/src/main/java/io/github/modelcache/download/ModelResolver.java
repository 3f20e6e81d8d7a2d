package io.github.modelcache.download;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Sources;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what a declaration stands for: what the lock has, or else what the source says now. */
final class ModelResolver {

    private final Sources sources;
    private final Lock lock;
    private final DownloadOptions options;
    /** What is being resolved before it is asked for. */
    private final Map<ModelDeclaration, CompletableFuture<ResolvedModel>> ahead = new HashMap<>();

    ModelResolver(Sources sources, Lock lock, DownloadOptions options) {
        this.sources = sources;
        this.lock = lock;
        this.options = options;
    }

    /** The pinned model, unless its pin is updated. */
    Optional<ResolvedModel> locked(ModelDeclaration declaration) {
        return options.updates(declaration.reference().toString()) ? Optional.empty() : lock.find(declaration);
    }

    /** Begins to resolve the models that are not locked, all side by side, so that their round trips overlap. */
    void begin(List<ModelDeclaration> declarations, ExecutorService workers) {
        beginEach(lock.withDependencies(declarations), workers);
    }

    /** The same without their dependencies. */
    void beginEach(List<ModelDeclaration> declarations, ExecutorService workers) {
        if (options.frozen() || options.dryRun()) {
            return;
        }
        for (ModelDeclaration declaration : declarations) {
            if (locked(declaration).isEmpty()) {
                ahead.computeIfAbsent(declaration, one -> begun(one, workers));
            }
        }
    }

    private CompletableFuture<ResolvedModel> begun(ModelDeclaration declaration, ExecutorService workers) {
        CompletableFuture<ResolvedModel> result = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                result.complete(ofSource(declaration));
            } catch (ModelException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Whether some of these are not resolved yet. */
    boolean isWaitingFor(List<ModelDeclaration> declarations) {
        return declarations.stream().map(ahead::get).anyMatch(begun -> begun != null && !begun.isDone());
    }

    /** Waits until one of these need not be waited for, and returns it. */
    ModelDeclaration first(List<ModelDeclaration> declarations) {
        while (true) {
            List<CompletableFuture<ResolvedModel>> running = new ArrayList<>();
            for (ModelDeclaration declaration : declarations) {
                CompletableFuture<ResolvedModel> begun = ahead.get(declaration);
                if (begun == null || begun.isDone()) {
                    return declaration;
                }
                running.add(begun);
            }
            try {
                CompletableFuture.anyOf(running.toArray(CompletableFuture[]::new))
                        .handle((model, problem) -> model)
                        .get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return declarations.get(0);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private ResolvedModel ofSource(ModelDeclaration declaration) throws ModelException {
        return sources.of(declaration.reference()).resolve(declaration);
    }

    /**
     * The pinned model, or the one that the source resolves.
     *
     * @throws ModelException when it is not locked and must be, or cannot be resolved
     */
    ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        Optional<ResolvedModel> locked = locked(declaration);
        if (locked.isPresent()) {
            return locked.get();
        }
        if (options.frozen()) {
            throw new ModelException(declaration.version()
                    + " is not in the lock file as it is declared now, and cache.frozen does not allow resolving it;"
                    + " run mvn cache:lock and commit config/models.lock.json");
        }
        Future<ResolvedModel> begun = ahead.remove(declaration);
        ResolvedModel resolved = begun == null ? ofSource(declaration) : outcome(declaration, begun);
        return earlier(declaration).map(resolved::after).orElse(resolved);
    }

    /** The pin that a declaration had before: of the same version, or the only one of its model. */
    private Optional<ResolvedModel> earlier(ModelDeclaration declaration) {
        List<ResolvedModel> versions = lock.versions(declaration.reference());
        return lock.find(declaration.version())
                .or(() -> versions.size() == 1 ? Optional.of(versions.get(0)) : Optional.empty());
    }

    private static ResolvedModel outcome(ModelDeclaration declaration, Future<ResolvedModel> begun)
            throws ModelException {
        try {
            return begun.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException(declaration.version() + ": interrupted while it was resolved", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ModelException problem) {
                throw problem;
            }
            throw e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e.getCause());
        }
    }

    boolean frozen() {
        return options.frozen();
    }

    /** Whether the lock file pins these models and their dependencies, and no others, and no pin is updated. */
    boolean covers(List<ModelDeclaration> declarations) {
        List<ModelDeclaration> wanted = lock.withDependencies(declarations);
        return wanted.size() == lock.models().size()
                && wanted.stream().allMatch(declaration -> locked(declaration).isPresent());
    }

    /** The pins of these models and of their dependencies. */
    List<ResolvedModel> pinned(List<ModelDeclaration> declarations) {
        return lock.withDependencies(declarations).stream()
                .map(declaration -> lock.find(declaration))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Fails if the lock file pins a model that is not needed. */
    void requireNothingElse(List<ModelDeclaration> wanted) throws ModelException {
        Set<ModelVersion> declared =
                wanted.stream().map(ModelDeclaration::version).collect(Collectors.toSet());
        for (ResolvedModel model : lock.models()) {
            if (!declared.contains(model.version())) {
                throw new ModelException("The lock file pins " + model.version()
                        + ", which is no longer declared, and cache.frozen does not allow changing the lock file;"
                        + " run mvn cache:lock and commit config/models.lock.json");
            }
        }
    }

    /** A model that was resolved anew and did not move is what was pushed. */
    private ResolvedModel stillPushed(ResolvedModel model) {
        Optional<ResolvedModel> before = lock.find(model.version());
        return before.flatMap(ResolvedModel::manifest)
                .map(model::pushed)
                .filter(pushed -> before.get().equals(pushed))
                .orElse(model);
    }

    /**
     * The new lock: the declared models as they are now, or with their former pins where they could not be resolved, and the
     * models that other builds have locked meanwhile.
     *
     * @param now the lock as it has become
     */
    Lock merged(Map<ModelVersion, ResolvedModel> current, List<ModelDeclaration> declarations, Lock now) {
        Function<ModelDeclaration, Optional<ResolvedModel>> known =
                declaration -> Optional.ofNullable(current.get(declaration.version()))
                        .map(this::stillPushed)
                        .or(() -> lock.find(declaration));
        return Lock.of(Lock.withDependencies(declarations, known).stream()
                        .map(known)
                        .flatMap(Optional::stream)
                        .toList())
                .withChanges(lock, now);
    }
}
