package io.github.modelcache.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
@Timeout(600)
class ProcessTreeTest {

    /**
     * A shell that outlives its child. The child prints its number itself: until it is a program of its own, it would swallow
     * the signal that its parent traps.
     */
    private static Process start(String trap) throws IOException {
        String child = "sh -c 'echo $$; exec sleep 1000'";
        return new ProcessBuilder("sh", "-c", trap + " " + child + " & while :; do wait; done").start();
    }

    private static Optional<ProcessHandle> child(Process process) throws IOException {
        try (BufferedReader out = process.inputReader()) {
            return ProcessHandle.of(Long.parseLong(out.readLine()));
        }
    }

    private static void requireGone(Process process, Optional<ProcessHandle> child) throws Exception {
        process.waitFor();
        if (child.isPresent()) {
            child.get().onExit().get();
        }
    }

    @Test
    void killsDescendantsToo() throws Exception {
        Process process = start("");
        Optional<ProcessHandle> child = child(process);
        assertThat(child).isPresent();
        ProcessTree.kill(process);
        requireGone(process, child);
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void asksFirst() throws Exception {
        Process process = start("trap 'exit 7' TERM;");
        Optional<ProcessHandle> child = child(process);
        ProcessTree.stop(process, Patience.ENDLESS);
        requireGone(process, child);
        assertThat(process.exitValue()).isEqualTo(7);
    }

    @Test
    void endsWhoDoesNotListen() throws Exception {
        Process process = start("trap '' TERM;");
        Optional<ProcessHandle> child = child(process);
        ProcessTree.stop(process, Duration.ofMillis(100));
        requireGone(process, child);
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void anInterruptCostsNobodyTheEnd() throws Exception {
        Process process = start("trap '' TERM;");
        Optional<ProcessHandle> child = child(process);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            ProcessTree.stop(process, Patience.ENDLESS);
            interrupted.set(Thread.interrupted());
        });
        caller.start();
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join();
        assertThat(interrupted).isTrue();
        requireGone(process, child);
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }
}
