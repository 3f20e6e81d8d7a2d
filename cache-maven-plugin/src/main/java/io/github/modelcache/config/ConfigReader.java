package io.github.modelcache.config;

import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonNull;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the config of a project. Nothing is written, and nothing but the file is looked at. */
public final class ConfigReader {
    private static final String NAMES = "an array of names such as [\"common\", \"whisperx\"]";

    private final Path projectRoot;
    private final ConfigPaths paths;
    private final ConfigValue root;

    private ConfigReader(Path projectRoot, ConfigValue root) {
        this.projectRoot = projectRoot;
        this.paths = new ConfigPaths(projectRoot);
        this.root = root;
    }

    /**
     * Reads a config. A file that is not there means all defaults; members that are not known here are passed over.
     *
     * @param file absolute, or relative to the project root
     * @throws ConfigException if the file cannot be read or is not JSON, or a member has a wrong type or value
     */
    public static CacheConfig read(Path projectRoot, Path file) throws ConfigException {
        return read(projectRoot, file, warning -> {});
    }

    /**
     * The same.
     *
     * @param warnings is told of each member that is not known and looks like one that is
     */
    public static CacheConfig read(Path projectRoot, Path file, Consumer<String> warnings) throws ConfigException {
        Path folder = projectRoot.toAbsolutePath().normalize();
        Path target = folder.resolve(file).normalize();
        Optional<JsonDocument> document = ConfigFile.read(folder, target);
        return document.isPresent()
                ? read(folder, target, document.get(), true, warnings)
                : read(folder, target, ConfigFile.empty(folder, target), false, warnings);
    }

    /** Reads a document that is at hand; the paths are absolute and normalized. */
    static CacheConfig read(Path projectRoot, Path file, JsonDocument document, boolean present)
            throws ConfigException {
        return read(projectRoot, file, document, present, warning -> {});
    }

    private static CacheConfig read(
            Path projectRoot, Path file, JsonDocument document, boolean present, Consumer<String> warnings)
            throws ConfigException {
        ConfigValue root = ConfigValue.root(document);
        CacheConfig config = new ConfigReader(projectRoot, root).config(file, present);
        root.asked().mistyped().forEach(warnings);
        return config;
    }

    private CacheConfig config(Path file, boolean present) throws ConfigException {
        requireHeader();
        ConfigValue cache = root.findObject("cache", "an object such as {\"base_dir\": \".cache\"}");
        CacheSection section = new CacheSection(cache, paths);
        Path baseDir = section.baseDir(projectRoot);
        Budget budget = section.budget();
        List<ApplicationCache> applicationCaches = section.applicationCaches();
        ModelEntries.Models models = ModelEntries.read(cache);
        CacheConfig config = new CacheConfig(
                projectRoot,
                file,
                present,
                baseDir,
                section.home("torch_home", baseDir, ConfigDefaults.TORCH),
                section.home("hf_home", baseDir, ConfigDefaults.HUGGINGFACE),
                section.home("mlx_home", baseDir, ConfigDefaults.MLX),
                section.path("transformers_cache", ".cache/huggingface/hub"),
                section.path("xdg_cache_home", ".cache/xdg"),
                applicationCaches,
                budget.warnBytes(),
                budget.maxBytes(),
                Map.of(),
                section.environment(projectRoot, baseDir),
                section.mirrors(),
                section.registry(),
                models.declarations(),
                models.shortNames(),
                environments(),
                workflows(),
                stages(),
                hardware());
        requireApart(cache, config);
        requireOutside(config);
        return config.withBudgets(section.budgets(config.roots()));
    }

    /** Whoever empties a cache must not lose an environment. */
    private void requireOutside(CacheConfig config) throws ConfigException {
        ConfigValue entries = root.findObject("environments", "an object");
        for (PythonEnvironment environment : config.environments().values()) {
            for (CacheRoot cache : config.roots()) {
                if (environment.path().startsWith(cache.path())) {
                    ConfigValue entry = entries.find(environment.name()).orElse(entries);
                    throw entry.find("path")
                            .orElse(entry)
                            .problem("the environment " + environment.name() + " ("
                                    + ConfigPaths.display(projectRoot, environment.path()) + ") lies in the "
                                    + cache.name() + " cache (" + ConfigPaths.display(projectRoot, cache.path())
                                    + "), where cleaning would delete it; expected a folder outside the caches such as"
                                    + " \"" + ConfigDefaults.ENVIRONMENTS_FOLDER + environment.name() + "\"");
                }
            }
        }
    }

    private void requireHeader() throws ConfigException {
        for (String member : List.of("$schema", "version", "created_at")) {
            Optional<ConfigValue> value = root.find(member);
            if (value.isPresent()) {
                value.get().string("a string");
            }
        }
    }

