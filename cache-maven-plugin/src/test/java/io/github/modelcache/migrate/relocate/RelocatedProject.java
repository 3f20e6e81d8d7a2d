package io.github.modelcache.migrate.relocate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A project with a small cache that is relocated, and a second disk where this machine has one. */
final class RelocatedProject implements Closeable {

    private static final Path SECOND_DISK = Path.of("/dev/shm");

    private final Path folder;
    private final TestProject project;
    private final Path disk;
    private String members = "";
    private Lock lock = Lock.EMPTY;

    RelocatedProject(Path folder, Path root) throws IOException {
        this.folder = folder;
        this.project = new TestProject(root);
        boolean second = Files.isWritable(SECOND_DISK)
                && !Files.getFileStore(SECOND_DISK).equals(Files.getFileStore(folder));
        this.disk = second ? Files.createTempDirectory(SECOND_DISK, "model-cache") : folder;
        fill(base());
    }

    /** A project in a folder of its own, with a cache. */
    static RelocatedProject in(Path folder) throws IOException {
        return new RelocatedProject(folder, Files.createDirectories(folder.resolve("project")));
    }

    private RelocatedProject(Path folder, Path root, Path disk) {
        this.folder = folder;
        this.project = new TestProject(root);
        this.disk = disk;
    }

    /** The same project by another path. */
    RelocatedProject at(Path root) {
        return new RelocatedProject(folder, root, disk);
    }

    RelocatedProject members(String json) {
        members = json;
        return this;
    }

    RelocatedProject lock(ResolvedModel model) {
        lock = Lock.of(List.of(model));
        return this;
    }

    CacheConfig config() throws Exception {
        return project.config(members);
    }

    TestProject project() {
        return project;
    }

    Path root() {
        return project.root();
    }

    Path base() {
        return project.root().resolve(".cache");
    }

    /** Where the old folder is until it is deleted. */
    Path aside() {
        return PartialFiles.beside(base(), "old", Optional.empty());
    }

    /** A folder on another disk; on this one where there is no other. */
    Path disk() {
        return disk;
    }

    boolean hasSecondDisk() {
        return !disk.equals(folder);
    }

    void relocate(Path to) throws Exception {
        relocate(to, new AtomicFileOperations());
    }

    /** Relocates, and does something before each change of the disk. */
    void relocate(Path to, AtomicFileOperations.Watcher watcher) throws Exception {
        relocate(to, new AtomicFileOperations(watcher));
    }

    private void relocate(Path to, AtomicFileOperations operations) throws Exception {
        try (CacheRelocation relocation = new CacheRelocation(config(), home(), lock, operations, project)) {
            relocation.plan(to).run(project, root(), 1);
        }
    }

    Plan plan(Path to) throws Exception {
        try (CacheRelocation relocation =
                new CacheRelocation(config(), home(), lock, new AtomicFileOperations(), project)) {
            return relocation.plan(to);
        }
    }

    void refused(Path to, String why) {
        assertThatThrownBy(() -> relocate(to)).hasMessageContaining(why);
    }

    /** Stops a run as a killed process stops. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Relocates, and is killed before a change. */
    boolean killed(Path to, int changes) throws Exception {
        AtomicInteger left = new AtomicInteger(changes);
        try {
            relocate(to, changed -> {
                if (left.getAndDecrement() == 0) {
                    throw new Killed();
                }
            });
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    /** Relocates, and is killed before the first change of a path. */
    void killedBefore(Path path, Path to) {
        assertThatThrownBy(() -> relocate(to, changed -> {
                    if (changed.equals(path)) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
    }

    private Path home() throws IOException {
        return Files.createDirectories(folder.resolve("home"));
    }

    /** The content of a cache, without the plugin's own folder. */
    static SortedMap<String, String> contents(Path cache) throws IOException {
        SortedMap<String, String> contents = TestProject.contents(cache);
        contents.remove(RelocationMarker.FOLDER);
        return contents;
    }

    static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills a cache with models of each kind. */
    static void fill(Path cache) throws IOException {
        Files.createDirectories(cache.resolveSibling("config"));
        new HubFixture(cache.resolve("huggingface/hub"), "acme/a")
                .large("a.bin", "weights")
                .large("deep/b.bin", "more weights")
                .ref("main", "x");
        write(cache.resolve("models/one.bin"), "one");
        Files.createDirectories(cache.resolve("torch"));
    }

    /** Deletes the folder on the second disk. */
    @Override
    public void close() throws IOException {
        if (hasSecondDisk()) {
            new TreeDeleter().deleteTree(disk, disk, path -> false);
            Files.delete(disk);
        }
    }
}
