package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A project with external caches to import. */
abstract class MigrationCase {

    static final String XET = "ab" + "0".repeat(62);
    static final String OTHER = "f".repeat(40);

    @TempDir
    Path folder;

    Migrated migrated;
    Path legacy;
    Path homeHub;

    @BeforeEach
    void prepare() throws IOException {
        migrated = new Migrated(folder);
        legacy = migrated.file("shared/model-cache");
        homeHub = migrated.home().resolve(".cache/huggingface/hub");
    }

    static ResolvedModel url(String name) {
        ModelFile file = new ModelFile(name, 1, Optional.of(Digest.sha256("ab".repeat(32))), "https://h/" + name);
        return new ResolvedModel(
                ModelReference.parse("url:https://h/" + name),
                ModelRequest.PLAIN,
                "1",
                Optional.empty(),
                false,
                List.of(file));
    }

    static void link(Path link, Path to) throws IOException {
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, to);
    }

    /** Like a signal: nothing is tidied up. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    static List<Path> dangling(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> Files.isSymbolicLink(path) && !Files.exists(path))
                    .toList();
        }
    }

    /** Every kind of thing to do at once. */
    static Migrated crowded(Path folder) throws Exception {
        Migrated migrated = new Migrated(folder);
        Path old = migrated.file("shared/model-cache");
        repository(old.resolve("huggingface/hub"), "acme/a");
        repository(migrated.file(".cache/huggingface"), "acme/a")
                .large("sub/more.bin", "more")
                .tree(Map.of());
        new HubFixture(old.resolve("hub"), "acme/b")
                .stored("a.bin", XET, "stored")
                .ref("main", HubFixture.COMMIT);
        repository(migrated.file(".cache/torch"), "acme/c").ref("v1", HubFixture.COMMIT + "\n");
        repository(migrated.home().resolve(".cache/huggingface/hub"), "acme/a");
        repository(migrated.home().resolve(".cache/huggingface/hub"), "acme/d");
        write(old.resolve("torch/hub/checkpoints/net.pth"), "net");
        write(old.resolve("torch/hub/acme_net_main/hubconf.py"), "1");
        write(migrated.home().resolve(".cache/torch/hub/acme_home_main/hubconf.py"), "2");
        write(migrated.home().resolve(".cache/torch/hub/acme_home_main/sub/x.py"), "3");
        return migrated.members("\"models\": [\"hf:acme/a\", \"hf:acme/d\", \"torchhub:acme/home\"]");
    }

    /** A second run has nothing more to do. */
    void nothingLeft() throws Exception {
        assertThat(migrated.run().plan().actions()).isEmpty();
    }

    static HubFixture repository(Path hub, String id) throws IOException {
        return new HubFixture(hub, id)
                .large("a.bin", "weights")
                .small("config.json", "{}")
                .ref("main", HubFixture.COMMIT);
    }

    SortedMap<String, String> home() throws IOException {
        return TestProject.contents(migrated.home());
    }

    static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
