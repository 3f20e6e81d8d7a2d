package io.github.modelcache.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.HardwareMode;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.hardware.HardwareDetector;
import io.github.modelcache.hardware.Probes;
import io.github.modelcache.plan.Action;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What init does to a project's own files. */
class ProjectSetupTest {

    private final Hardware hardware = new HardwareDetector(Probes.ofThisMachine()).detect();

    @TempDir
    Path folder;

    @Test
    void takesTheTemporariesOfItsOwnFilesAfterADayAndNothingElse() throws Exception {
        TestProject project = new TestProject(folder);
        CacheConfig config = project.prepared("");
        Instant now = Instant.now();
        Path[] left = {
            project.write("config/hardware_cache.json.0123abcd.tmp", "{"),
            project.write("config/models.lock.json.0123abcd.tmp", "{"),
            project.write(".gitignore.0123abcd.tmp", ".ca"),
            project.write(".cache/CACHEDIR.TAG.0123abcd.tmp", "Sig")
        };
        Path[] others = {
            project.write("config/hardware_cache.json.mine.tmp", "{}"),
            project.write("config/hardware_cache.json.0123abcd", "{}"),
            project.write("config/other.json.0123abcd.tmp", "{}"),
            project.write("notes.txt.0123abcd.tmp", "mine")
        };
        Path young = project.write("config/hardware_cache.json.76543210.tmp", "{");
        for (Path[] files : new Path[][] {left, others}) {
            for (Path file : files) {
                Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofDays(2))));
            }
        }
        Path link = folder.resolve("config/hardware_cache.json.89abcdef.tmp");
        Files.createSymbolicLink(link, others[0]);

        new ProjectSetup(config).plan(hardware, HardwareMode.KEEP, now).run(project, folder, 1);

        assertThat(left).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(others).allSatisfy(file -> assertThat(file).exists());
        assertThat(young).exists();
        assertThat(link).isSymbolicLink();
        assertThat(new ProjectSetup(config)
                        .plan(hardware, HardwareMode.KEEP, now)
                        .isEmpty())
                .isTrue();
    }

    @Test
    void plansWhileAnotherBuildWritesTheSameFiles() throws Exception {
        TestProject project = new TestProject(folder);
        CacheConfig config = project.prepared("");
        AtomicBoolean planned = new AtomicBoolean();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = other.submit(() -> {
                for (int i = 0; !planned.get(); i++) {
                    // New content each time, or nothing is written.
                    AtomicFiles.write(config.file(), ("{" + " ".repeat(i % 2) + "}").getBytes(StandardCharsets.UTF_8));
                }
                return null;
            });
            for (int i = 0; i < 500; i++) {
                assertThat(new ProjectSetup(config)
                                .plan(hardware, HardwareMode.KEEP, Instant.now())
                                .actions())
                        .noneMatch(Action.Delete.class::isInstance);
            }
            planned.set(true);
            writing.get();
        } finally {
            planned.set(true);
            other.shutdown();
        }
    }
}
