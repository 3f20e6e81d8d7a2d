package io.github.modelcache.outdated;

import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Sources;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks the sources of the locked models for newer versions. */
public final class OutdatedModels {

    private final Sources sources;
    private final boolean offline;
    private final int workers;

    /**
     * A check.
     *
     * @param offline whether no request may be sent; then every version is unknown
     * @param workers the number of models to ask for at once, 1 or more
     */
    public OutdatedModels(Sources sources, boolean offline, int workers) {
        this.sources = sources;
        this.offline = offline;
        this.workers = workers;
    }

    /**
     * The declared models that are locked, and their dependencies.
     *
     * @throws IOException if the thread is interrupted
     */
    public List<CheckedModel> check(Lock lock, List<ModelDeclaration> declared) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(workers);
        try {
            List<Future<CheckedModel>> asked = new ArrayList<>();
            for (ModelDeclaration declaration : lock.withDependencies(declared)) {
                lock.find(declaration.version())
                        .ifPresent(locked -> asked.add(executor.submit(() -> check(declaration, locked))));
            }
            List<CheckedModel> checked = new ArrayList<>();
            for (Future<CheckedModel> one : asked) {
                checked.add(one.get());
            }
            return checked;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sources were asked");
        } finally {
            executor.shutdownNow();
        }
    }

    private CheckedModel check(ModelDeclaration declaration, ResolvedModel locked) {
        if (offline) {
            return new CheckedModel(locked, Optional.empty(), "Maven is offline (-o)");
        }
        try {
            Optional<LatestVersion> latest = sources.of(declaration.reference()).latest(declaration, locked);
            return new CheckedModel(locked, latest, latest.isPresent() ? "" : "its source does not tell versions");
        } catch (ModelException e) {
            return new CheckedModel(locked, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}
