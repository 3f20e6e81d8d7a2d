package io.github.modelcache.copy;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.ModelTree;
import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Copies chosen models as plain files into a folder: {@code <folder>/<name>/}. Each file is checked against the lock; one
 * that is there already is left; one that was copied for a model that is no longer chosen is deleted. A file that this
 * goal has not written is never replaced or deleted.
 */
public record ModelCopy(CacheConfig config, Lock lock, ContentDigests digests, CopyTarget target, Messages messages) {
    /** A file to be copied. */
    private record Piece(String name, Path source, Path file, long size, Digest digest) {}

    /**
     * What has to be copied and deleted.
     *
     * @param chosen names or references of models; none means all
     * @param outside whether the folder may lie outside of the project
     * @throws IOException when the folder is refused, a model is missing or corrupt, a file of somebody else is in the way,
     *     or the disk has too little space
     * @throws IllegalArgumentException when no model has a name that is asked for
     */
    public Plan plan(List<String> chosen, boolean outside) throws IOException {
        target.require(config, outside);
        CopyRecord record = CopyRecord.read(target.record());
        List<Action> actions = new ArrayList<>();
        SortedMap<String, String> index = new TreeMap<>();
        Set<String> wanted = new TreeSet<>();
        long needed = 0;
        for (NamedModel model : NamedModel.chosen(config, lock, "cache.copy.models", chosen)) {
            List<Piece> pieces = pieces(model);
            List<Piece> missing = new ArrayList<>();
            for (Piece piece : pieces) {
                wanted.add(piece.name());
                if (!isThere(piece, record)) {
                    missing.add(piece);
                }
            }
            if (!pieces.isEmpty()) {
                new CopyIndex(target)
                        .add(
                                index,
                                model.name(),
                                pieces.stream().map(Piece::file).toList());
            }
            if (!missing.isEmpty()) {
                long bytes = missing.stream().mapToLong(Piece::size).sum();
                needed += bytes;
                actions.add(new Action.Copy(
                        target.folder().resolve(model.name()),
                        model.declaration().version().toString(),
                        bytes,
                        target.links() ? "hard links where the disk allows them" : "checked against the lock",
                        () -> copy(missing, record)));
            }
        }
        requireSpace(needed);
        addStale(record, wanted, actions);
        actions.addAll(new CopyIndex(target).writes(index));
        if (!actions.isEmpty()) {
            actions.add(new Action.Write(target.record(), "what was copied", () -> {
                record.write();
                return 0;
            }));
        }
        return new Plan(actions);
    }

    private List<Piece> pieces(NamedModel named) throws IOException {
        String version = named.declaration().version().toString();
        if (named.model().isEmpty() || !complete(named.model().get())) {
            if (named.declaration().optional()) {
                messages.info(version + " is optional and not in the cache, so it is not copied");
                return List.of();
            }
            throw new IOException(version + " is not complete in the cache, or not as the lock says, so it can't be"
                    + " copied; run mvn cache:download, and mvn cache:verify to see what is wrong");
        }
        ResolvedModel model = named.model().get();
        List<Piece> pieces = new ArrayList<>();
        for (ModelTree.Entry entry : ModelTree.of(model, new Layouts(config))) {
            String name = named.name() + "/" + entry.name();
            Path to = SafeRelativePath.resolve(target.folder(), name);
            target.requireNoLink(to);
            ModelFile file = entry.file();
            pieces.add(new Piece(
                    name, entry.source(), to, file.size(), file.digest().orElseThrow()));
        }
        return pieces;
    }

    private boolean complete(ResolvedModel model) throws IOException {
        return new ModelFiles(new Layouts(config).of(model), digests)
                .states(model).stream().allMatch(state -> state.problem().isEmpty());
    }

    /** Whether a file is there already; one of somebody else is an error. */
    private static boolean isThere(Piece piece, CopyRecord record) throws IOException {
        if (!Files.exists(piece.file(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        boolean regular = Files.isRegularFile(piece.file(), LinkOption.NOFOLLOW_LINKS);
        if (regular && record.holds(piece.name(), piece.file(), piece.digest())) {
            record.add(piece.name(), piece.file(), piece.digest());
            return true;
        }
        if (!regular || !record.isOwn(piece.name(), piece.file())) {
            throw new IOException(piece.file() + " is there already with other content, which cache:copy has not"
                    + " written; delete it, or choose another folder with cache.copy.to");
        }
        return false;
    }

    private long copy(List<Piece> pieces, CopyRecord record) throws IOException {
        AtomicFileOperations relay = AtomicFileOperations.shownBy(messages.progress());
        long bytes = 0;
        for (Piece piece : pieces) {
            Path source = piece.source().toRealPath();
            Path temporary = AtomicFiles.temporaryBeside(piece.file());
            if (!target.links() || !relay.hardLink(source, temporary, piece.file())) {
                relay.copy(source, temporary, piece.file(), piece.digest());
                bytes += piece.size();
            }
            record.add(piece.name(), piece.file(), piece.digest());
        }
        return bytes;
    }

    private void requireSpace(long needed) throws IOException {
        long free = needed == 0 ? 0 : DiskSpace.usable(target.folder());
        if (free < needed && !target.sharesDisk(config.baseDir())) {
            throw new IOException("The models to copy need " + ByteSize.format(needed) + ", but only "
                    + ByteSize.format(free) + " are free where " + target.folder() + " lies; choose fewer with"
                    + " cache.copy.models, or another disk with cache.copy.to");
        }
    }

    /** What earlier runs have copied and this one does not ask for. */
    private void addStale(CopyRecord record, Set<String> wanted, List<Action> actions) throws IOException {
        for (String name : record.names()) {
            Path file = SafeRelativePath.resolve(target.folder(), name);
            if (wanted.contains(name)) {
                continue;
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                record.remove(name);
            } else if (record.isOwn(name, file)) {
                actions.add(new Action.Delete(
                        file, Files.size(file), "copied for a model that is not chosen now", () -> {
                            long freed = new TreeDeleter().deleteFile(target.folder(), file);
                            deleteEmpty(file.resolveSibling(".").normalize());
                            record.remove(name);
                            return freed;
                        }));
            } else {
                messages.warn(file + " was copied for a model that is not chosen now, and was changed since, so it is"
                        + " kept; delete it if you do not need it");
            }
        }
    }

    private void deleteEmpty(Path folder) throws IOException {
        for (Path each = folder; each != null && !each.equals(target.folder()); each = each.getParent()) {
            try (Stream<Path> entries = Files.list(each)) {
                if (entries.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(each);
        }
    }
}
