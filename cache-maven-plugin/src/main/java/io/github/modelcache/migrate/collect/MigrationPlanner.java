package io.github.modelcache.migrate.collect;

import io.github.modelcache.files.HardLinks;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.Volume;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides how each model is imported, given the project's cache and the models planned before, and adds up the sizes. */
final class MigrationPlanner {

    private final TargetState targets;
    private final SkippedReport notes;
    private final MigrationExecutor executor;
    private final SpaceRequirement room = new SpaceRequirement();
    private final Set<Path> going = new HashSet<>();
    private final Set<Path> planned = new HashSet<>();
    private final Set<ModelReference> models = new HashSet<>();
    /** Sizes of files in the shared store of each old folder, which are deleted with the store. */
    private final Map<Path, Map<Path, Long>> stored = new HashMap<>();

    private long bytes;
    private long twiceBytes;

    MigrationPlanner(TargetState targets, SkippedReport notes, MigrationExecutor executor) {
        this.targets = targets;
        this.notes = notes;
        this.executor = executor;
    }

    /** The files and links that the plan deletes or moves. */
    Set<Path> going() {
        return going;
    }

    /** Fails when a disk is too small for the files to copy. */
    void requireRoom() throws IOException {
        room.require();
    }

    /** The plan with these actions and the sums. */
    MigrationPlan plan(List<Action> actions, List<String> lines, List<String> undeclared, List<Path> oldPlaces) {
        return new MigrationPlan(
                new Plan(actions), models.size(), bytes, room.bytes(), twiceBytes, lines, undeclared, oldPlaces);
    }

    /**
     * Plans one model.
     *
     * @param mounted whether the model or a part of it is on another mount, and so is kept
     */
    List<Action> decide(FoundModel find, boolean keepSource, boolean mounted) {
        boolean keep = keepSource || mounted;
        try {
            boolean sameDisk = !mounted && Volume.isSame(find.source(), find.target());
            boolean movable = !keep && find.whole() && sameDisk && targets.free(find.target());
            return movable ? List.of(move(find)) : merge(find, keep, sameDisk);
        } catch (IOException e) {
            notes.add(
                    find.source(),
                    "is kept: it can't be compared with the project's cache (" + IoErrors.message(e, find.source())
                            + ")");
            return List.of();
        }
    }

    private Action move(FoundModel find) {
        note(find);
        bytes += find.bytes();
        targets.coming(find);
        going.addAll(find.goes());
        return new Action.Move(find.target(), notes.name(find.source()), find.bytes(), () -> executor.move(find));
    }

    /**
     * The files of a model, compared with the project's cache.
     *
     * @param missing files that the project lacks, or has damaged
     * @param twice files of which the project has a copy
     * @param conflicts files that differ from the project's, where no digest decides
     */
    private record Compared(List<SourceFile> missing, List<SourceFile> twice, List<SourceFile> conflicts) {}

