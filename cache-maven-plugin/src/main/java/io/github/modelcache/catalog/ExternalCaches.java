package io.github.modelcache.catalog;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.huggingface.FlatTransformersCache;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The places where models of a project may lie although no library that gets the project's environment looks there:
 * folders that an older version of the project used, the caches in the user's home folder, folders that inherited
 * variables name, and wrong places within the roots, such as a hub cache that {@code TRANSFORMERS_CACHE} split in two.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables">model hub</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/hub.html">torch.hub</a>
 */
public final class ExternalCaches {

    /** The folder in the project that caches used to lie in. */
    public static final String LEGACY = "shared/model-cache";

    /** Those that name a folder of hub repositories, with who reads them. */
    private static final Map<String, String> HUB_VARIABLES = ordered(
            "HF_HUB_CACHE", "the model hub",
            "HUGGINGFACE_HUB_CACHE", "the model hub",
            "TRANSFORMERS_CACHE", "transformers",
            "PYTORCH_TRANSFORMERS_CACHE", "transformers",
            "PYTORCH_PRETRAINED_BERT_CACHE", "transformers",
            "SENTENCE_TRANSFORMERS_HOME", "sentence-transformers",
            "PYANNOTE_CACHE", "pyannote");

    private static final String HUB = "hub";
    private static final String HUGGINGFACE = "huggingface";
    private static final String TORCH = "torch";
    private static final String TRANSFORMERS = "transformers";

    private final CacheConfig config;
    private final Path home;
    private final Map<String, String> inherited;

    /**
     * The places of a project.
     *
     * @param home the user's home folder
     * @param inherited the environment that the build itself runs in
     */
    public ExternalCaches(CacheConfig config, Path home, Map<String, String> inherited) {
        this.config = config;
        this.home = home;
        this.inherited = Map.copyOf(inherited);
    }

    /** The folder in the project that caches used to lie in, unless the config still has the cache there. */
    public Optional<Path> legacyFolder() {
        Path legacy = config.projectRoot().resolve(LEGACY);
        boolean used = config.roots().stream().anyMatch(root -> root.path().startsWith(legacy));
        return used || !Files.isDirectory(legacy) ? Optional.empty() : Optional.of(legacy);
    }

    /**
     * The existing caches, those of the project before those of the home folder, without duplicates. The project's own
     * roots are left out. A cache may contain another one.
     */
    public List<ExternalCache> places() {
        Collector places = new Collector();
        legacyFolder().ifPresent(places::legacy);
        places.ofRoots();
        places.inHome(home.resolve(".cache"), "home");
        folder("XDG_CACHE_HOME").ifPresent(folder -> places.inHome(folder, "XDG_CACHE_HOME"));
        places.ofVariables();
        return places.found;
    }

