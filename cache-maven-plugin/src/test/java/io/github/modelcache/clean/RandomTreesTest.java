package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.testing.FastFolder;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds random caches, cleans them in a random way, and looks at every byte inside and outside. */
class RandomTreesTest {

    private static final int TREES = 2000;
    private static final int ENTRIES = 30;
    private static final String[] NAMES = {
        "a",
        "b.bin",
        "model.safetensors",
        "line\nbreak",
        " space ",
        "-rf",
        "*",
        "..x",
        ".git-not",
        "\u00e9\u4e2d",
        "tab\t",
        "blobs",
        "snapshots",
        "refs",
        "models--a--b",
        "models--c--d",
        ".x.0123abcd.partial",
        "abc.incomplete",
        "CACHEDIR.TAG",
        ".locks",
        "token",
        "hub",
        "checkpoints",
        "o_r_main",
        "ab",
        "x.lock"
    };

    private static final String[] SCOPES = {"stale", "unused", "metadata", "models", "all"};

    @TempDir(factory = FastFolder.class)
    Path folder;

    private final List<Path> names = new ArrayList<>();

    private final Instant now = Instant.now();

    @Test
    void changesNotOneByteOutsideThePlan() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        Path outside = Files.createDirectories(folder.resolve("outside"));
        for (String name : NAMES) {
            names.add(Path.of(name));
        }
        names.addAll(undecodable(outside));
        for (int seed = 0; seed < TREES; seed++) {
            Random random = new Random(seed);
            check(seed, random, project, outside);
            clear(project);
            clear(outside);
        }
    }

    private void check(int seed, Random random, Path root, Path outside) throws Exception {
        TestProject project = new TestProject(root);
        CacheConfig config = project.prepared("");
        List<Path> folders = new ArrayList<>();
        config.roots().forEach(cache -> folders.add(cache.path()));
        folders.add(Files.createDirectories(config.hfHome().resolve("hub")));
        folders.add(outside);
        List<Path> files = new ArrayList<>();
        project.write("src/Main.java", "class Main {}");
        List<ResolvedModel> models = repositories(random, config.hfHome().resolve("hub"));
        for (int i = 0; i < ENTRIES; i++) {
            entry(random, folders, files, root);
        }
        if (random.nextInt(4) == 0) {
            relocate(root.resolve(".cache"), outside.resolve("disk"));
        }
        project.write("config/models.lock.json", LockFile.text(Lock.of(models)));
        CleanRequest request = request(random);
        Map<Path, String> before = fingerprint(folder);

        CacheCleaning cleaning = new CacheCleaning(config, project.lock(), folder.resolve("home"), now, project);
        Optional<CleanPlan> plan = plan(cleaning, request);
        assertThat(fingerprint(folder)).as("planning, seed %s", seed).isEqualTo(before);
        if (plan.isEmpty()) {
            return;
        }
        List<Path> targets = new ArrayList<>();
        for (Action action : plan.get().plan().actions()) {
            targets.addAll(real(action.target()));
        }
        try {
            plan.get().run(project, root);
        } catch (IOException e) {
            assertThat(e).as("seed %s", seed).hasMessageContaining("could not be deleted");
        }
        Map<Path, String> after = fingerprint(folder);
        before.forEach((path, was) -> {
            boolean planned = targets.stream().anyMatch(path::startsWith);
            // A name of a commit or a list of files goes with the snapshot, and a folder with the last thing in it.
            boolean beside = path.toString().contains("models--")
                    || was.equals("/")
                    || path.toString().contains(".refs");
            if (!planned && !(beside && !after.containsKey(path))) {
                assertThat(after.get(path))
                        .as("%s after %s, seed %s", path, request, seed)
                        .isEqualTo(was);
            }
        });
        assertThat(after.keySet()).as("new entries, seed %s", seed).isSubsetOf(before.keySet());
        assertThat(after).containsEntry(root.resolve("src/Main.java"), "class Main {}");
        before.keySet().stream()
                .filter(path -> path.startsWith(outside) && !path.startsWith(outside.resolve("disk")))
                .forEach(path -> assertThat(after.get(path))
                        .as("%s after %s, seed %s", path, request, seed)
                        .isEqualTo(before.get(path)));
        for (CacheConfigRoot cache : roots(config)) {
            assertThat(Files.isDirectory(cache.path()))
                    .as("root %s, seed %s", cache.path(), seed)
                    .isTrue();
        }
        intact(models, config.hfHome().resolve("hub"), request, seed);
    }

    /** Empty where no model may go for a size that the application caches alone exceed. */
    private static Optional<CleanPlan> plan(CacheCleaning cleaning, CleanRequest request) throws Exception {
        try {
            return Optional.of(cleaning.plan(request));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("the application caches alone hold");
            return Optional.empty();
        }
    }

    /** Names that Java can read and not write: a shell has to. None where the file system refuses them. */
    private static List<Path> undecodable(Path scratch) throws Exception {
        List<Path> undecodable = new ArrayList<>();
        if (!Files.isExecutable(Path.of("/bin/sh"))) {
            return undecodable;
        }
        Process shell = new ProcessBuilder("/bin/sh", "-c", "echo x > \"$(printf 'bad\\377name')\"")
                .directory(scratch.toFile())
                .start();
        shell.waitFor();
        try (DirectoryStream<Path> made = Files.newDirectoryStream(scratch)) {
            made.forEach(path -> undecodable.add(path.getFileName()));
        }
        clear(scratch);
        return undecodable;
    }

    private record CacheConfigRoot(Path path) {}

    private static List<CacheConfigRoot> roots(CacheConfig config) {
        return config.roots().stream()
                .map(root -> new CacheConfigRoot(root.path()))
                .toList();
    }

    /** What the lock pins outlives what is said to take only the rest. */
    private static void intact(List<ResolvedModel> models, Path hub, CleanRequest request, int seed) {
        boolean spared = request.scope() == CleanScope.UNUSED
                || request.scope() == CleanScope.STALE
                || request.scope() == CleanScope.METADATA;
        if (spared) {
            for (ResolvedModel model : models) {
                String name = model.reference().id().replace("/", "--");
                Path file = hub.resolve("models--" + name + "/snapshots/" + model.revision() + "/m.bin");
                assertThat(Files.exists(file))
                        .as("%s after %s, seed %s", file, request, seed)
                        .isTrue();
            }
        }
    }

    private static List<ResolvedModel> repositories(Random random, Path hub) throws IOException {
        List<ResolvedModel> locked = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            HubFixture repository = new HubFixture(hub, "acme/r" + i);
            if (random.nextBoolean()) {
                String xet = "ab" + String.valueOf(random.nextInt(2)).repeat(62);
                repository.stored("m.bin", xet, "stored " + xet);
            } else {
                repository.large("m.bin", "content " + i);
            }
            repository.ref("main", HubFixture.COMMIT);
            Path other = Files.createDirectories(repository.folder().resolve("snapshots/" + "e".repeat(40)));
            if (random.nextBoolean()) {
                Files.createSymbolicLink(
                        other.resolve("m.bin"),
                        Path.of("../../blobs", repository.digest("m.bin").hex()));
            }
            if (random.nextBoolean()) {
                locked.add(repository.resolved());
            }
        }
        return locked;
    }

    private void entry(Random random, List<Path> folders, List<Path> files, Path root) throws IOException {
        Path parent = folders.get(random.nextInt(folders.size()));
        Path path = parent.resolve(names.get(random.nextInt(names.size())));
        try {
            switch (random.nextInt(6)) {
                case 0 -> folders.add(Files.createDirectory(path));
                case 1 -> Files.createSymbolicLink(path, folders.get(random.nextInt(folders.size())));
                case 2 -> Files.createSymbolicLink(path, Path.of("../".repeat(random.nextInt(4)), "a"));
                case 3 -> {
                    if (!files.isEmpty()) {
                        Files.createLink(path, files.get(random.nextInt(files.size())));
                    }
                }
                default -> {
                    Files.writeString(path, "file " + random.nextInt());
                    Duration age = Duration.ofHours(random.nextInt(24 * 200));
                    Files.setLastModifiedTime(path, FileTime.from(now.minus(age)));
                    files.add(path);
                }
            }
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            assertThat(path.startsWith(root) || path.startsWith(folder)).isTrue();
        } catch (IOException e) {
            // A folder of that name is there already, or a loop of links leads nowhere.
            assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        }
    }

    private static void relocate(Path cache, Path disk) throws IOException {
        Files.move(cache, disk);
        Files.createSymbolicLink(cache, disk);
    }

    private static CleanRequest request(Random random) {
        CleanScope scope = CleanScope.parse(SCOPES[random.nextInt(SCOPES.length)]);
        boolean models = scope == CleanScope.MODELS || scope == CleanScope.UNUSED;
        return CleanRequest.parse(
                scope.id(),
                maybe(random, "30d"),
                models ? maybe(random, "100B") : null,
                models ? maybe(random, "hf:*,torch:*") : null);
    }

    private static @Nullable String maybe(Random random, String value) {
        return random.nextInt(4) == 0 ? value : null;
    }

    /** A target as it is written, and where it really is. */
    private static List<Path> real(Path target) throws IOException {
        Path parent = Optional.ofNullable(target.getParent()).orElseThrow();
        Path real = parent.toRealPath().resolve(parent.relativize(target));
        // A whole root is named when it is emptied; it may itself be reached through a link.
        return Files.isDirectory(target) && !Files.isSymbolicLink(target)
                ? List.of(target, real, target.toRealPath())
                : List.of(target, real);
    }

    private static Map<Path, String> fingerprint(Path root) throws IOException {
        Map<Path, String> found = new HashMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                found.put(path, "/");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                found.put(
                        path,
                        attributes.isSymbolicLink()
                                ? "-> " + Files.readSymbolicLink(path)
                                : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static void clear(Path root) throws IOException {
        new TreeDeleter().deleteTree(root, root, path -> false);
    }
}
