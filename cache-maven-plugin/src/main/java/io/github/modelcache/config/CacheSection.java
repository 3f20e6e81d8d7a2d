package io.github.modelcache.config;

import io.github.modelcache.json.JsonString;
import io.github.modelcache.units.ByteSize;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the member {@code cache}, models apart. */
final class CacheSection {
    private static final String PATH_OR_OBJECT =
            "a path such as \"out/tmdb_cache\", or an object such as {\"path\": \"out/tmdb_cache\", \"expiry_days\":"
                    + " 90}";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final ConfigValue cache;
    private final ConfigPaths paths;

    CacheSection(ConfigValue cache, ConfigPaths paths) {
        this.cache = cache;
        this.paths = paths;
    }

    Path baseDir(Path projectRoot) throws ConfigException {
        Optional<ConfigValue> value = cache.find("base_dir");
        return value.isPresent()
                ? paths.resolveRoot(value.get(), ConfigDefaults.BASE_DIR)
                : projectRoot.resolve(ConfigDefaults.BASE_DIR);
    }

    /** A model cache that is a folder of the base folder unless the config puts it elsewhere. */
    Path home(String member, Path baseDir, String folder) throws ConfigException {
        Optional<ConfigValue> value = cache.find(member);
        return value.isPresent()
                ? paths.resolveRoot(value.get(), ConfigDefaults.BASE_DIR + "/" + folder)
                : baseDir.resolve(folder);
    }

    Optional<Path> path(String member, String example) throws ConfigException {
        Optional<ConfigValue> value = cache.find(member);
        return value.isPresent() ? Optional.of(paths.resolve(value.get(), example)) : Optional.empty();
    }

    List<ApplicationCache> applicationCaches() throws ConfigException {
        Duration expiry = expiry(cache, "application_cache_expiry_days", Duration.ofDays(ConfigDefaults.EXPIRY_DAYS));
        List<ApplicationCache> caches = new ArrayList<>();
        String expected = "an object of names and paths such as {\"tmdb\": \"out/tmdb_cache\"}";
        for (Map.Entry<String, ConfigValue> entry : cache.findObject("application_caches", expected)
                .members(expected)
                .entrySet()) {
            ConfigNames.require("an application cache", entry.getKey(), entry.getValue());
            caches.add(applicationCache(entry.getKey(), entry.getValue(), expiry));
        }
        return caches;
    }

    private ApplicationCache applicationCache(String name, ConfigValue value, Duration expiry) throws ConfigException {
        String example = "out/" + name + "_cache";
        if (value.json() instanceof JsonString) {
            return new ApplicationCache(name, paths.resolveRoot(value, example), expiry);
        }
        value.members(PATH_OR_OBJECT);
        Optional<ConfigValue> path = value.find("path");
        if (path.isEmpty()) {
            throw value.problem("found an object without \"path\"; expected " + PATH_OR_OBJECT);
        }
        return new ApplicationCache(name, paths.resolveRoot(path.get(), example), expiry(value, "expiry_days", expiry));
    }

    private static Duration expiry(ConfigValue parent, String member, Duration otherwise) throws ConfigException {
        Optional<ConfigValue> value = parent.find(member);
        if (value.isEmpty()) {
            return otherwise;
        }
        String expected = "a whole number of days from 1 to " + ConfigDefaults.LONGEST_EXPIRY_DAYS + ", such as 90";
        return Duration.ofDays(value.get().integer(1, ConfigDefaults.LONGEST_EXPIRY_DAYS, expected));
    }

    /** A missing {@code warn_size} is never above {@code max_size}. */
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
    Map<String, Budget> budgets(List<CacheRoot> caches) throws ConfigException {
        String expected = "an object of caches and their budgets such as {\"huggingface\": {\"max_size\": \"20GB\"}}";
        List<String> roots = caches.stream().map(CacheRoot::name).toList();
        Map<String, Budget> budgets = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry :
                cache.findObject("budgets", expected).members(expected).entrySet()) {
            ConfigValue value = entry.getValue();
            if (!roots.contains(entry.getKey())) {
                throw value.problem("found the name \"" + entry.getKey() + "\"; expected a cache of this project: "
                        + String.join(", ", roots));
            }
            value.members("an object with \"warn_size\", \"max_size\" or both");
            if (value.find("warn_size").isEmpty() && value.find("max_size").isEmpty()) {
                throw value.problem("found neither \"warn_size\" nor \"max_size\"; expected one of them or both");
            }
            budgets.put(entry.getKey(), budget(value, "its", "no limit", Long.MAX_VALUE, Long.MAX_VALUE));
        }
        return budgets;
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

    private static long size(ConfigValue value) throws ConfigException {
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
     * The variables. A value that begins with {@code ./} or {@code ../}, or leads into the base folder, is a path, and
     * programs run in other folders than the project's root: so it is made absolute.
     */
    Map<String, String> environment(Path projectRoot, Path baseDir) throws ConfigException {
        String expected = "an object of variables and values such as {\"OLLAMA_MODELS\": \".cache/ollama\"}";
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry :
                cache.findObject("environment", expected).members(expected).entrySet()) {
            ConfigValue value = entry.getValue();
            if (!VARIABLE.matcher(entry.getKey()).matches()) {
                throw value.problem("found the name \"" + entry.getKey()
                        + "\"; expected the name of a variable: letters, digits and '_', no digit first");
            }
            String text = value.text("a string that is not empty");
            if (text.indexOf('\0') >= 0) {
                throw value.problem("found " + value.found() + ", which holds a NUL; expected a value without");
            }
            variables.put(entry.getKey(), absolute(text, projectRoot, baseDir));
        }
        return variables;
    }

    private static String absolute(String value, Path projectRoot, Path baseDir) {
        String text = value.replace('\\', '/');
        if (text.indexOf('/') < 0 || value.indexOf(File.pathSeparatorChar) >= 0) {
            return value;
        }
        try {
            Path path = projectRoot.resolve(value).normalize();
            boolean meant = text.startsWith("./") || text.startsWith("../") || path.startsWith(baseDir);
            return meant ? path.toString() : value;
        } catch (InvalidPathException e) {
            return value;
        }
    }

    /** The registry as it is written; what it means is decided where it is used. */
    Optional<String> registry() throws ConfigException {
        Optional<ConfigValue> value = cache.find("registry");
        return value.isPresent()
                ? Optional.of(value.get()
                        .text("a registry such as \"registry.example.com/models\", or a folder such as"
                                + " \"file:///mnt/nas/models\""))
                : Optional.empty();
    }

    Map<String, String> mirrors() throws ConfigException {
        String expected = "an object of URL prefixes and their mirrors such as"
                + " {\"https://download.pytorch.org/\": \"https://artifacts.example.com/pytorch/\"}";
        Map<String, String> mirrors = new LinkedHashMap<>();
        ConfigValue all = cache.findObject("mirrors", expected);
        for (Map.Entry<String, ConfigValue> entry : all.members(expected).entrySet()) {
            ConfigValue value = entry.getValue();
            MirrorRules.require(all, entry.getKey(), value);
            mirrors.put(entry.getKey(), value.string(expected));
        }
        return mirrors;
    }
}
