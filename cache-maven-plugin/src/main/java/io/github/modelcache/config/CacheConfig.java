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
 * The config of a project, with every default filled in. All paths are absolute and normalized; no two cache roots lie
 * in each other.
 *
 * @param projectRoot what relative paths are relative to
 * @param file the config file
 * @param present whether the file is there; if not, everything is a default
 * @param baseDir what holds the model caches unless one is put elsewhere
 * @param torchHome PyTorch's cache
 * @param hfHome the Hugging Face libraries' cache; the hub cache is its {@code hub}
 * @param mlxHome MLX's cache
 * @param transformersCache an own value for {@code TRANSFORMERS_CACHE}
 * @param xdgCacheHome a value for {@code XDG_CACHE_HOME}
 * @param applicationCaches in the order of the file
 * @param warnBytes size of all caches together from which {@code verify} warns; not above {@code maxBytes}
 * @param maxBytes size of all caches together from which {@code verify} fails
 * @param budgets of single roots, by their names
 * @param environment variables to set besides; paths are absolute
 * @param mirrors URL prefixes and what takes their place
 * @param registry the OCI registry, or the folder with an OCI layout, that models are shared through, as it is written
 * @param models the declared models, none twice; short names are replaced by what they stand for
 * @param shortNames the short names that the config declares, with what they stand for
 * @param environments by name
 * @param workflows names of environments by workflow; an environment need not exist
 * @param stages name of the environment by stage; it need not exist
 * @param hardware the machine as the file describes it
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
        List<ModelDeclaration> models,
        Map<String, List<ModelReference>> shortNames,
        Map<String, PythonEnvironment> environments,
        Map<String, List<String>> workflows,
        Map<String, String> stages,
        Optional<Hardware> hardware) {

    /** Copies lists and maps, whose order stays that of the file. */
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

    /** How much a root may hold, where the config says so. */
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

    /** Where DJL keeps what it fetches itself, its engines above all. */
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

    /** The same config with other budgets of single roots. */
    CacheConfig withBudgets(Map<String, Budget> others) {
        return new CacheConfig(
                projectRoot,
                file,
                present,
                baseDir,
                torchHome,
                hfHome,
                mlxHome,
                transformersCache,
                xdgCacheHome,
                applicationCaches,
                warnBytes,
                maxBytes,
                others,
                environment,
                mirrors,
                registry,
                models,
                shortNames,
                environments,
                workflows,
                stages,
                hardware);
    }

    /**
     * The same config with the model cache elsewhere; whatever lies below the old {@code base_dir} moves along.
     *
     * @param directory absolute, or relative to the project root
     * @throws IllegalArgumentException if it holds the project itself, or two cache roots would then lie in each other
     */
    public CacheConfig withBaseDir(Path directory) {
        Path base = projectRoot.resolve(directory).normalize();
        if (projectRoot.startsWith(base)) {
            throw new IllegalArgumentException("the base folder '" + directory
                    + "' holds the project itself; expected a folder for caches alone, such as .cache");
        }
        CacheConfig moved = new CacheConfig(
                projectRoot,
                file,
                present,
                base,
                moved(torchHome, base),
                moved(hfHome, base),
                moved(mlxHome, base),
                transformersCache.map(path -> moved(path, base)),
                xdgCacheHome.map(path -> moved(path, base)),
                applicationCaches.stream()
                        .map(cache -> new ApplicationCache(cache.name(), moved(cache.path(), base), cache.expiry()))
                        .toList(),
                warnBytes,
                maxBytes,
                budgets,
                moved(environment, base),
                mirrors,
                registry,
                models,
                shortNames,
                environments,
                workflows,
                stages,
                hardware);
        Optional<RootOverlap> overlap = RootOverlap.find(projectRoot, moved.roots());
        if (overlap.isPresent()) {
            throw new IllegalArgumentException(
                    "the base folder '" + directory + "': " + overlap.get().message());
        }
        return moved;
    }

    private Map<String, String> moved(Map<String, String> variables, Path base) {
        Map<String, String> moved = new LinkedHashMap<>();
        String below = baseDir + baseDir.getFileSystem().getSeparator();
        variables.forEach((name, value) -> moved.put(
                name,
                value.startsWith(below)
                        ? base.resolve(value.substring(below.length())).toString()
                        : value));
        return moved;
    }

    private Path moved(Path path, Path base) {
        return path.startsWith(baseDir) ? base.resolve(baseDir.relativize(path)).normalize() : path;
    }
}
