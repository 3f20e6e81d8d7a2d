package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.process.ProcessLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnknownFoldersCleaningTest extends CacheCleaningCase {

    @Test
    void aModelThatAnotherProjectIsFetchingIsKept() throws Exception {
        project.write(".cache/models/theirs/deep/model.bin", "half a model");
        project.write(".cache/models/other/model.bin", "model");
        Path lock = folder.resolve(".cache/models/theirs/deep/.locks/01234567.lock");
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            run(CleanScope.MODELS);
        }
        assertThat(folder.resolve(".cache/models/theirs/deep/model.bin")).exists();
        assertThat(folder.resolve(".cache/models/other")).doesNotExist();
        assertThat(project.said()).anyMatch(line -> line.contains("theirs: another build is fetching a model there"));
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/models/theirs/deep/model.bin")).doesNotExist();
        assertThat(lock).exists();
    }

    @Test
    void aForeignLockGuardsUndeclaredModelsAroundIt() throws Exception {
        project.write(".cache/torch/else/where/model.bin", "model");
        Path lock = folder.resolve(".cache/torch/.locks/01234567.lock");
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            run(CleanScope.MODELS);
        }
        assertThat(folder.resolve(".cache/torch/else/where/model.bin")).exists();
        assertThat(folder.resolve(".cache/models/a/model.bin")).doesNotExist();
    }

    @Test
    void anUnknownFolderWithARunningDownloadIsKept() throws Exception {
        Path partial = project.write(".cache/torch/theirs/.x.bin.0123abcd.partial", "half");
        aged(partial, Duration.ZERO);
        project.write(".cache/torch/theirs/done.bin", "model");
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/torch/theirs/done.bin")).exists();
        assertThat(project.said())
                .anyMatch(line -> line.contains("theirs: a download wrote to it less than 10 minutes ago"));
        aged(partial, Duration.ofHours(1));
        run(CleanScope.MODELS);
        assertThat(folder.resolve(".cache/torch/theirs")).doesNotExist();
    }

    @Test
    void aKilledRunLeavesNoIncompleteFolderThatLooksComplete() throws Exception {
        Path model = folder.resolve(".cache/torch/hub/acme_net_main");
        for (int kill = 0; kill < 3; kill++) {
            project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
            project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
            project.write(".cache/torch/hub/acme_net_main/src/old.py", "old");
            AtomicInteger left = new AtomicInteger(kill);
            CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.MODELS), () -> {
                if (isLeaving() && left.getAndDecrement() == 0) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> plan.run(project, folder)).isInstanceOf(Killed.class);
            assertThat(model).doesNotExist();
        }
        run(CleanScope.MODELS);
        assertThat(isLeaving()).isFalse();
    }

    @Test
    void aFolderWithKeptEntriesKeepsItsName() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
        Path leaving = PartialFiles.leaving(folder.resolve(".cache/torch/hub/acme_net_main"));
        CleanPlan plan = cleaning().plan(CleanRequest.of(CleanScope.MODELS), () -> {
            if (Files.isDirectory(leaving)) {
                write(leaving.resolve("src/new.py"));
            }
        });
        plan.run(project, folder);
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/src/new.py")).hasContent("new");
        assertThat(leaving).doesNotExist();
        assertThat(project.said())
                .anyMatch(said -> said.contains("Kept .cache/torch/hub/acme_net_main/src/new.py: it is new"));
    }

    @Test
    void aFolderThatChangedSinceThePlanIsKeptCompletely() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        CleanPlan plan = plan(CleanScope.MODELS);
        project.write(".cache/torch/hub/acme_net_main/src/new.py", "new");
        plan.run(project, folder);
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/src/new.py")).hasContent("new");
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/hubconf.py")).hasContent("code");
        assertThat(project.said())
                .contains("warn: Kept .cache/torch/hub/acme_net_main: .cache/torch/hub/acme_net_main/src/new.py is new,"
                        + " or was changed, since the plan was made");
    }

    @Test
    void aFolderWithUnreadableEntriesIsKeptCompletely() throws Exception {
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        project.write(".cache/torch/hub/acme_net_main/src/net.py", "more");
        Path closed = folder.resolve(".cache/torch/hub/acme_net_main/src");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("--x------"));
        try {
            assumeFalse(Files.isReadable(closed), "whoever runs this may read everything");
            assertThatThrownBy(() -> run(CleanScope.MODELS)).hasMessageStartingWith("1 entry of the cache");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(folder.resolve(".cache/torch/hub/acme_net_main/hubconf.py")).hasContent("code");
        assertThat(closed.resolve("net.py")).hasContent("more");
        assertThat(project.said())
                .anyMatch(line -> line.startsWith("warn: Kept .cache/torch/hub/acme_net_main: ")
                        && line.contains("acme_net_main/src can't be read"));
    }

    @Test
    void anUnknownScopeIsRejectedWithTheListOfScopes() {
        assertThat(CleanScope.parse("Models")).isEqualTo(CleanScope.MODELS);
        assertThatThrownBy(() -> CleanScope.parse("everything"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'everything'")
                .hasMessageContaining("stale, unused, metadata, models, all");
    }
}
