package io.github.modelcache.verify.memory;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.inventory.fingerprint.TreeFingerprint;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.scan.ModelScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Stores the last {@link CachedVerification} with a key of everything it depends on: config, lock file, model roots,
 * the plugin's version and the user. While the key is the same, no lock file has to be parsed and no file compared.
 *
 * @param file where it is stored
 * @param version of the plugin
 * @param smallestLock size in bytes of the smallest lock file for which a result is stored
 */
public record VerificationCache(Path file, String version, long smallestLock) {

    /** Some 250 files: fewer are checked sooner than the result is read. */
    private static final long WORTHWHILE_LOCK_BYTES = 64 << 10;

    /** Stores results of lock files that name many files. */
    public VerificationCache(Path file, String version) {
        this(file, version, WORTHWHILE_LOCK_BYTES);
    }

    /**
     * The state of everything that a result depends on, taken before the check.
     *
     * @param key is the same as long as nothing changes
     * @param settled whether each later change will change the key
     */
    public record State(String key, boolean settled) {}

    /** Looks at everything that a result depends on; empty for a small lock file, or if something can't be read. */
    public Optional<State> state(CacheConfig config, Path lock, Clock clock) {
        try {
            if (!Files.isDirectory(config.baseDir()) || Files.size(lock) < smallestLock) {
                return Optional.empty();
            }
            TreeFingerprint files = new TreeFingerprint(clock);
            files.add(lock);
            StringBuilder text = new StringBuilder(version + " " + ModelScanner.RULES)
                    .append('\n')
                    .append(System.getProperty("user.name"))
                    .append('\n')
                    .append(config)
                    .append('\n')
                    .append(lock.toRealPath());
            for (CacheRoot root : config.roots()) {
                if (root.kind() == CacheRoot.Kind.MODEL && Files.isDirectory(root.path())) {
                    files.add(root.path());
                    text.append('\n').append(root.path().toRealPath());
                }
            }
            text.append('\n').append(files.value());
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            DigestAlgorithm sha256 = DigestAlgorithm.SHA256;
            String key =
                    Digest.of(sha256, sha256.start(bytes.length).digest(bytes)).hex();
            return Optional.of(new State(key, files.settled()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The stored result, if nothing that it depends on changed. */
    public Optional<CachedVerification> find(State state) {
        try {
            return JsonDocument.read(file).root() instanceof JsonObject json
                            && CachedVerification.text(json, "key").equals(Optional.of(state.key()))
                    ? Optional.of(CachedVerification.of(json))
                    : Optional.empty();
        } catch (IOException | JsonException | RuntimeException e) {
            return Optional.empty(); // missing, or written by another version
        }
    }

    /** Stores a result. A failure only costs time in the next run. */
    public void store(State state, CachedVerification result) {
        if (state.settled()) {
            JsonObject json = result.toJson().put("key", state.key()).build();
            try {
                AtomicFiles.createParents(file);
                AtomicFiles.writeUnflushed(file, JsonWriter.compact(json).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                return;
            }
        }
    }
}
