package io.github.modelcache.config;

import io.github.modelcache.json.JsonString;
import io.github.modelcache.units.ByteSize;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the members of {@code cache} except models. */
final class CacheSection {
    private static final String PATH_OR_OBJECT =
            "a path such as \"out/tmdb_cache\", or an object such as {\"path\": \"out/tmdb_cache\", \"expiry_days\":"
                    + " 90}";
    private static final String BUDGETS =
            "an object of caches and their budgets such as {\"huggingface\": {\"max_size\": \"20GB\"}}";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final ConfigValue cache;
    private final ConfigPaths paths;
    private final Path projectRoot;
    private final Path ownBaseDir;
    private final Path baseDir;

    /**
     * The members of a config.
     *
     * @param otherBaseDir replaces the base folder of the config, and paths below that are then below this one
     */
    CacheSection(ConfigValue cache, ConfigPaths paths, Path projectRoot, Optional<Path> otherBaseDir)
            throws ConfigException {
        this.cache = cache;
        this.paths = paths;
        this.projectRoot = projectRoot;
        this.ownBaseDir = cache.read("base_dir", value -> paths.resolveRoot(value, ConfigDefaults.BASE_DIR))
                .orElse(projectRoot.resolve(ConfigDefaults.BASE_DIR));
        this.baseDir = otherBaseDir.orElse(ownBaseDir);
        if (projectRoot.startsWith(baseDir)) {
            throw new IllegalArgumentException("the base folder '" + baseDir
                    + "' contains the project itself; expected a folder for caches alone, such as .cache");
        }
    }

    private Path moved(Path path) {
        return path.startsWith(ownBaseDir)
                ? baseDir.resolve(ownBaseDir.relativize(path)).normalize()
                : path;
    }

    Path baseDir() {
        return baseDir;
    }

    /** A model cache; by default a folder of the base folder. */
    Path home(String member, String folder) throws ConfigException {
        return cache.read(member, value -> moved(paths.resolveRoot(value, ConfigDefaults.BASE_DIR + "/" + folder)))
                .orElse(baseDir.resolve(folder));
    }

    Optional<Path> path(String member, String example) throws ConfigException {
        return cache.read(member, value -> moved(paths.resolve(value, example)));
    }

    List<ApplicationCache> applicationCaches() throws ConfigException {
        Duration expiry = expiry(cache, "application_cache_expiry_days", Duration.ofDays(ConfigDefaults.EXPIRY_DAYS));
        String expected = "an object of names and paths such as {\"tmdb\": \"out/tmdb_cache\"}";
        return List.copyOf(
                cache.readAll("application_caches", expected, (name, value) -> applicationCache(name, value, expiry))
                        .values());
    }

    private ApplicationCache applicationCache(String name, ConfigValue value, Duration expiry) throws ConfigException {
        ConfigNames.require("an application cache", name, value);
        String example = "out/" + name + "_cache";
        if (value.json() instanceof JsonString) {
            return new ApplicationCache(name, moved(paths.resolveRoot(value, example)), expiry);
        }
        value.members(PATH_OR_OBJECT);
        Optional<ConfigValue> path = value.find("path");
        if (path.isEmpty()) {
            throw value.problem("found an object without \"path\"; expected " + PATH_OR_OBJECT);
        }
        return new ApplicationCache(
                name, moved(paths.resolveRoot(path.get(), example)), expiry(value, "expiry_days", expiry));
    }

    private static Duration expiry(ConfigValue parent, String member, Duration otherwise) throws ConfigException {
        String expected = "a whole number of days from 1 to " + ConfigDefaults.LONGEST_EXPIRY_DAYS + ", such as 90";
        return parent.read(member, value -> value.integer(1, ConfigDefaults.LONGEST_EXPIRY_DAYS, expected))
                .map(Duration::ofDays)
                .orElse(otherwise);
    }

    /** The budget of all caches; a missing {@code warn_size} is at most {@code max_size}. */
    Budget budget() throws ConfigException {
        String unless = "cache.max_size, which is \"" + ConfigDefaults.MAX_SIZE + "\" unless you set it";
        return budget(
                cache,
                "cache",
                unless,
                ByteSize.parse(ConfigDefaults.WARN_SIZE),
                ByteSize.parse(ConfigDefaults.MAX_SIZE));
    }

