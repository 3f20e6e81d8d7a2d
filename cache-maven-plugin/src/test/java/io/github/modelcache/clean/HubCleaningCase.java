package io.github.modelcache.clean;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub cache that {@code cache:clean} deletes from. */
abstract class HubCleaningCase {

    final Instant now = Instant.now();
    static final String OLD = "f".repeat(40);
    static final String XET = "ab" + "0".repeat(62);

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    TestProject project;
    CacheConfig config;
    Path hub;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        hub = folder.resolve(".cache/huggingface/hub");
    }

    /** The same model, locked at another revision. */
    static ResolvedModel revised(HubFixture model) {
        ResolvedModel here = model.resolved();
        return new ResolvedModel(
                here.reference(), here.request(), "d".repeat(40), Optional.empty(), false, here.files());
    }

    /** Half a content that was last written to an hour ago. */
    Path begun(String name) throws IOException {
        Path partial = project.write(
                ".cache/huggingface/hub/models--acme--" + name + "/blobs/" + "a".repeat(64) + ".01234567.incomplete",
                "half");
        Files.setLastModifiedTime(partial, FileTime.from(now.minus(Duration.ofHours(1))));
        return partial;
    }

    /** Gives the contents of a repository another disk, long ago. */
    Path elsewhere(HubFixture of) throws Exception {
        Path blobs = of.folder().resolve("blobs");
        Files.move(blobs, outside.resolve("blobs"));
        Files.createSymbolicLink(blobs, outside.resolve("blobs"));
        Files.getFileAttributeView(blobs, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(now.minus(Duration.ofDays(2))), null, null);
        return blobs;
    }

    /** The lock pins one; both have a file of the same content. */
    HubFixture twoRevisions() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny")
                .large("a.bin", "shared by both")
                .ref("main", HubFixture.COMMIT);
        tiny.tree(Map.of());
        Path old = Files.createDirectories(snapshot(tiny, OLD));
        Files.createSymbolicLink(
                old.resolve("a.bin"),
                Path.of("../../blobs", tiny.digest("a.bin").hex()));
        Files.createSymbolicLink(old.resolve("b.bin"), Path.of("../../blobs/old"));
        Files.writeString(tiny.folder().resolve("blobs/old"), "only old");
        tiny.ref("old", OLD);
        Files.writeString(tiny.folder().resolve("trees/" + OLD + ".json"), "{}");
        project.lock().write(Lock.of(List.of(tiny.resolved())));
        return tiny;
    }

    static Path snapshot(HubFixture of, String commit) {
        return of.folder().resolve("snapshots").resolve(commit);
    }

    List<Path> dangling() throws IOException {
        try (Stream<Path> paths = Files.walk(hub)) {
            return paths.filter(path -> Files.isSymbolicLink(path) && !Files.exists(path))
                    .toList();
        }
    }

    static void deleteAll(Path root) throws IOException {
        if (Files.exists(root)) {
            new TreeDeleter().deleteTree(root, root, path -> false);
        }
    }

    CleanPlan plan(CleanScope scope) throws Exception {
        return plan(scope, () -> {});
    }

    CleanPlan plan(CleanScope scope, Runnable beforeEach) throws Exception {
        return new CacheCleaning(config, project.lock(), outside.resolve("home"), now, project)
                .plan(CleanRequest.of(scope), beforeEach);
    }

    long run(CleanScope scope) throws Exception {
        return plan(scope).run(project, folder);
    }

    /** Lets a run die before one of its deletions. */
    static final class Deaths implements Runnable {

        private int left;
        private final int steps;

        Deaths(int steps) {
            this.steps = steps;
            this.left = steps;
        }

        @Override
        public void run() {
            if (left-- == 0) {
                throw new Died(steps);
            }
        }
    }

    static final class Died extends RuntimeException {

        private static final long serialVersionUID = 1;

        Died(int steps) {
            super("after " + steps);
        }
    }
}
