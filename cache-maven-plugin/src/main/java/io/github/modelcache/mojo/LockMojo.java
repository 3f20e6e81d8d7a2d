package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.download.DownloadOptions;
import io.github.modelcache.download.ModelDownload;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the declared models and writes the lock file, which pins each model to a revision and to the digests of its
 * files. Existing pins do not change unless cache.update names them.
 * Example: mvn cache:lock -Dcache.update=hf:org/name
 */
@Mojo(name = "lock", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class LockMojo extends AbstractFetchMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.lock.skip", defaultValue = "false")
    boolean skipLock;

    /** Models to pin again at their newest revision: all, or comma-separated references. */
    @Parameter(property = "cache.update")
    @Nullable
    String update;

    /** Called by Maven. */
    @Inject
    public LockMojo(RepositorySystem repositorySystem, SettingsDecrypter decrypter) {
        super(repositorySystem, decrypter);
    }

    @Override
    Optional<String> skippedBy() {
        return skipLock ? Optional.of("cache.lock.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, ModelException, IOException {
        CacheConfig cache = readConfig();
        DownloadOptions options = new DownloadOptions(workers, frozen, updates(cache), dryRun, command(), limit);
        ModelDownload.Result result = fetch(cache, options, ModelDownload::lock);
        if (dryRun) {
            return;
        }
        List<String> moves = LockDifference.lines(result.before(), result.after());
        moves.forEach(messages()::info);
        String lock = Plan.name(projectRoot(), lockFile().path());
        int models = result.after().models().size();
        getLog().info(
                        moves.isEmpty()
                                ? lock + ": " + Words.count(models, "model") + ", nothing changed"
                                : "Wrote " + lock);
    }

    private Set<String> updates(CacheConfig cache) throws LockException, IOException {
        if (update == null || update.isBlank()) {
            return Set.of();
        }
        // -Dcache.update without a value is "true".
        String asked = update.equals("true") ? DownloadOptions.ALL : update;
        Set<String> known = new TreeSet<>();
        lockFile()
                .read()
                .withDependencies(cache.models())
                .forEach(model -> known.add(model.reference().toString()));
        Set<String> names = new TreeSet<>();
        for (String name : asked.split(",", -1)) {
            String stripped = name.strip();
            List<ModelReference> references = cache.shortNames().get(stripped);
            if (references != null) {
                references.forEach(reference -> names.add(reference.toString()));
            } else if (known.contains(stripped) || stripped.equals(DownloadOptions.ALL)) {
                names.add(stripped);
            } else {
                throw new IllegalArgumentException("cache.update names " + stripped
                        + ", which cache.models does not declare; expected a declared model, or all");
            }
        }
        return names;
    }

    /** The changes between two locks, for messages. */
    private static final class LockDifference {

        static List<String> lines(Lock before, Lock after) {
            List<String> lines = after.models().stream()
                    .map(model -> line(former(before, after, model), model))
                    .flatMap(Optional::stream)
                    .collect(Collectors.toList());
            before.models().stream()
                    .filter(model -> former(after, before, model).isEmpty())
                    .forEach(model -> lines.add("- " + model.version()));
            return lines;
        }

        /** A model in the other lock; one with a single version in both locks is the same model. */
        private static Optional<ResolvedModel> former(Lock other, Lock own, ResolvedModel model) {
            List<ResolvedModel> there = other.versions(model.reference());
            boolean single =
                    there.size() == 1 && own.versions(model.reference()).size() == 1;
            return single ? Optional.of(there.get(0)) : other.find(model.version());
        }

        private static Optional<String> line(Optional<ResolvedModel> before, ResolvedModel after) {
            if (before.isEmpty()) {
                return Optional.of("+ " + after.version() + " " + after.revision());
            }
            if (before.get().equals(after)) {
                return Optional.empty();
            }
            String revision = before.get().revision().equals(after.revision())
                    ? after.revision() + " (other files)"
                    : before.get().revision() + " -> " + after.revision();
            return Optional.of("~ " + after.version() + " " + revision);
        }
    }
}
