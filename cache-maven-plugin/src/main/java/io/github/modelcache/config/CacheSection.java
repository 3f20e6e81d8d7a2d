package io.github.modelcache.config;

import io.github.modelcache.json.JsonString;
import io.github.modelcache.units.ByteSize;
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
            "a path such as \"out/tmdb_cache\", or an object such as {\"path\": \"out/tmdb_cache\", \"expiry_days\": 90}";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * Smallest and largest size.
     *
     * @param warn bytes
     * @param max bytes
     */
    record Budget(long warn, long max) {}

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

    List<ApplicationCache> applicationCaches(Path projectRoot) throws ConfigException {
        Duration expiry = expiry(cache, "application_cache_expiry_days", Duration.ofDays(ConfigDefaults.EXPIRY_DAYS));
        List<ApplicationCache> caches = new ArrayList<>();
        Optional<ConfigValue> given = cache.find("application_caches");
        if (given.isEmpty()) {
            ConfigDefaults.applicationCaches()
                    .forEach((name, path) -> caches.add(new ApplicationCache(name, projectRoot.resolve(path), expiry)));
            return caches;
        }
        String expected = "an object of names and paths such as {\"tmdb\": \"out/tmdb_cache\"}";
        for (Map.Entry<String, ConfigValue> entry :
                given.get().members(expected).entrySet()) {
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
        Optional<ConfigValue> warn = cache.find("warn_size");
        Optional<ConfigValue> max = cache.find("max_size");
        long maxBytes = max.isPresent() ? size(max.get()) : ByteSize.parse(ConfigDefaults.MAX_SIZE);
        if (warn.isEmpty()) {
            return new Budget(Math.min(ByteSize.parse(ConfigDefaults.WARN_SIZE), maxBytes), maxBytes);
        }
        long warnBytes = size(warn.get());
        if (warnBytes > maxBytes) {
            String limit = max.isPresent()
                    ? "cache.max_size (" + max.get().found() + ")"
                    : "cache.max_size, which is \"" + ConfigDefaults.MAX_SIZE + "\" unless you set it";
            throw warn.get()
                    .problem("found " + warn.get().found() + ", which is above " + limit
                            + "; expected a size up to that, or a larger cache.max_size");
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

    Map<String, String> environment() throws ConfigException {
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
            variables.put(entry.getKey(), text);
        }
        return variables;
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
        for (Map.Entry<String, ConfigValue> entry :
                cache.findObject("mirrors", expected).members(expected).entrySet()) {
            ConfigValue value = entry.getValue();
            MirrorRules.require(entry.getKey(), value);
            mirrors.put(entry.getKey(), value.string(expected));
        }
        return mirrors;
    }
}