    private Compared compare(FoundModel find) throws IOException {
        Compared compared = new Compared(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (SourceFile piece : find.pieces()) {
            switch (targets.state(piece)) {
                case ABSENT -> compared.missing.add(piece);
                case SAME -> compared.twice.add(piece);
                case OTHER -> (piece.known() ? compared.missing : compared.conflicts).add(piece);
                case ITSELF -> {} // the same file under another name
            }
        }
        return compared;
    }

    private List<Action> merge(FoundModel find, boolean keep, boolean sameDisk) throws IOException {
        Compared compared = compare(find);
        for (SourceFile piece : compared.conflicts) {
            notes.add(
                    piece.source(),
                    "is kept: it differs from " + notes.name(piece.target())
                            + ", and no digest tells which is right; delete the one that you don't need");
        }
        List<SourceFile> shared = keep && sameDisk ? shareable(compared.twice) : List.of();
        FoundModel rest = without(find, compared.conflicts);
        List<Action> actions = new ArrayList<>();
        if (!compared.missing.isEmpty() || !shared.isEmpty() || lacksLinks(rest)) {
            note(rest);
            actions.add(bring(rest, compared.missing, shared, sameDisk));
        }
        targets.coming(rest);
        if (!keep && ImportedFiles.isUsedByProject(rest)) {
            notes.add(rest.source(), "is kept: the project's cache links to it");
        } else if (!keep && !rest.goes().isEmpty()) {
            note(rest);
            actions.add(free(rest, compared, sameDisk));
        }
        return actions;
    }

    private void note(FoundModel find) {
        models.add(find.model());
        find.links().forEach(link -> planned.add(link.link()));
        find.refs().forEach(ref -> planned.add(ref.file()));
    }

    private Action bring(FoundModel find, List<SourceFile> missing, List<SourceFile> shared, boolean sameDisk)
            throws IOException {
        long size = size(missing);
        long copies = size(copied(missing, sameDisk));
        long saved = savedBytes(shared);
        bytes += size;
        twiceBytes += saved;
        room.add(find.target(), copies);
        String how;
        if (missing.isEmpty()) {
            how = shared.isEmpty() ? "links only" : ByteSize.format(saved) + " stored twice become one file";
        } else if (copies == 0) {
            how = "hard links, no byte is copied";
        } else {
            how = copies == size ? "copied" : ByteSize.format(copies) + " copied, the rest hard links";
        }
        return new Action.Copy(
                find.target(), notes.name(find.source()), size, how, () -> executor.bring(find, missing, shared));
    }

    private Action free(FoundModel find, Compared compared, boolean sameDisk) {
        Set<Path> twice = new HashSet<>();
        compared.twice.forEach(piece -> twice.add(piece.source()));
        going.addAll(find.goes());
        long again = lastNames(gone(find, compared.twice));
        twiceBytes += again;
        String why;
        if (!compared.missing.isEmpty()) {
            why = "imported before";
        } else {
            why = twice.isEmpty() ? "other names of files in the project's cache" : "stored twice";
        }
        List<SourceFile> copied = copied(compared.missing, sameDisk);
        long freed = again + lastNames(gone(find, copied));
        stored(find, compared.twice);
        stored(find, copied);
        return new Action.Delete(find.source(), freed, why, () -> executor.free(find, twice));
    }

    /** The files that are deleted from the old folder; of a file in the shared store only the link is. */
    private static List<SourceFile> gone(FoundModel find, List<SourceFile> pieces) {
        Set<Path> goes = new HashSet<>(find.goes());
        return pieces.stream().filter(piece -> goes.contains(piece.source())).toList();
    }

    private void stored(FoundModel find, List<SourceFile> pieces) {
        Set<Path> goes = new HashSet<>(find.goes());
        Map<Path, Long> contents = stored.computeIfAbsent(find.place().path(), place -> new HashMap<>());
        for (SourceFile piece : pieces) {
            if (!goes.contains(piece.source()) && piece.content().links() <= 1) {
                contents.put(piece.source(), piece.size());
            }
        }
    }

    /** The bytes that become free when the shared store of an old folder is deleted. */
    long storedBytes(Path place) {
        return stored.getOrDefault(place, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The files that can't be hard links to the old ones. */
    private static List<SourceFile> copied(List<SourceFile> missing, boolean sameDisk) {
        return missing.stream().filter(piece -> !sameDisk || !piece.shareable()).toList();
    }

    /** The size of the old files without other hard links, each once. */
    private static long lastNames(List<SourceFile> pieces) {
        Set<Path> counted = new HashSet<>();
        return pieces.stream()
                .filter(piece -> piece.content().links() <= 1 && counted.add(piece.source()))
                .mapToLong(SourceFile::size)
                .sum();
    }

    /** The size of the project's files that are replaced by hard links. */
    private long savedBytes(List<SourceFile> shared) throws IOException {
        long saved = 0;
        for (SourceFile piece : shared) {
            saved += HardLinks.names(targets.origin(piece)) <= 1 ? piece.size() : 0;
        }
        return saved;
    }

    private static long size(List<SourceFile> pieces) {
        return pieces.stream().mapToLong(SourceFile::size).sum();
    }

    private List<SourceFile> shareable(List<SourceFile> twice) throws IOException {
        List<SourceFile> shareable = new ArrayList<>();
        for (SourceFile piece : twice) {
            if (mayShare(piece)) {
                shareable.add(piece);
            }
        }
        return shareable;
    }

    /** The model without conflicting files; its old folder is then kept. */
    private static FoundModel without(FoundModel find, List<SourceFile> conflicts) {
        if (conflicts.isEmpty()) {
            return find;
        }
        List<SourceFile> pieces = find.pieces().stream()
                .filter(piece -> !conflicts.contains(piece))
                .toList();
        Set<Path> taken = new HashSet<>();
        conflicts.forEach(piece -> taken.add(piece.target()));
        List<FoundModel.LinkTo> links = find.links().stream()
                .filter(link -> !taken.contains(link.blob()))
                .toList();
        return find.with(pieces, links);
    }

    /** Whether two equal files may become one: no program writes into them, and one user owns both. */
    private boolean mayShare(SourceFile piece) throws IOException {
        Path other = targets.origin(piece);
        if (!piece.shareable() || !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return Files.getOwner(piece.source()).equals(Files.getOwner(other));
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private boolean lacksLinks(FoundModel find) throws IOException {
        for (FoundModel.LinkTo link : find.links()) {
            if (!targets.present(link.link()) && !planned.contains(link.link())) {
                return true;
            }
        }
        for (FoundModel.Ref ref : find.refs()) {
            boolean snapshot = targets.presentFolder(ref.snapshot());
            boolean there = Files.exists(ref.file(), LinkOption.NOFOLLOW_LINKS);
            boolean right = there
                    && Files.isRegularFile(ref.file())
                    && Files.size(ref.file()) == ref.commit().length()
                    && RegularFile.text(ref.file(), ref.commit().length()).equals(ref.commit());
            if (snapshot && (ref.wins() ? !right : !there) && !planned.contains(ref.file())) {
                return true;
            }
        }
        return false;
    }
}
