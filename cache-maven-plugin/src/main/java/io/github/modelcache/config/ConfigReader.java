package io.github.modelcache.config;

import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonNull;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the config of a project. Writes nothing and reads no other file. */
public final class ConfigReader {
    private static final String NAMES = "an array of names such as [\"common\", \"whisperx\"]";
    private static final Map<String, String> HOMES =
            Map.of("torch", "torch_home", "huggingface", "hf_home", "mlx", "mlx_home");

    private final Path projectRoot;
    private final ConfigPaths paths;
    private final ConfigValue root;

    private ConfigReader(Path projectRoot, ConfigValue root) {
        this.projectRoot = projectRoot;
        this.paths = new ConfigPaths(projectRoot);
        this.root = root;
    }

    /**
     * Reads a config. A missing file means all defaults; unknown members are skipped.
     *
     * @param file absolute, or relative to the project root
     * @throws ConfigException if the file cannot be read or is not JSON, or a member has a wrong type or value
     */
    public static CacheConfig read(Path projectRoot, Path file) throws ConfigException {
        return read(projectRoot, file, Optional.empty(), warning -> {});
    }

    /**
     * Reads a config, and warns about each unknown member whose name is near to a known one.
     *
     * @param otherBaseDir replaces {@code base_dir}; paths below that one move along
     * @throws IllegalArgumentException if the other base folder contains the project
     */
    public static CacheConfig read(Path projectRoot, Path file, Optional<Path> otherBaseDir, Consumer<String> warnings)
            throws ConfigException {
        Path folder = projectRoot.toAbsolutePath().normalize();
        Path target = folder.resolve(file).normalize();
        Optional<JsonDocument> document = ConfigFile.read(folder, target);
        JsonDocument read = document.isPresent() ? document.get() : ConfigFile.empty(folder, target);
        ConfigValue root = ConfigValue.root(read);
        Optional<Path> base = otherBaseDir.map(path -> folder.resolve(path).normalize());
        CacheConfig config = new ConfigReader(folder, root).config(target, document.isPresent(), base);
        root.asked().mistyped().forEach(warnings);
        return config;
    }

    /** Reads a parsed document; the paths are absolute and normalized. */
    static CacheConfig read(Path projectRoot, Path file, JsonDocument document) throws ConfigException {
        return new ConfigReader(projectRoot, ConfigValue.root(document)).config(file, true, Optional.empty());
    }

    private CacheConfig config(Path file, boolean present, Optional<Path> otherBaseDir) throws ConfigException {
        requireHeader();
        ConfigValue cache = root.findObject("cache", "an object such as {\"base_dir\": \".cache\"}");
        CacheSection section = new CacheSection(cache, paths, projectRoot, otherBaseDir);
        Budget budget = section.budget();
        Map<String, Budget> budgets = section.budgets();
        ModelEntries.Models models = ModelEntries.read(cache);
        CacheConfig config = new CacheConfig(
                projectRoot,
                file,
                present,
                section.baseDir(),
                section.home("torch_home", ConfigDefaults.TORCH),
                section.home("hf_home", ConfigDefaults.HUGGINGFACE),
                section.home("mlx_home", ConfigDefaults.MLX),
                section.path("transformers_cache", ".cache/huggingface/hub"),
                section.path("xdg_cache_home", ".cache/xdg"),
                section.applicationCaches(),
                budget.warnBytes(),
                budget.maxBytes(),
                budgets,
                section.environment(),
                section.mirrors(),
                section.registry(),
                section.policy(),
                models.declarations(),
                models.shortNames(),
                environments(),
                workflows(),
                stages(),
                hardware());
        requireApart(cache, config);
        requireOutside(config);
        section.requireRoots(budgets.keySet(), config.roots());
        return config;
    }

    /** Cleaning a cache must not delete an environment. */
    private void requireOutside(CacheConfig config) throws ConfigException {
        ConfigValue entries = root.findObject("environments", "an object");
        for (PythonEnvironment environment : config.environments().values()) {
            for (CacheRoot cache : config.roots()) {
                if (environment.path().startsWith(cache.path())) {
                    ConfigValue entry = entries.find(environment.name()).orElse(entries);
                    throw entry.find("path")
                            .orElse(entry)
                            .problem("the environment " + environment.name() + " ("
                                    + ConfigPaths.display(projectRoot, environment.path()) + ") is in the "
                                    + cache.name() + " cache (" + ConfigPaths.display(projectRoot, cache.path())
                                    + "), where cleaning would delete it; expected a folder outside the caches such as"
                                    + " \"" + ConfigDefaults.ENVIRONMENTS_FOLDER + environment.name() + "\"");
                }
            }
        }
    }

