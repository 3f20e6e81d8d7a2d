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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Compares what a model should be with what is on the disk. */
public final class ModelFiles {

    /** Files that are looked at by one thread in a row. */
    private static final int FILES_A_PART = 64;

    /** Enough to keep every core looking and reading. */
    private static final int PARTS_AHEAD = 4;

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
     * @param file what it should be
     * @param path where it should be
     * @param problem what is wrong with it
     * @param actualSize its size in bytes; -1 when it is missing
     * @param actualDigest its digest, where it had to be known
     */
    public record State(
            ModelFile file, Path path, Optional<Problem> problem, long actualSize, Optional<Digest> actualDigest) {}

    /** What can be wrong with a file. */
    public enum Problem {
        /** There is none. */
        MISSING,
        /** It is longer or shorter than it should be. */
        WRONG_SIZE,
        /** It has other content than it should. */
        WRONG_CONTENT,
        /** Its digest is not known, so nobody can tell. */
        UNKNOWN
    }

    /** The files that have to be fetched: missing, changed, or of unknown content. */
    public List<ModelFile> missing(ResolvedModel model) throws IOException {
        return missing(states(model));
    }

    /** The files of these states that have to be fetched. */
    public static List<ModelFile> missing(List<State> states) {
        return states.stream()
                .filter(state -> state.problem().isPresent())
                .map(State::file)
                .toList();
    }

    /** The same model with the sizes of the files that are as they should be, where its source did not tell them. */
    public static ResolvedModel learned(ResolvedModel model, List<State> states) {
        List<ModelFile> files = new ArrayList<>();
        for (State state : states) {
            boolean right = state.problem().isEmpty() && state.actualDigest().isPresent();
            files.add(
                    right
                            ? state.file()
                                    .found(
                                            state.actualSize(),
                                            state.actualDigest().get())
                            : state.file());
        }
        return model.withFiles(files);
    }

    /** The state of every file; those whose content is not known from the index are read, several at once. */
    public List<State> states(ResolvedModel model) throws IOException {
        List<State> states = new ArrayList<>();
        each(model, states::add);
        return states;
    }

    /** Who wants to see states. */
    @FunctionalInterface
    public interface Visitor {
        /** The state of the next file. */
        void state(State state) throws IOException;
    }

    /** Shows the state of every file, in order; keeps no more of them than can be looked at meanwhile. */
    public void each(ResolvedModel model, Visitor visitor) throws IOException {
        Deque<WorkSharingExecutor.Task<List<Looking>>> ahead = new ArrayDeque<>();
        try (WorkSharingExecutor crew = new WorkSharingExecutor("model-cache-look")) {
            List<ModelFile> files = model.files();
            for (int start = 0; start < files.size(); start += FILES_A_PART) {
                List<ModelFile> part = files.subList(start, Math.min(files.size(), start + FILES_A_PART));
                Callable<List<Looking>> looks = () -> look(model, part);
                ahead.add(files.size() > FILES_A_PART ? crew.begin(looks) : crew.later(looks));
                if (ahead.size() > PARTS_AHEAD) {
                    show(ahead.remove(), visitor);
                }
            }
            while (!ahead.isEmpty()) {
                show(ahead.remove(), visitor);
            }
        }
    }

    private static void show(WorkSharingExecutor.Task<List<Looking>> part, Visitor visitor) throws IOException {
        for (Looking looking : part.get()) {
            visitor.state(looking.state());
        }
    }

    private List<Looking> look(ResolvedModel model, List<ModelFile> files) throws IOException {
        List<Looking> looks = new ArrayList<>(files.size());
        for (ModelFile file : files) {
            looks.add(look(layout.file(model, file), file));
        }
        return looks;
    }

    @FunctionalInterface
    private interface Looking {
        State state() throws IOException;
    }

    private Looking look(Path path, ModelFile file) throws IOException {
        CacheEntry entry;
        try {
            entry = realFiles.look(path);
        } catch (NoSuchFileException e) {
            return () -> new State(file, path, Optional.of(Problem.MISSING), -1, Optional.empty());
        }
        if (entry.kind() != CacheEntry.Kind.FILE) {
            return () -> new State(file, path, Optional.of(Problem.MISSING), -1, Optional.empty());
        }
        if (file.digest().isEmpty()) {
            return () -> new State(file, path, Optional.of(Problem.UNKNOWN), entry.size(), Optional.empty());
        }
        if (entry.size() != file.size() && file.size() != ModelFile.UNKNOWN_SIZE) {
            return () -> new State(file, path, Optional.of(Problem.WRONG_SIZE), entry.size(), Optional.empty());
        }
        Digest expected = file.digest().get();
        ContentDigests.Pending pending = digests.digest(entry.path(), entry.stamp(), expected.algorithm());
        return () -> {
            Digest actual = pending.get();
            Optional<Problem> problem = actual.equals(expected) ? Optional.empty() : Optional.of(Problem.WRONG_CONTENT);
            return new State(file, path, problem, entry.size(), Optional.of(actual));
        };
    }
}
