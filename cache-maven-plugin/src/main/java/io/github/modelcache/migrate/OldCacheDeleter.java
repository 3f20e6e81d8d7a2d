package io.github.modelcache.migrate;

import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Empties an old place of what was seen there and lies in the new one: what a program has written since then stays. The
 * note that shows whose place it was goes last, so that a run that is stopped here is finished by the next.
 */
final class OldCacheDeleter implements TreeDeleter.Judge {

    private final Path old;
    private final Fingerprints seen;
    private final AtomicFileOperations relay;
    private Optional<Path> unseen = Optional.empty();
    private Optional<IOException> failure = Optional.empty();
    private long failures;

    OldCacheDeleter(Path old, Fingerprints seen, AtomicFileOperations relay) {
        this.old = old;
        this.seen = seen;
        this.relay = relay;
    }

    /**
     * Deletes, but not the folder itself.
     *
     * @return the bytes that became free
     * @throws IOException when something can't be deleted; the rest of what was seen is gone
     */
    long run() throws IOException {
        long freed = relay.deleteAll(old, this);
        if (failure.isPresent()) {
            IOException first = failure.get();
            throw failures == 1
                    ? first
                    : new IOException(
                            first.getMessage() + "; and " + (failures - 1) + " more could not be deleted", first);
        }
        if (unseen.isEmpty()) {
            dropNote();
        }
        return freed;
    }

    private void dropNote() throws IOException {
        MoveMarker.deleteOld(old, relay);
        new TreeDeleter().deleteEmpty(old, old.resolve(MoveMarker.FOLDER));
    }

    /** Something that was written since the place was looked at, and stays. */
    Optional<Path> unseen() {
        return unseen;
    }

    @Override
    public boolean goes(Path path, BasicFileAttributes attributes) {
        if (path.equals(MoveMarker.inOld(old))) {
            return false;
        }
        if (MoveMarker.isNote(old, path) || seen.contains(path, attributes)) {
            return true;
        }
        left(path);
        return false;
    }

    /** Names of models lead to contents, so whatever stops this leaves no name that leads nowhere. */
    @Override
    public boolean goesLast(Path folder) {
        return HubPlaces.isBlobs(folder);
    }

    private synchronized void left(Path path) {
        unseen = Optional.of(unseen.orElse(path));
    }

    @Override
    public synchronized void failed(IOException reason) {
        if (reason.getCause() instanceof DirectoryNotEmptyException && reason instanceof FileSystemException folder) {
            left(Path.of(folder.getFile())); // something was put there a moment ago
            return;
        }
        failure = Optional.of(failure.orElse(reason));
        failures++;
    }
}
