package io.github.modelcache.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
        assertThat(second.get(Patience.ENDLESS.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(file).isEmptyFile();
    }

    @Test
    void continuesWithoutALockFileThatCannotBeOpened() throws Exception {
        // No user may write to a folder as to a file, not even one who may do everything.
        Path file = Files.createDirectory(folder.resolve("a.lock"));
        try (ProcessLock held = ProcessLock.acquire(file, () -> {})) {
            assertThat(held.exclusive()).isFalse();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void makesNoFileThroughALinkInTheLocksPlace() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        Path link = Files.createSymbolicLink(folder.resolve("a.lock"), elsewhere);

        try (ProcessLock held = ProcessLock.acquire(link, () -> {})) {
            assertThat(held.exclusive()).isFalse();
        }
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void aHeldLockIsNotAcquiredWithoutWaiting() throws Exception {
        Path file = folder.resolve("a.lock");
        try (ProcessLock held = ProcessLock.acquire(file, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            assertThat(ProcessLock.tryAcquire(file)).isEmpty();
        }
        try (ProcessLock next = ProcessLock.tryAcquire(file).orElseThrow()) {
            assertThat(next.exclusive()).isTrue();
            assertThat(ProcessLock.tryAcquire(file)).isEmpty();
        }
    }

    @Test
    void whoDoesNotWaitMakesNoLockFile() throws Exception {
        Path file = folder.resolve("a.lock");
        try (ProcessLock held = ProcessLock.tryAcquire(file).orElseThrow()) {
            assertThat(held.exclusive()).isFalse();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aThreadThatIsStoppedWhileItWaitsSaysSo() throws Exception {
        Path file = folder.resolve("a.lock");
        try (ProcessLock held = ProcessLock.acquire(file, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            Thread waiting = Thread.currentThread();
            assertThatThrownBy(() -> ProcessLock.acquire(file, waiting::interrupt))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("interrupted while waiting");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aFailedAttemptDoesNotReleaseTheLockOfAnotherThread() throws Exception {
        Path file = folder.resolve("a.lock");
        try (ProcessLock held = ProcessLock.acquire(file, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            assertThat(ProcessLock.tryAcquire(file)).isEmpty();
            assertThat(LockProcess.isFree(file)).isFalse();
        }
        assertThat(LockProcess.isFree(file)).isTrue();
    }

    @Test
    void anInterruptedWaitDoesNotReleaseTheLockOfAnotherThread() throws Exception {
        Path file = folder.resolve("a.lock");
        try (ProcessLock held = ProcessLock.acquire(file, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            Thread waiting = Thread.currentThread();
            assertThatThrownBy(() -> ProcessLock.acquire(file, waiting::interrupt))
                    .isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(LockProcess.isFree(file)).isFalse();
        }
    }

    @Test
    void closingALockTwiceDoesNotReleaseTheNextOne() throws Exception {
        Path file = folder.resolve("a.lock");
        ProcessLock first = ProcessLock.acquire(file, () -> {});
        first.close();
        try (ProcessLock next = ProcessLock.acquire(file, () -> {})) {
            assertThat(next.exclusive()).isTrue();
            first.close();
            assertThat(ProcessLock.tryAcquire(file)).isEmpty();
            assertThat(LockProcess.isFree(file)).isFalse();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDeletedLockFileIsReplacedWhileWaiting() throws Exception {
        Path file = folder.resolve("deep/a.lock");
        LockProcess other = LockProcess.start(file);
        assertThat(other.taken()).isTrue();
        try (ProcessLock held = ProcessLock.acquire(file, () -> deleteAndEnd(file, other))) {
            assertThat(held.exclusive()).isTrue();
            assertThat(LockProcess.isFree(file)).isFalse();
        }
    }

    /** What a move to another disk does: it empties the place whose lock it holds, and the folder goes too. */
    private static void deleteAndEnd(Path file, LockProcess holder) {
        try {
            Files.delete(file);
            Files.delete(file.getParent());
            holder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoShutsOthersOutMakesTheLockFile() throws Exception {
        Path file = folder.resolve("deep/a.lock");
        try (ProcessLock held = ProcessLock.tryShutOut(file).orElseThrow()) {
            assertThat(held.exclusive()).isTrue();
            assertThat(ProcessLock.tryShutOut(file)).isEmpty();
            assertThat(LockProcess.isFree(file)).isFalse();
        }
    }

    @Test
    void whoCanMakeNoLockFileHoldsItByName() throws Exception {
        Files.writeString(folder.resolve("no-folder"), "");
        try (ProcessLock held =
                ProcessLock.tryShutOut(folder.resolve("no-folder/a.lock")).orElseThrow()) {
            assertThat(held.exclusive()).isFalse();
        }
    }
}