    /**
     * The existing flat caches of old versions of transformers, without duplicates. Those in the home folder are left out
     * unless they have a model of the project.
     *
     * @param models those of the project
     */
    public List<FlatTransformersCache> flat(Collection<ModelReference> models) {
        Set<Path> seen = new HashSet<>();
        List<FlatTransformersCache> found = new ArrayList<>();
        for (Path folder : flatFolders()) {
            if (seen.add(real(folder))) {
                flat(folder)
                        .filter(cache -> !isShared(real(folder))
                                || cache.models().stream().anyMatch(models::contains))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<FlatTransformersCache> flat(Path folder) {
        try {
            return FlatTransformersCache.find(folder);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Path> flatFolders() {
        List<Path> folders =
                new ArrayList<>(List.of(config.hfHome(), config.hfHome().resolve(TRANSFORMERS)));
        folders.add(config.torchHome().resolve(TRANSFORMERS));
        legacyFolder()
                .ifPresent(legacy -> folders.addAll(List.of(
                        legacy,
                        legacy.resolve(TRANSFORMERS),
                        legacy.resolve(HUGGINGFACE),
                        legacy.resolve(HUGGINGFACE).resolve(TRANSFORMERS),
                        legacy.resolve(TORCH).resolve(TRANSFORMERS))));
        List<Path> caches = new ArrayList<>(List.of(home.resolve(".cache")));
        folder("XDG_CACHE_HOME").ifPresent(caches::add);
        for (Path cache : caches) {
            folders.add(cache.resolve(HUGGINGFACE).resolve(TRANSFORMERS));
            folders.add(cache.resolve(TORCH).resolve(TRANSFORMERS));
        }
        folder("HF_HOME").ifPresent(path -> folders.add(path.resolve(TRANSFORMERS)));
        HUB_VARIABLES.keySet().forEach(variable -> folder(variable).ifPresent(folders::add));
        return folders;
    }

    /** The folder that an inherited variable names; relative and empty values lead nowhere in particular. */
    private Optional<Path> folder(String variable) {
        String value = inherited.getOrDefault(variable, "");
        String expanded = value.equals("~") || value.startsWith("~/") ? home + value.substring(1) : value;
        try {
            return Optional.of(Path.of(expanded)).filter(Path::isAbsolute).map(Path::normalize);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether the folder may serve other projects than this one. */
    private boolean isShared(Path real) {
        if (real.startsWith(real(home.resolve(".cache")))
                || folder("XDG_CACHE_HOME")
                        .map(xdg -> real.startsWith(real(xdg)))
                        .orElse(false)) {
            return !real.startsWith(real(config.projectRoot()));
        }
        return !real.startsWith(real(config.projectRoot())) && !real.startsWith(real(config.baseDir()));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** Gathers places, and passes over those that are not there, are known already, or are where they should be. */
    private final class Collector {

        private final List<ExternalCache> found = new ArrayList<>();
        private final Map<ExternalCache.Kind, Set<Path>> known = new EnumMap<>(ExternalCache.Kind.class);

        Collector() {
            regular(ExternalCache.Kind.HUB, config.hfHome().resolve(HUB));
            regular(ExternalCache.Kind.TORCH, config.torchHome().resolve(HUB));
            regular(
                    ExternalCache.Kind.CHECKPOINTS,
                    config.torchHome().resolve(HUB).resolve("checkpoints"));
            regular(ExternalCache.Kind.WHISPER, config.whisperHome());
            // transformers 4 reads there because the config says so.
            config.transformersCache().ifPresent(path -> regular(ExternalCache.Kind.HUB, path));
            config.xdgCacheHome().ifPresent(path -> regular(ExternalCache.Kind.WHISPER, path.resolve("whisper")));
        }

        private void regular(ExternalCache.Kind kind, Path path) {
            isNew(kind, real(path));
        }

        private void add(ExternalCache.Kind kind, Path path, String name) {
            if (!Files.isDirectory(path)) {
                return;
            }
            Path real = real(path);
            if (isNew(kind, real)) {
                found.add(new ExternalCache(path, kind, isShared(real), name));
            }
        }

        private boolean isNew(ExternalCache.Kind kind, Path real) {
            return known.computeIfAbsent(kind, any -> new HashSet<>()).add(real);
        }

        private void hub(Path path, String name) {
            add(ExternalCache.Kind.HUB, path, name);
        }

        /** All layouts at once, because several tools have used this folder. */
        void legacy(Path folder) {
            String name = "old folder " + LEGACY;
            for (String part : new String[] {"", HUB, HUGGINGFACE, TRANSFORMERS, "pyannote", "mlx", "mlx/hub"}) {
                hub(folder.resolve(part), name);
            }
            hub(folder.resolve(HUGGINGFACE).resolve(HUB), name);
            add(ExternalCache.Kind.TORCH, folder, name);
            add(ExternalCache.Kind.TORCH, folder.resolve(HUB), name);
            torch(folder.resolve(TORCH), name);
            add(ExternalCache.Kind.WHISPER, folder, name);
            add(ExternalCache.Kind.WHISPER, folder.resolve("whisper"), name);
        }

        /** What libraries put into the roots beside the place where others look for it. */
        void ofRoots() {
            hub(config.hfHome(), "hub cache that TRANSFORMERS_CACHE split");
            for (CacheRoot root : config.roots()) {
                if (root.kind() == CacheRoot.Kind.MODEL) {
                    ofRoot(root.path(), "project's " + root.name() + " cache");
                }
            }
            ofRoot(config.baseDir(), "base folder of the project's caches");
        }

        /** Whatever a program was told to download to. */
        private void ofRoot(Path root, String name) {
            torch(root, name);
            add(ExternalCache.Kind.TORCH, root, name);
            add(ExternalCache.Kind.CHECKPOINTS, root, name);
            add(ExternalCache.Kind.CHECKPOINTS, root.resolve(HUB), name);
            add(ExternalCache.Kind.WHISPER, root, name);
        }

        void inHome(Path cache, String whose) {
            hub(cache.resolve(HUGGINGFACE).resolve(HUB), whose + " cache of the model hub");
            hub(cache.resolve(HUGGINGFACE), whose + " cache of the model hub");
            torch(cache.resolve(TORCH), whose + " cache of PyTorch");
            add(ExternalCache.Kind.WHISPER, cache.resolve("whisper"), whose + " cache of openai-whisper");
            hub(cache.resolve("mlx_whisper"), whose + " cache of mlx-whisper");
            hub(cache.resolve("mlx_whisper").resolve(HUB), whose + " cache of mlx-whisper");
        }

        void ofVariables() {
            folder("HF_HOME").ifPresent(path -> {
                hub(path.resolve(HUB), "cache that HF_HOME names");
                hub(path, "cache that HF_HOME names");
            });
            HUB_VARIABLES.forEach((variable, reader) -> folder(variable)
                    .ifPresent(path -> hub(path, "cache of " + reader + " that " + variable + " names")));
            folder("TORCH_HOME").ifPresent(path -> torch(path, "cache that TORCH_HOME names"));
        }

        /** A torch home, and the hub repositories that faster-whisper and pyannote are told to keep there. */
        private void torch(Path folder, String name) {
            add(ExternalCache.Kind.TORCH, folder.resolve(HUB), name);
            hub(folder, name);
            hub(folder.resolve(HUB), name);
            hub(folder.resolve("pyannote"), name);
        }
    }
}