    /** The budgets of single roots. */
    Map<String, Budget> budgets() throws ConfigException {
        return cache.readAll("budgets", BUDGETS, (name, value) -> {
            value.members("an object with \"warn_size\", \"max_size\" or both");
            if (value.find("warn_size").isEmpty() && value.find("max_size").isEmpty()) {
                throw value.problem("found neither \"warn_size\" nor \"max_size\"; expected one of them or both");
            }
            return budget(value, "its", "no limit", Long.MAX_VALUE, Long.MAX_VALUE);
        });
    }

    /** Requires that each name of a budget is the name of a root. */
    void requireRoots(Set<String> names, List<CacheRoot> roots) throws ConfigException {
        List<String> known = roots.stream().map(CacheRoot::name).toList();
        ConfigValue budgets = cache.findObject("budgets", BUDGETS);
        for (String name : names) {
            if (!known.contains(name)) {
                throw budgets.members(BUDGETS)
                        .getOrDefault(name, budgets)
                        .problem("found the name \"" + name + "\"; expected a cache of this project: "
                                + String.join(", ", known));
            }
        }
    }

    private static Budget budget(ConfigValue of, String owner, String unless, long defaultWarn, long defaultMax)
            throws ConfigException {
        Optional<ConfigValue> warn = of.find("warn_size");
        Optional<ConfigValue> max = of.find("max_size");
        long maxBytes = max.isPresent() ? size(max.get()) : defaultMax;
        if (warn.isEmpty()) {
            return new Budget(Math.min(defaultWarn, maxBytes), maxBytes);
        }
        long warnBytes = size(warn.get());
        if (warnBytes > maxBytes) {
            String name = owner.equals("its") ? "its max_size" : owner + ".max_size";
            String limit = max.isPresent() ? name + " (" + max.get().found() + ")" : unless;
            throw warn.get()
                    .problem("found " + warn.get().found() + ", which is above " + limit
                            + "; expected a size up to that, or a larger "
                            + (owner.equals("its") ? "max_size" : name));
        }
        return new Budget(warnBytes, maxBytes);
    }

    static long size(ConfigValue value) throws ConfigException {
        String expected = "a size such as \"20GB\" or \"20GiB\", or a number of bytes";
        if (!(value.json() instanceof JsonString)) {
            return value.integer(0, Long.MAX_VALUE, expected);
        }
        try {
            return ByteSize.parse(value.string(expected));
        } catch (IllegalArgumentException e) {
            throw value.wrong(expected).because(e);
        }
    }

    /**
     * The variables. A value that begins with {@code ./} or {@code ../}, or that lies in the base folder, is made
     * absolute, because programs run in other folders too.
     */
    Map<String, String> environment() throws ConfigException {
        String expected = "an object of variables and values such as {\"OLLAMA_MODELS\": \".cache/ollama\"}";
        return cache.readAll("environment", expected, (name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                throw value.problem("found the name \"" + name
                        + "\"; expected the name of a variable: letters, digits and '_', not starting with a digit");
            }
            String text = value.text("a string that is not empty");
            if (text.indexOf('\0') >= 0) {
                throw value.problem(
                        "found " + value.found() + ", which contains a NUL character; expected a value without one");
            }
            return absolute(text);
        });
    }

    private String absolute(String value) {
        String text = value.replace('\\', '/');
        if (text.indexOf('/') < 0 || value.indexOf(File.pathSeparatorChar) >= 0) {
            return value;
        }
        try {
            Path path = projectRoot.resolve(value).normalize();
            boolean meant = text.startsWith("./") || text.startsWith("../") || path.startsWith(ownBaseDir);
            return meant ? moved(path).toString() : value;
        } catch (InvalidPathException e) {
            return value;
        }
    }

    Optional<String> registry() throws ConfigException {
        String expected =
                "a registry such as \"registry.example.com/models\", or a folder such as \"file:///mnt/nas/models\"";
        return cache.read("registry", value -> value.text(expected));
    }

    Policy policy() throws ConfigException {
        return new PolicySection(cache.findObject("policy", "an object such as {\"unsafe\": \"error\"}"), paths).read();
    }

    Map<String, String> mirrors() throws ConfigException {
        String expected = "an object of URL prefixes and their mirrors such as"
                + " {\"https://download.pytorch.org/\": \"https://artifacts.example.com/pytorch/\"}";
        ConfigValue all = cache.findObject("mirrors", expected);
        return cache.readAll("mirrors", expected, (prefix, mirror) -> {
            MirrorRules.require(all, prefix, mirror);
            return mirror.string(expected);
        });
    }
}
