package io.github.modelcache.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.process.SearchPath;
import io.github.modelcache.testing.Patience;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: shell scripts in the place of {@code nvidia-smi}. */
@DisabledOnOs(OS.WINDOWS)
class CommandProbeTest {

    private static final List<String> NVIDIA_SMI = List.of("nvidia-smi", "--query-gpu=name,memory.total");

    @TempDir
    Path folder;

    @Test
    void answersWithWhatTheCommandPrints() throws IOException {
        script("echo 'NVIDIA T4, 15360'; echo ignored >&2; echo \"$1\"");

        assertThat(ask()).contains("NVIDIA T4, 15360\n--query-gpu=name,memory.total\n");
    }

    @Test
    void listsTwoGpusOfARealProcess() throws IOException {
        script("printf 'NVIDIA L4, 23034\\nNVIDIA L40, 46068\\n'");

        assertThat(ask().map(NvidiaGpu::parse).orElseThrow())
                .extracting(NvidiaGpu::name)
                .containsExactly("NVIDIA L4", "NVIDIA L40");
    }

    @Test
    void hasNoAnswerWhenTheCommandFails() throws IOException {
        script("echo 'NVIDIA T4, 15360'; exit 1");

        assertThat(ask()).isEmpty();
    }

    @Test
    void hasNoAnswerWhenTheCommandIsNotOnThePath() {
        assertThat(ask()).isEmpty();
    }

    @Test
    void hasNoAnswerIfTheFileIsNotExecutable() throws IOException {
        Files.write(folder.resolve("nvidia-smi"), new byte[] {0x7f, 'E', 'L', 'F', 0, 0, 0});
        executable("nvidia-smi");

        assertThat(ask()).isEmpty();
    }

    @Test
    void skipsFoldersAndFilesThatAreNotExecutable() throws IOException {
        Files.createDirectory(folder.resolve("nvidia-smi"));

        assertThat(ask()).isEmpty();
    }

    @Test
    void waitsForNoInput() throws IOException {
        script("cat; echo done");

        assertThat(ask()).contains("done\n");
    }

    @Test
    void killsACommandThatHangsAndItsChildren() throws Exception {
        Path pids = folder.resolve("pids");
        script("sleep 600 & echo $! > '" + pids + ".new'; echo $$ >> '" + pids + ".new'; mv '" + pids + ".new' '" + pids
                + "'; wait");

        Patience.growing(limit -> {
            assertThat(probe(limit).ask(NVIDIA_SMI)).isEmpty();
            for (String pid : Files.readAllLines(pids)) {
                assertThat(ends(Long.parseLong(pid)))
                        .as("process %s has ended", pid)
                        .isTrue();
            }
        });
    }

    @Test
    void stopsReadingACommandThatNeverStopsPrinting() throws IOException {
        script("yes 'NVIDIA T4, 15360'");

        assertThat(ask()).isEmpty();
    }

    @Test
    void hasNoAnswerAndStaysInterruptedWhenInterrupted() throws IOException {
        script("sleep 600");
        Thread.currentThread().interrupt();

        assertThat(ask()).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void neverRunsACommandFromTheCurrentFolder() {
        String path = String.join(File.pathSeparator, "", ".", "bin", "\0");

        assertThat(CommandProbe.on(SearchPath.of(path)).ask(List.of("nvidia-smi")))
                .isEmpty();
    }

    @Test
    void findsCommandsOnAPathWithSeveralFolders() throws IOException {
        script("echo here");
        String path = folder.resolve("none") + File.pathSeparator + folder;

        assertThat(new CommandProbe(SearchPath.of(path), Patience.ENDLESS).ask(NVIDIA_SMI))
                .contains("here\n");
    }

    private Optional<String> ask() {
        return probe(Patience.ENDLESS).ask(NVIDIA_SMI);
    }

    private CommandProbe probe(Duration limit) {
        return new CommandProbe(new SearchPath(List.of(folder)), limit);
    }

    private void script(String body) throws IOException {
        Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + body + "\n");
        executable("nvidia-smi");
    }

    private void executable(String name) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A killed process whose new parent has not fetched its exit code is a shell without a command. */
    private static boolean ends(long pid) {
        long deadline = System.nanoTime() + Patience.ENDLESS.toNanos();
        while (running(pid)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    private static boolean running(long pid) {
        return ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).isPresent();
    }
}