    private void requireHeader() throws ConfigException {
        for (String member : List.of("$schema", "version", "created_at")) {
            root.read(member, value -> value.string("a string"));
        }
    }

    private Map<String, PythonEnvironment> environments() throws ConfigException {
        String expected = "an object of environments such as {\"common\": {\"path\": \"venv/common\"}}";
        return root.readAll("environments", expected, this::environment);
    }

    private PythonEnvironment environment(String name, ConfigValue value) throws ConfigException {
        ConfigNames.require("an environment", name, value);
        String example = ConfigDefaults.ENVIRONMENTS_FOLDER + name;
        value.members("an object such as {\"path\": \"" + example + "\"}");
        return new PythonEnvironment(
                name,
                value.read("path", path -> paths.resolve(path, example)).orElse(projectRoot.resolve(example)),
                value.read("purpose", purpose -> purpose.string("a string")),
                value.read("stages", stages -> strings(stages, "an array of stages such as [\"asr\"]"))
                        .orElse(List.of()),
                value.read("enabled", ConfigValue::bool).orElse(true),
                value.read("requirements", file -> paths.resolve(file, "requirements/" + name + ".txt")));
    }

    private Map<String, List<String>> workflows() throws ConfigException {
        String expected =
                "an object of workflows and environments such as {\"transcribe\": [\"common\", \"whisperx\"]}";
        return root.readAll("workflow_to_environments_mapping", expected, (name, value) -> strings(value, NAMES));
    }

    private Map<String, String> stages() throws ConfigException {
        String expected = "an object of stages and environments such as {\"asr\": \"whisperx\"}";
        String environment = "the name of an environment such as \"whisperx\"";
        return root.readAll("stage_to_environment_mapping", expected, (name, value) -> value.text(environment));
    }

    private Optional<Hardware> hardware() throws ConfigException {
        Optional<ConfigValue> value = root.find("hardware");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        ConfigValue hardware = value.get();
        hardware.members("an object such as {\"platform\": \"linux\"}");
        require(hardware, List.of("platform", "machine", "gpu_name"), text -> text.string("a string"));
        require(hardware, List.of("has_cuda", "has_mps", "has_mlx"), ConfigValue::bool);
        require(
                hardware,
                List.of("cpu_cores", "memory_gib", "gpu_memory_gib"),
                number -> number.integer(0, Integer.MAX_VALUE, "a whole number, 0 or more"));
        return Hardware.fromJson(hardware.json());
    }

    /** Python programs write null for a missing graphics card. */
    private static void require(ConfigValue hardware, List<String> members, ConfigValue.Reader<?> reader)
            throws ConfigException {
        for (String member : members) {
            Optional<ConfigValue> value = hardware.find(member);
            if (value.isPresent() && !(member.startsWith("gpu_") && value.get().json() instanceof JsonNull)) {
                reader.read(value.get());
            }
        }
    }

    private void requireApart(ConfigValue cache, CacheConfig config) throws ConfigException {
        Optional<RootOverlap> overlap = RootOverlap.find(projectRoot, config.roots());
        if (overlap.isEmpty()) {
            return;
        }
        ConfigValue applications = cache.findObject("application_caches", "an object");
        for (int index : List.of(overlap.get().second(), overlap.get().first())) {
            CacheRoot root = config.roots().get(index);
            Optional<ConfigValue> given = root.kind() == CacheRoot.Kind.APPLICATION
                    ? applications.find(root.name())
                    : Optional.ofNullable(HOMES.get(root.name())).flatMap(cache::find);
            if (given.isPresent()) {
                throw given.get().problem(overlap.get().message());
            }
        }
        throw cache.find("base_dir").orElse(cache).problem(overlap.get().message());
    }

    /** An array of strings that are not blank. */
    static List<String> strings(ConfigValue value, String expected) throws ConfigException {
        List<String> strings = new ArrayList<>();
        for (ConfigValue item : value.items(expected)) {
            strings.add(item.text("a string that is not empty; the whole is " + expected));
        }
        return strings;
    }
}
