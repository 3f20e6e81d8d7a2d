package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

    @TempDir
    Path folder;

    @Test
    void letsTheNextOneInWhenItIsGivenBack() throws Exception {
        Path file = folder.resolve("deep/a.lock");
        CountDownLatch waits = new CountDownLatch(1);
        ProcessLock first = ProcessLock.acquire(file, () -> {});
        assertThat(first.exclusive()).isTrue();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> {
            try (ProcessLock held = ProcessLock.acquire(file, waits::countDown)) {
                return held.exclusive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        waits.await();
        assertThat(second).isNotDone();
        first.close();
        assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(file).isEmptyFile();
    }

    @Test
    void goesOnWithoutALockThatMayNotBeOpened() throws Exception {
        // No user may write to a folder as to a file, not even one who may do everything.
        Path file = Files.createDirectory(folder.resolve("a.lock"));
        try (ProcessLock held = ProcessLock.acquire(file, () -> {})) {
            assertThat(held.exclusive()).isFalse();
        }
    }
}