    private Map<String, PythonEnvironment> environments() throws ConfigException {
        String expected = "an object of environments such as {\"common\": {\"path\": \"venv/common\"}}";
        Map<String, PythonEnvironment> environments = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry :
                root.findObject("environments", expected).members(expected).entrySet()) {
            ConfigNames.require("an environment", entry.getKey(), entry.getValue());
            environments.put(entry.getKey(), environment(entry.getKey(), entry.getValue()));
        }
        return environments;
    }

    private PythonEnvironment environment(String name, ConfigValue value) throws ConfigException {
        String example = ConfigDefaults.ENVIRONMENTS_FOLDER + name;
        value.members("an object such as {\"path\": \"" + example + "\"}");
        Optional<ConfigValue> path = value.find("path");
        Optional<ConfigValue> purpose = value.find("purpose");
        Optional<ConfigValue> stages = value.find("stages");
        Optional<ConfigValue> enabled = value.find("enabled");
        Optional<ConfigValue> requirements = value.find("requirements");
        return new PythonEnvironment(
                name,
                path.isPresent() ? paths.resolve(path.get(), example) : projectRoot.resolve(example),
                purpose.isPresent() ? Optional.of(purpose.get().string("a string")) : Optional.empty(),
                stages.isPresent() ? strings(stages.get(), "an array of stages such as [\"asr\"]") : List.of(),
                enabled.isEmpty() || enabled.get().bool(),
                requirements.isPresent()
                        ? Optional.of(paths.resolve(requirements.get(), "requirements/" + name + ".txt"))
                        : Optional.empty());
    }

    private Map<String, List<String>> workflows() throws ConfigException {
        String expected =
                "an object of workflows and environments such as {\"transcribe\": [\"common\", \"whisperx\"]}";
        Map<String, List<String>> workflows = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry : root.findObject("workflow_to_environments_mapping", expected)
                .members(expected)
                .entrySet()) {
            workflows.put(entry.getKey(), strings(entry.getValue(), NAMES));
        }
        return workflows;
    }

    private Map<String, String> stages() throws ConfigException {
        String expected = "an object of stages and environments such as {\"asr\": \"whisperx\"}";
        Map<String, String> stages = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry : root.findObject("stage_to_environment_mapping", expected)
                .members(expected)
                .entrySet()) {
            stages.put(entry.getKey(), entry.getValue().text("the name of an environment such as \"whisperx\""));
        }
        return stages;
    }

    private Optional<Hardware> hardware() throws ConfigException {
        Optional<ConfigValue> value = root.find("hardware");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        ConfigValue hardware = value.get();
        hardware.members("an object such as {\"platform\": \"linux\"}");
        for (String member : List.of("platform", "machine", "gpu_name")) {
            Optional<ConfigValue> text = known(hardware, member);
            if (text.isPresent()) {
                text.get().string("a string");
            }
        }
        for (String member : List.of("has_cuda", "has_mps", "has_mlx")) {
            Optional<ConfigValue> flag = known(hardware, member);
            if (flag.isPresent()) {
                flag.get().bool();
            }
        }
        for (String member : List.of("cpu_cores", "memory_gib", "gpu_memory_gib")) {
            Optional<ConfigValue> number = known(hardware, member);
            if (number.isPresent()) {
                number.get().integer(0, Integer.MAX_VALUE, "a whole number, 0 or more");
            }
        }
        return Hardware.fromJson(hardware.json());
    }

    /** Python programs write null for a graphics card that is not there. */
    private static Optional<ConfigValue> known(ConfigValue hardware, String member) {
        boolean mayBeNull = member.startsWith("gpu_");
        return hardware.find(member).filter(value -> !(mayBeNull && value.json() instanceof JsonNull));
    }

    private void requireApart(ConfigValue cache, CacheConfig config) throws ConfigException {
        Optional<RootOverlap> overlap = RootOverlap.find(projectRoot, config.roots());
        if (overlap.isEmpty()) {
            return;
        }
        ConfigValue applications = cache.findObject("application_caches", "an object");
        for (int index : List.of(overlap.get().second(), overlap.get().first())) {
            CacheRoot root = config.roots().get(index);
            Optional<ConfigValue> given = switch (root.kind()) {
                case APPLICATION -> applications.find(root.name());
                case MODEL ->
                    switch (root.name()) {
                        case "torch" -> cache.find("torch_home");
                        case "huggingface" -> cache.find("hf_home");
                        case "mlx" -> cache.find("mlx_home");
                        default -> Optional.empty();
                    };
            };
            if (given.isPresent()) {
                throw given.get().problem(overlap.get().message());
            }
        }
        throw cache.find("base_dir").orElse(cache).problem(overlap.get().message());
    }

    /** Strings that are not empty. */
    static List<String> strings(ConfigValue value, String expected) throws ConfigException {
        List<String> strings = new ArrayList<>();
        for (ConfigValue item : value.items(expected)) {
            strings.add(item.text("a string that is not empty; the whole is " + expected));
        }
        return strings;
    }
}
