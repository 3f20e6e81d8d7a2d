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
    private final SpaceRequirement space = new SpaceRequirement();
    private final Set<Path> deleted = new HashSet<>();
    private final Set<Path> planned = new HashSet<>();
    private final Set<ModelReference> models = new HashSet<>();
    /** Sizes of files in the shared store of each old folder, which are deleted with the store. */
    private final Map<Path, Map<Path, Long>> stored = new HashMap<>();

    private long bytes;
    private long duplicateBytes;

    MigrationPlanner(TargetState targets, SkippedReport notes, MigrationExecutor executor) {
        this.targets = targets;
        this.notes = notes;
        this.executor = executor;
    }

    /** The files and links that the plan deletes or moves. */
    Set<Path> deletedPaths() {
        return deleted;
    }

    /** Fails when a disk is too small for the files to copy. */
    void requireSpace() throws IOException {
        space.require();
    }

    /** The plan with these actions and the sums. */
    MigrationPlan plan(List<Action> actions, List<String> lines, List<String> undeclared, List<Path> oldPlaces) {
        return new MigrationPlan(
                new Plan(actions), models.size(), bytes, space.bytes(), duplicateBytes, lines, undeclared, oldPlaces);
    }

    /**
     * Plans one model.
     *
     * @param mounted whether the model or a part of it is on another mount, and so is kept
     */
    List<Action> planModel(FoundModel found, boolean keepSource, boolean mounted) {
        boolean keep = keepSource || mounted;
        try {
            boolean sameDisk = !mounted && Volume.isSame(found.source(), found.target());
            boolean movable = !keep && found.whole() && sameDisk && targets.isFree(found.target());
            return movable ? List.of(move(found)) : merge(found, keep, sameDisk);
        } catch (IOException e) {
            notes.add(
                    found.source(),
                    "is kept: it can't be compared with the project's cache (" + IoErrors.message(e, found.source())
                            + ")");
            return List.of();
        }
    }

    private Action move(FoundModel found) {
        register(found);
        bytes += found.bytes();
        targets.plan(found);
        deleted.addAll(found.deletable());
        return new Action.Move(found.target(), notes.name(found.source()), found.bytes(), () -> executor.move(found));
    }

    /**
     * The files of a model, compared with the project's cache.
     *
     * @param missing files that the project lacks, or has damaged
     * @param duplicates files of which the project has a copy
     * @param conflicts files that differ from the project's, where no digest decides
     */
    private record Compared(List<SourceFile> missing, List<SourceFile> duplicates, List<SourceFile> conflicts) {}

    private Compared compare(FoundModel found) throws IOException {
        Compared compared = new Compared(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (SourceFile file : found.files()) {
            switch (targets.state(file)) {
                case ABSENT -> compared.missing.add(file);
                case SAME -> compared.duplicates.add(file);
                case OTHER -> (file.known() ? compared.missing : compared.conflicts).add(file);
                case ITSELF -> {} // the same file under another name
            }
        }
        return compared;
    }

    private List<Action> merge(FoundModel found, boolean keep, boolean sameDisk) throws IOException {
        Compared compared = compare(found);
        for (SourceFile file : compared.conflicts) {
            notes.add(
                    file.source(),
                    "is kept: it differs from " + notes.name(file.target())
                            + ", and no digest is known for either; delete the one that you don't need");
        }
        List<SourceFile> shared = keep && sameDisk ? shareable(compared.duplicates) : List.of();
        FoundModel rest = without(found, compared.conflicts);
        List<Action> actions = new ArrayList<>();
        if (!compared.missing.isEmpty() || !shared.isEmpty() || lacksLinks(rest)) {
            register(rest);
            actions.add(importAction(rest, compared.missing, shared, sameDisk));
        }
        targets.plan(rest);
        if (!keep && ImportedFiles.isUsedByProject(rest)) {
            notes.add(rest.source(), "is kept: the project's cache links to it");
        } else if (!keep && !rest.deletable().isEmpty()) {
            register(rest);
            actions.add(deleteAction(rest, compared, sameDisk));
        }
        return actions;
    }

    private void register(FoundModel found) {
        models.add(found.model());
        found.links().forEach(link -> planned.add(link.link()));
        found.refs().forEach(ref -> planned.add(ref.file()));
    }

    private Action importAction(FoundModel found, List<SourceFile> missing, List<SourceFile> shared, boolean sameDisk)
            throws IOException {
        long size = size(missing);
        long copies = size(copied(missing, sameDisk));
        long saved = savedBytes(shared);
        bytes += size;
        duplicateBytes += saved;
        space.add(found.target(), copies);
        String how;
        if (missing.isEmpty()) {
            how = shared.isEmpty() ? "links only" : ByteSize.format(saved) + " stored twice become one file";
        } else if (copies == 0) {
            how = "hard links, no bytes are copied";
        } else {
            how = copies == size ? "copied" : ByteSize.format(copies) + " copied, the rest hard links";
        }
        return new Action.Copy(
                found.target(),
                notes.name(found.source()),
                size,
                how,
                () -> executor.importModel(found, missing, shared));
    }

    private Action deleteAction(FoundModel found, Compared compared, boolean sameDisk) {
        Set<Path> paths = new HashSet<>();
        compared.duplicates.forEach(file -> paths.add(file.source()));
        deleted.addAll(found.deletable());
        long duplicateFreed = freedBytes(deletedFiles(found, compared.duplicates));
        duplicateBytes += duplicateFreed;
        String why;
        if (!compared.missing.isEmpty()) {
            why = "imported before";
        } else {
            why = paths.isEmpty() ? "other names of files in the project's cache" : "stored twice";
        }
        List<SourceFile> copied = copied(compared.missing, sameDisk);
        long freed = duplicateFreed + freedBytes(deletedFiles(found, copied));
        addStored(found, compared.duplicates);
        addStored(found, copied);
        return new Action.Delete(found.source(), freed, why, () -> executor.deleteSource(found, paths));
    }

    /** The files that are deleted from the old folder; of a file in the shared store only the link is. */
    private static List<SourceFile> deletedFiles(FoundModel found, List<SourceFile> files) {
        Set<Path> deletable = new HashSet<>(found.deletable());
        return files.stream().filter(file -> deletable.contains(file.source())).toList();
    }

    private void addStored(FoundModel found, List<SourceFile> files) {
        Set<Path> deletable = new HashSet<>(found.deletable());
        Map<Path, Long> contents = stored.computeIfAbsent(found.place().path(), place -> new HashMap<>());
        for (SourceFile file : files) {
            if (!deletable.contains(file.source()) && file.content().links() <= 1) {
                contents.put(file.source(), file.size());
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
        return missing.stream().filter(file -> !sameDisk || !file.shareable()).toList();
    }

    /** The size of the old files without other hard links, each once. */
    private static long freedBytes(List<SourceFile> files) {
        Set<Path> counted = new HashSet<>();
        return files.stream()
                .filter(file -> file.content().links() <= 1 && counted.add(file.source()))
                .mapToLong(SourceFile::size)
                .sum();
    }

    /** The size of the project's files that are replaced by hard links. */
    private long savedBytes(List<SourceFile> shared) throws IOException {
        long saved = 0;
        for (SourceFile file : shared) {
            saved += HardLinks.names(targets.origin(file)) <= 1 ? file.size() : 0;
        }
        return saved;
    }

    private static long size(List<SourceFile> files) {
        return files.stream().mapToLong(SourceFile::size).sum();
    }

    private List<SourceFile> shareable(List<SourceFile> duplicates) throws IOException {
        List<SourceFile> shareable = new ArrayList<>();
        for (SourceFile file : duplicates) {
            if (mayShare(file)) {
                shareable.add(file);
            }
        }
        return shareable;
    }

    /** The model without conflicting files; its old folder is then kept. */
    private static FoundModel without(FoundModel found, List<SourceFile> conflicts) {
        if (conflicts.isEmpty()) {
            return found;
        }
        List<SourceFile> files =
                found.files().stream().filter(file -> !conflicts.contains(file)).toList();
        Set<Path> taken = new HashSet<>();
        conflicts.forEach(file -> taken.add(file.target()));
        List<FoundModel.LinkTo> links = found.links().stream()
                .filter(link -> !taken.contains(link.blob()))
                .toList();
        return found.with(files, links);
    }

    /** Whether two equal files may become one: no program writes into them, and one user owns both. */
    private boolean mayShare(SourceFile file) throws IOException {
        Path other = targets.origin(file);
        if (!file.shareable() || !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return Files.getOwner(file.source()).equals(Files.getOwner(other));
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private boolean lacksLinks(FoundModel found) throws IOException {
        for (FoundModel.LinkTo link : found.links()) {
            if (!targets.exists(link.link()) && !planned.contains(link.link())) {
                return true;
            }
        }
        for (FoundModel.Ref ref : found.refs()) {
            boolean snapshot = targets.folderExists(ref.snapshot());
            boolean exists = Files.exists(ref.file(), LinkOption.NOFOLLOW_LINKS);
            boolean current = exists
                    && Files.isRegularFile(ref.file())
                    && Files.size(ref.file()) == ref.commit().length()
                    && RegularFile.text(ref.file(), ref.commit().length()).equals(ref.commit());
            if (snapshot && (ref.wins() ? !current : !exists) && !planned.contains(ref.file())) {
                return true;
            }
        }
        return false;
    }
}
