package io.github.modelcache.verify.memory;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.inventory.fingerprint.TreeRecord;
import io.github.modelcache.inventory.fingerprint.TreeRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps the last {@link CachedVerification} with a record of everything it rests on: the config, the lock, the model roots with
 * all that lies in them, the plugin's version and the user.
 *
 * @param file where it is kept
 * @param version of the plugin
 * @param smallestLock size in bytes of the smallest lock for which a verdict is kept
 */
public record VerificationCache(Path file, String version, long smallestLock) {

    /** Some 250 files: fewer are looked at in less time than it takes to remember them. */
    private static final long WORTHWHILE_LOCK_BYTES = 64 << 10;

    /** Keeps the verdict where a lock names many files. */
    public VerificationCache(Path file, String version) {
        this(file, version, WORTHWHILE_LOCK_BYTES);
    }

    /** The last verdict, if nothing that it rests on changed. */
    public Optional<CachedVerification> find(CacheConfig config, Path lock) {
        try {
            if (Files.size(lock) < smallestLock) {
                return Optional.empty();
            }
            Optional<byte[]> note = TreeRecord.unchanged(file, key(config, lock));
            return note.isEmpty() ? Optional.empty() : Optional.of(CachedVerification.read(note.get()));
        } catch (IOException e) {
            return Optional.empty(); // no lock, or a record of something else
        }
    }

    /** Starts the record of a new verdict; none where there is no cache, or it can't be written to. */
    public Optional<TreeRecorder> record(CacheConfig config, Path lock) {
        try {
            if (!Files.isDirectory(config.baseDir()) || Files.size(lock) < smallestLock) {
                return Optional.empty();
            }
            byte[] key = key(config, lock);
            AtomicFiles.createParents(file);
            Optional<TreeRecorder> recorder = TreeRecorder.start(file, key);
            recorder.ifPresent(started -> started.start(lock));
            return recorder;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private byte[] key(CacheConfig config, Path lock) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(version)
                .append('\n')
                .append(System.getProperty("user.name"))
                .append('\n');
        text.append(config).append('\n').append(lock.toRealPath());
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                boolean there = Files.isDirectory(root.path());
                text.append('\n').append(there ? root.path().toRealPath() : "");
            }
        }
        return DigestAlgorithm.SHA256.start(0).digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
