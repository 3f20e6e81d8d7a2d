package io.github.modelcache.ci;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The key under which a CI stores the model caches, and their folders.
 *
 * @param prefix platform and accelerator; a CI may restore an older cache with the same prefix
 * @param digits 16 hexadecimal digits of a digest of the locked models
 * @param paths relative to the project if they are inside it, with {@code /}
 */
public record CacheKey(String prefix, String digits, List<String> paths) {

    private static final int DIGITS = 16;

    /** Copies the list. */
    public CacheKey {
        paths = List.copyOf(paths);
    }

    /**
     * The key of the locked models on a machine. Only the content of models changes it.
     *
     * @throws LockException if a declared model is not locked
     */
    public static CacheKey of(CacheConfig config, LockFile file, Lock lock, Hardware machine) throws LockException {
        for (ModelDeclaration model : lock.withDependencies(config.models())) {
            if (lock.find(model).isEmpty()) {
                throw new LockException(
                        file.name() + " does not pin " + model.reference() + " as it is declared",
                        "run mvn cache:lock and commit the lock");
            }
        }
        String prefix =
                "model-cache-" + machine.platform() + "-" + machine.machine() + "-" + accelerator(machine) + "-";
        List<String> paths = config.roots().stream()
                .filter(root -> root.kind() == CacheRoot.Kind.MODEL && !root.optional())
                .map(root -> name(config.projectRoot(), root.path()))
                .toList();
        return new CacheKey(prefix, digits(lock), paths);
    }

    /** The whole key: letters, digits, dashes and underscores. */
    public String key() {
        return prefix + digits;
    }

    private static String name(Path root, Path path) {
        return Plan.name(root, path).replace('\\', '/');
    }

    private static String accelerator(Hardware machine) {
        if (machine.hasCuda()) {
            return "cuda";
        }
        return machine.hasMps() ? "mps" : "cpu";
    }

    private static String digits(Lock lock) {
        StringBuilder text = new StringBuilder();
        for (ResolvedModel model : lock.models()) {
            text.append(model.reference()).append('\n').append(model.revision()).append('\n');
            text.append(model.branch().orElse("")).append('\n');
            for (ModelFile file : model.files()) {
                String digest = file.digest().map(Digest::toString).orElse("");
                text.append(file.path()).append('\t').append(digest).append('\n');
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return Hashing.digest(bytes, DigestAlgorithm.SHA256).hex().substring(0, DIGITS);
    }
}
