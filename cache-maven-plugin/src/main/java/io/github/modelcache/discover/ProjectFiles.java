package io.github.modelcache.discover;

import io.github.modelcache.concurrent.WorkSharingExecutor;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.config.PythonEnvironment;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the sources and configs of a project. Skips links, caches, installed packages and build output. */
final class ProjectFiles {

    private static final int FILES_A_BATCH = 64;
    private static final int BATCHES_AHEAD = 16;

    private static final Set<String> SKIPPED = Set.of(
            "node_modules",
            "target",
            "build",
            "dist",
            "site-packages",
            "dist-packages",
            "__pycache__",
            "venv",
            "env",
            "virtualenv",
            "wandb",
            "mlruns",
            "vendor",
            "bower_components",
            "htmlcov");

    private final Path root;
    private final Set<Path> caches = new HashSet<>();
    private final SourceReader reader;
    private final List<Mention> mentions = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();
    private final Deque<WorkSharingExecutor.Task<List<Mention>>> ahead = new ArrayDeque<>();
    private List<Found> batch = new ArrayList<>();
    private int files;

    private record Found(Path path, FileType type) {}

    ProjectFiles(CacheConfig config, Set<Path> oldCaches) {
        this.root = config.projectRoot();
        this.reader = new SourceReader(this::isFolder);
        caches.addAll(oldCaches);
        caches.add(config.baseDir());
        config.roots().stream().map(CacheRoot::path).forEach(caches::add);
        config.environments().values().stream().map(PythonEnvironment::path).forEach(caches::add);
    }

    private boolean isFolder(String name) {
        return Files.isDirectory(root.resolve(name));
    }

    /** The models that the files mention. */
    List<Mention> read() throws IOException {
        try (WorkSharingExecutor executor = new WorkSharingExecutor("model-cache-discover")) {
            CacheWalk.walk(root, new Sources(executor));
            begin(executor);
            while (!ahead.isEmpty()) {
                mentions.addAll(ahead.remove().get());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        reader.complete(mentions);
        return mentions;
    }

    /** The number of files that were read. */
    int count() {
        return files;
    }

    /** Files and folders that can't be read. */
    List<Path> unreadable() {
        return List.copyOf(unreadable);
    }

    private void begin(WorkSharingExecutor executor) {
        List<Found> work = batch;
        batch = new ArrayList<>(FILES_A_BATCH);
        if (!work.isEmpty()) {
            ahead.add(executor.begin(() -> read(work)));
        }
    }

    private List<Mention> read(List<Found> some) {
        List<Mention> found = new ArrayList<>();
        for (Found file : some) {
            String name = root.relativize(file.path()).toString().replace('\\', '/');
            try {
                found.addAll(reader.read(file.path(), name, file.type()));
            } catch (IOException e) {
                synchronized (unreadable) {
                    unreadable.add(file.path());
                }
            }
        }
        return found;
    }

    private final class Sources implements CacheWalk.Visitor {

        private final WorkSharingExecutor executor;

        Sources(WorkSharingExecutor executor) {
            this.executor = executor;
        }

        @Override
        public boolean wants(CacheEntry directory) {
            Path path = directory.path();
            String name = String.valueOf(path.getFileName());
            boolean hidden = name.startsWith(".")
                    && !name.equals(".github")
                    && !name.equals(".gitlab")
                    && !name.equals(".circleci");
            return !hidden
                    && !SKIPPED.contains(name.toLowerCase(Locale.ROOT))
                    && !name.endsWith(".egg-info")
                    && !caches.contains(path)
                    && !Files.exists(path.resolve("pyvenv.cfg"));
        }

        @Override
        public void entry(CacheEntry entry) {
            Optional<FileType> type = FileType.of(String.valueOf(entry.path().getFileName()));
            if (entry.kind() != CacheEntry.Kind.FILE || type.isEmpty()) {
                return;
            }
            files++;
            batch.add(new Found(entry.path(), type.get()));
            if (batch.size() == FILES_A_BATCH) {
                begin(executor);
            }
            if (ahead.size() > BATCHES_AHEAD) {
                try {
                    mentions.addAll(ahead.remove().get());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            synchronized (unreadable) {
                unreadable.add(path);
            }
        }
    }
}
