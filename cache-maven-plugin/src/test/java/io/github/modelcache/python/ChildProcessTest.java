package io.github.modelcache.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ChildProcessTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int run(String script, Optional<Duration> limit) throws Exception {
        StageCommand command =
                new StageCommand(List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin", "A", "b c"));
        return new ChildProcess(out, err).run(command, folder, limit);
    }

    @Test
    void handsOnBothOutputsAndTheExitCode() throws Exception {
        assertThat(run("echo out; echo err >&2; exit 3", Optional.empty())).isEqualTo(3);
        assertThat(out).hasToString("out\n");
        assertThat(err).hasToString("err\n");
    }

    @Test
    void theChildHasTheGivenEnvironmentAndNoOther() throws Exception {
        run("env", Optional.empty());
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("A=b c\n").doesNotContain("HOME=");
    }

    @Test
    void aGrandchildHasItToo() throws Exception {
        run("sh -c 'echo \"$A\"'", Optional.empty());
        assertThat(out).hasToString("b c\n");
    }

    @Test
    void itRunsInTheGivenFolder() throws Exception {
        run("pwd", Optional.empty());
        assertThat(out).hasToString(folder.toRealPath() + "\n");
    }

    @Test
    void stopsTheCommandAndItsDescendantsAfterTheTimeLimit() throws Exception {
        Patience.growing(limit -> {
            out.reset();
            assertThatThrownBy(() -> run("sleep 1000 & echo $!; wait", Optional.of(limit)))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessageContaining("cache.exec.timeout");
            long grandchild =
                    Long.parseLong(out.toString(StandardCharsets.UTF_8).strip());
            assertThat(ended(grandchild)).isTrue();
        });
    }

    @Test
    void killsStubbornProcessesWithTheirDescendants() throws Exception {
        String stubborn = "trap '' TERM; while :; do sh -c 'echo $$; exec sleep 1000'; done";
        Patience.growing(limit -> {
            out.reset();
            assertThatThrownBy(() -> run(stubborn, Optional.of(limit))).hasMessageContaining("cache.exec.timeout");
            assertThat(out.toString(StandardCharsets.UTF_8).lines().map(Long::parseLong))
                    .isNotEmpty()
                    .allMatch(pid -> ended(pid));
        });
    }

    /** Waits for the end of a process that was told to end. */
    private static boolean ended(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(Patience.ENDLESS.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return !process.get().isAlive();
        }
    }

    @Test
    void outputThatIsTakenSlowlyArrivesToTheLastByte() throws Exception {
        CountDownLatch childIsGone = new CountDownLatch(1);
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                try {
                    // Longer than anybody waits for the output of a process that was left behind.
                    childIsGone.await(1500, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                childIsGone.countDown();
                out.write(bytes, from, length);
            }
        };
        StageCommand command =
                new StageCommand(List.of("/bin/sh", "-c", "head -c 50000 /dev/zero"), Map.of("PATH", "/usr/bin:/bin"));
        assertThat(new ChildProcess(slow, err).run(command, folder, Optional.empty()))
                .isZero();
        assertThat(out.size()).isEqualTo(50_000);
    }

    @Test
    void aFileThatIsNotExecutableIsAnError() throws Exception {
        StageCommand command = new StageCommand(
                List.of(Files.writeString(folder.resolve("notes.txt"), "x").toString()), Map.of());
        assertThatThrownBy(() -> new ChildProcess(out, err).run(command, folder, Optional.empty()))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("notes.txt can't be executed; make it executable");
    }

    @Test
    void aProcessThatIsLeftBehindDoesNotHoldUpTheEnd() throws Exception {
        assertThat(run("sleep 30 & exit 0", Optional.empty())).isZero();
    }

    @Test
    void theCommandContinuesIfItsOutputIsClosed() throws Exception {
        OutputStream closed = OutputStream.nullOutputStream();
        closed.close();
        StageCommand command = new StageCommand(List.of("/bin/sh", "-c", "exit 4"), Map.of());
        assertThat(new ChildProcess(closed, closed).run(command, folder, Optional.empty()))
                .isEqualTo(4);
    }
}
