package io.github.modelcache.config;

import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The config of a project, with every default filled in. All paths are absolute and normalized, and no cache root lies
 * in another one. Maps keep the order of the file.
 *
 * @param present whether the file exists; if not, everything is a default
 * @param hfHome the cache of the Hugging Face libraries; the hub cache is its folder {@code hub}
 * @param warnBytes total size of all caches from which {@code verify} warns; at most {@code maxBytes}
 * @param maxBytes total size of all caches from which {@code verify} fails
 * @param budgets by the names of the cache roots
 * @param environment additional variables; their paths are absolute
 * @param mirrors URL prefixes and their replacements
 * @param registry the OCI registry, or the folder with an OCI layout, that shares models
 * @param policy what the models may be
 * @param models the declared models without duplicates; short names are replaced
 * @param shortNames the short names that the config declares, with their models
 * @param workflows names of environments by workflow; an environment need not exist
 * @param stages name of the environment by stage; it need not exist
 * @param hardware the machine that the file describes
 */
public record CacheConfig(
        Path projectRoot,
        Path file,
        boolean present,
        Path baseDir,
        Path torchHome,
        Path hfHome,
        Path mlxHome,
        Optional<Path> transformersCache,
        Optional<Path> xdgCacheHome,
        List<ApplicationCache> applicationCaches,
        long warnBytes,
        long maxBytes,
        Map<String, Budget> budgets,
        Map<String, String> environment,
        Map<String, String> mirrors,
        Optional<String> registry,
        Policy policy,
        List<ModelDeclaration> models,
        Map<String, List<ModelReference>> shortNames,
        Map<String, PythonEnvironment> environments,
        Map<String, List<String>> workflows,
        Map<String, String> stages,
        Optional<Hardware> hardware) {

    /** Copies lists and maps. */
    public CacheConfig {
        applicationCaches = List.copyOf(applicationCaches);
        budgets = copy(budgets);
        environment = copy(environment);
        mirrors = copy(mirrors);
        models = List.copyOf(models);
        shortNames = copy(shortNames);
        environments = copy(environments);
        workflows = copy(workflows);
        stages = copy(stages);
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The budget of a root, if it has one. */
    public Optional<Budget> budget(CacheRoot root) {
        return Optional.ofNullable(budgets.get(root.name()));
    }

    /** The cache of openai-whisper's files. */
    public Path whisperHome() {
        return baseDir.resolve("whisper");
    }

    /** The cache of models from Maven repositories and plain URLs. */
    public Path modelsHome() {
        return baseDir.resolve("models");
    }

    /** The cache of DJL, which holds its engines. */
    public Path djlHome() {
        return baseDir.resolve("djl");
    }

    /** All cache roots: the model caches, those of further libraries, then the application caches. */
    public List<CacheRoot> roots() {
        List<CacheRoot> roots = new ArrayList<>();
        roots.add(new CacheRoot("torch", CacheRoot.Kind.MODEL, torchHome));
        roots.add(new CacheRoot("huggingface", CacheRoot.Kind.MODEL, hfHome));
        roots.add(new CacheRoot("mlx", CacheRoot.Kind.MODEL, mlxHome));
        roots.add(new CacheRoot("whisper", CacheRoot.Kind.MODEL, whisperHome()));
        roots.add(new CacheRoot("models", CacheRoot.Kind.MODEL, modelsHome()));
        List<CacheRoot> applications = applicationCaches.stream()
                .map(cache -> new CacheRoot(cache.name(), CacheRoot.Kind.APPLICATION, cache.path()))
                .toList();
        List<CacheRoot> others =
                Stream.concat(roots.stream(), applications.stream()).toList();
        roots.addAll(LibraryFolders.of(this, others));
        roots.addAll(applications);
        return List.copyOf(roots);
    }
}
