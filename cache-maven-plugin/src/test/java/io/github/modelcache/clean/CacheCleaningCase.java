package io.github.modelcache.clean;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Caches of all kinds that {@code cache:clean} deletes from. */
abstract class CacheCleaningCase {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    TestProject project;
    CacheConfig config;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        project.write(".cache/CACHEDIR.TAG", "tag");
        project.write(".cache/models/a/model.bin", "model");
        project.write(".cache/huggingface/hub/version", "1");
        project.write("out/tmdb_cache/new.json", "new");
        aged(project.write("out/tmdb_cache/old.json", "old!"), Duration.ofDays(91));
        aged(project.write(".cache/models/a/.x.bin.0123abcd.partial", "abandoned"), Duration.ofDays(2));
        aged(project.write(".cache/models/a/.y.bin.0123abcd.partial", "running"), Duration.ofHours(2));
        project.write("src/Main.java", "class Main {}");
        project.lock().write(Lock.EMPTY);
    }

    void lockUrl(String path) throws Exception {
        ModelReference model = new ModelReference("url", "https://h/" + path);
        ModelFile file = new ModelFile(path, 5, Optional.of(Digest.sha256("ab".repeat(32))), "https://h/" + path);
        project.lock()
                .write(Lock.of(List.of(
                        new ResolvedModel(model, ModelRequest.PLAIN, "1", Optional.empty(), false, List.of(file)))));
    }

    boolean isLeaving() {
        return Files.exists(PartialFiles.leaving(folder.resolve(".cache/torch/hub/acme_net_main")));
    }

    /** Like a signal: nothing is tidied up. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    static void write(Path file) {
        try {
            Files.writeString(file, "new");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CacheCleaning cleaning() {
        return new CacheCleaning(config, project.lock(), outside.resolve("home"), NOW, project);
    }

    CleanPlan plan(CleanScope scope) throws Exception {
        return cleaning().plan(CleanRequest.of(scope));
    }

    long run(CleanScope scope) throws Exception {
        return plan(scope).run(project, folder);
    }

    static void aged(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }
}
