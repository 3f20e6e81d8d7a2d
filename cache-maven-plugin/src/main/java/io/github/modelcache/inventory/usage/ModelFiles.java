package io.github.modelcache.inventory.usage;

import io.github.modelcache.concurrent.WorkSharingExecutor;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.fingerprint.LinkResolver;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Compares the locked files of a model with the disk. */
public final class ModelFiles {

    /** Files that one thread looks at in a row. */
    private static final int FILES_A_PART = 64;

    private final Layout layout;
    private final ContentDigests digests;
    private final LinkResolver realFiles = new LinkResolver();

    /** A comparison of models of one layout. */
    public ModelFiles(Layout layout, ContentDigests digests) {
        this.layout = layout;
        this.digests = digests;
    }

    /**
     * The state of one file.
     *
     * @param file the locked file
     * @param path its place in the cache
     * @param content the file that the path leads to; empty if it is missing
     * @param actualDigest its digest, if it was compared
     */
    public record State(
            ModelFile file,
            Path path,
            Optional<Problem> problem,
            Optional<CacheEntry> content,
            Optional<Digest> actualDigest) {

        /** The size in bytes; -1 if the file is missing. */
        public long actualSize() {
            return content.map(CacheEntry::size).orElse(-1L);
        }
    }

    /** The result of a comparison. */
    public enum Problem {
        /** It does not exist. */
        MISSING,
        /** It is longer or shorter than it should be. */
        WRONG_SIZE,
        /** It has another digest. */
        WRONG_CONTENT,
        /** It can't be compared: its locked digest is not known. */
        UNKNOWN
    }

    /** The files that have to be fetched: missing, changed, or of unknown content. */
    public List<ModelFile> missing(ResolvedModel model) throws IOException {
        return missing(states(model));
    }

    /** What is wrong with a model in the cache, as a sentence; empty if it is complete. */
    public Optional<String> incomplete(ResolvedModel model) throws IOException {
        return missing(model).stream()
                .findFirst()
                .map(file -> model.reference() + " is not complete in the cache: " + file.path()
                        + " is missing or differs from the lock file");
    }

    /** The files of these states that have to be fetched. */
    public static List<ModelFile> missing(List<State> states) {
        return states.stream()
                .filter(state -> state.problem().isPresent())
                .map(State::file)
                .toList();
    }

    /** The same model with the sizes of the files that are right, where its source did not tell them. */
    public static ResolvedModel learned(ResolvedModel model, List<State> states) {
        List<ModelFile> files = new ArrayList<>();
        for (State state : states) {
            boolean right = state.problem().isEmpty() && state.actualDigest().isPresent();
            ModelFile file = state.file();
            files.add(
                    right ? file.found(state.actualSize(), state.actualDigest().get()) : file);
        }
        return model.withFiles(files);
    }

    /** The state of every file, in order; the files whose digest is not in the index are hashed, several at once. */
    public List<State> states(ResolvedModel model) throws IOException {
        List<ModelFile> files = model.files();
        List<WorkSharingExecutor.Task<List<PendingState>>> parts = new ArrayList<>();
        List<State> states = new ArrayList<>(files.size());
        try (WorkSharingExecutor executor = new WorkSharingExecutor("model-cache-look")) {
            for (int start = 0; start < files.size(); start += FILES_A_PART) {
                List<ModelFile> part = files.subList(start, Math.min(files.size(), start + FILES_A_PART));
                Callable<List<PendingState>> pending = () -> begin(model, part);
                parts.add(files.size() > FILES_A_PART ? executor.begin(pending) : executor.later(pending));
            }
            for (WorkSharingExecutor.Task<List<PendingState>> part : parts) {
                for (PendingState each : part.get()) {
                    states.add(each.state());
                }
            }
        }
        return states;
    }

    private List<PendingState> begin(ResolvedModel model, List<ModelFile> files) throws IOException {
        List<PendingState> pending = new ArrayList<>(files.size());
        for (ModelFile file : files) {
            pending.add(begin(layout.file(model, file), file));
        }
        return pending;
    }

    @FunctionalInterface
    private interface PendingState {
        State state() throws IOException;
    }

    private PendingState begin(Path path, ModelFile file) throws IOException {
        CacheEntry entry;
        try {
            entry = realFiles.resolve(path);
        } catch (NoSuchFileException e) {
            return () -> state(file, path, Problem.MISSING, Optional.empty());
        }
        if (entry.kind() != CacheEntry.Kind.FILE) {
            return () -> state(file, path, Problem.MISSING, Optional.empty());
        }
        if (file.digest().isEmpty()) {
            return () -> state(file, path, Problem.UNKNOWN, Optional.of(entry));
        }
        if (entry.size() != file.size() && file.size() != ModelFile.UNKNOWN_SIZE) {
            return () -> state(file, path, Problem.WRONG_SIZE, Optional.of(entry));
        }
        Digest expected = file.digest().get();
        ContentDigests.Pending pending = digests.digest(entry.path(), entry.stamp(), expected.algorithm());
        return () -> {
            Digest actual = pending.get();
            Optional<Problem> problem = actual.equals(expected) ? Optional.empty() : Optional.of(Problem.WRONG_CONTENT);
            return new State(file, path, problem, Optional.of(entry), Optional.of(actual));
        };
    }

    private static State state(ModelFile file, Path path, Problem problem, Optional<CacheEntry> content) {
        return new State(file, path, Optional.of(problem), content, Optional.empty());
    }
}
