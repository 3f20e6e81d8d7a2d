package io.github.modelcache.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    void whatNeverEndsIsStoppedWithItsChildrenWhenTheTimeIsUp() throws Exception {
        assertThatThrownBy(() -> run("sleep 1000 & echo $!; wait", Optional.of(Duration.ofMillis(300))))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("cache.exec.timeout");
        long grandchild = Long.parseLong(out.toString(StandardCharsets.UTF_8).strip());
        assertThat(ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aProcessThatIsLeftBehindDoesNotHoldUpTheEnd() throws Exception {
        assertThat(run("sleep 30 & exit 0", Optional.empty())).isZero();
    }

    @Test
    void outputGoesOnWhenNobodyTakesItAnyMore() throws Exception {
        OutputStream closed = OutputStream.nullOutputStream();
        closed.close();
        StageCommand command = new StageCommand(List.of("/bin/sh", "-c", "exit 4"), Map.of());
        assertThat(new ChildProcess(closed, closed).run(command, folder, Optional.empty()))
                .isEqualTo(4);
    }
}
