package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class GroupPermissionsTest {

    private static final int GROUP_INHERITED = 02000;

    @TempDir
    private Path folder;

    private Path shared;

    @BeforeEach
    void aFolderOfAGroup() throws IOException {
        shared = Files.createDirectory(folder.resolve("shared"));
        Files.setAttribute(shared, "unix:mode", GROUP_INHERITED | 0775);
        Files.setAttribute(folder, "unix:mode", 0755);
    }

    @Test
    void foldersInAFolderOfAGroupAreItsToo() throws IOException {
        GroupPermissions.createDirectories(shared.resolve("hub/blobs"));

        assertThat(mode(shared.resolve("hub")) & 0070).isEqualTo(0070);
        assertThat(mode(shared.resolve("hub/blobs")) & 0070).isEqualTo(0070);
    }

    @Test
    void theInheritanceOfTheGroupStays() throws IOException {
        GroupPermissions.createDirectories(shared.resolve("hub/blobs"));

        assertThat(mode(shared.resolve("hub/blobs")) & GROUP_INHERITED)
                .isEqualTo(mode(shared.resolve("hub")) & GROUP_INHERITED)
                .isEqualTo(GROUP_INHERITED);
    }

    @Test
    void publishedFilesInAFolderOfAGroupAreItsToo() throws IOException {
        AtomicFiles.write(shared.resolve("refs/main"), "x".getBytes(StandardCharsets.UTF_8));
        Path partial = Files.writeString(shared.resolve("model.part"), "x");
        Files.setAttribute(partial, "unix:mode", 0600);
        AtomicFiles.publish(partial, shared.resolve("model.bin"));

        assertThat(mode(shared.resolve("refs/main")) & 0070).isEqualTo(0060);
        assertThat(mode(shared.resolve("model.bin")) & 0070).isEqualTo(0060);
    }

    @Test
    void aLockIsForTheWholeGroup() throws IOException {
        Path lock = shared.resolve(".locks/maven.lock");
        ProcessLock.acquire(lock, () -> {}).close();

        assertThat(mode(lock) & 0060).isEqualTo(0060);
    }

    @Test
    void elsewhereTheUmaskDecides() throws IOException {
        Path own = folder.resolve("own");
        GroupPermissions.createDirectories(own);
        Path byTheJdk = Files.createDirectory(folder.resolve("jdk"));

        assertThat(mode(own)).isEqualTo(mode(byTheJdk));
    }

    @Test
    void anExistingFileKeepsItsPermissions() throws IOException {
        Path file = Files.writeString(shared.resolve("version.txt"), "1");
        Files.setAttribute(file, "unix:mode", 0640);

        AtomicFiles.write(file, "2".getBytes(StandardCharsets.UTF_8));

        assertThat(mode(file)).isEqualTo(0640);
    }

    @Test
    void aBrokenLinkIsNotAFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));

        assertThatThrownBy(() -> GroupPermissions.createDirectories(link.resolve("below")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void theNextRunDeletesTheTemporaryFolderOfAKilledRun() throws IOException {
        Path hub = shared.resolve("hub");
        Files.createDirectory(GroupPermissions.temporary(hub));

        GroupPermissions.createDirectories(hub.resolve("blobs"));

        assertThat(shared).isDirectoryNotContaining(path -> !path.equals(hub));
        assertThat(mode(hub) & 0070).isEqualTo(0070);
    }

    @Test
    void keepsAForeignFileWithTheTemporaryName() throws IOException {
        Path hub = shared.resolve("hub");
        Path theirs = Files.writeString(GroupPermissions.temporary(hub), "theirs");

        GroupPermissions.createDirectories(hub);

        assertThat(theirs).hasContent("theirs");
        assertThat(mode(hub) & 0070).isEqualTo(0070);
    }

    @Test
    void manyWhoCreateTheSameFoldersAtOnceAllSucceed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 100; round++) {
                Path deep = shared.resolve("round" + round).resolve("blobs");
                List<Callable<Path>> builds = Collections.nCopies(8, () -> {
                    GroupPermissions.createDirectories(deep);
                    return deep;
                });
                for (Future<Path> build : threads.invokeAll(builds)) {
                    build.get();
                }
                assertThat(mode(deep) & 0070).isEqualTo(0070);
                assertThat(deep.getParent()).isDirectoryNotContaining(path -> !path.equals(deep));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(shared).isDirectoryNotContaining("glob:**.tmp");
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & 07777;
    }
}
