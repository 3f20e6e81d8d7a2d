package io.github.modelcache.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HardwareDetectorTest {

    private static final Probe<List<String>> NO_COMMANDS = command -> Optional.empty();
    private static final Probe<Path> NO_FILES = file -> Optional.empty();

    @Test
    void seesAMachineWhereNothingAnswers() {
        Hardware hardware = detect("Linux", "amd64", NO_COMMANDS, NO_FILES);

        assertThat(hardware)
                .isEqualTo(new Hardware(
                        "linux", "x86_64", false, false, false, 8, 0, Optional.empty(), OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux, x86_64",
        "Linux, aarch64, linux, aarch64",
        "Linux, ppc64le, linux, ppc64le",
        "Mac OS X, aarch64, darwin, arm64",
        "Mac OS X, x86_64, darwin, x86_64",
        "Darwin, arm64, darwin, arm64",
        "Windows 11, amd64, windows, x86_64",
        "Windows Server 2022, aarch64, windows, arm64",
        "FreeBSD, amd64, freebsd, x86_64",
    })
    void namesPlatformAndMachineAsUnameDoes(String osName, String osArch, String platform, String machine) {
        Hardware hardware = detect(osName, osArch, NO_COMMANDS, NO_FILES);

        assertThat(hardware.platform()).isEqualTo(platform);
        assertThat(hardware.machine()).isEqualTo(machine);
    }

    @Test
    void givesTheFirstGpusNameAndTheLargestMemory() {
        Hardware hardware = detectWithNvidiaSmi("NVIDIA T400, 4096\nNVIDIA A100-SXM4-80GB, 81920\n");

        assertThat(hardware.hasCuda()).isTrue();
        assertThat(hardware.hasMps()).isFalse();
        assertThat(hardware.gpuName()).contains("NVIDIA T400");
        assertThat(hardware.gpuMemoryGib()).hasValue(80);
    }

    @Test
    void seesAGpuThatSharesTheMainMemory() {
        Hardware hardware = detectWithNvidiaSmi("NVIDIA GB10, [N/A]\n");

        assertThat(hardware.hasCuda()).isTrue();
        assertThat(hardware.gpuName()).contains("NVIDIA GB10");
        assertThat(hardware.gpuMemoryGib()).isEmpty();
    }

    @Test
    void ignoresTheDriversWarnings() {
        Hardware hardware = detectWithNvidiaSmi(
                "WARNING: infoROM is corrupted at gpu 0000:00:1E.0\r\nTesla T4, 15360\r\n\r\nWARNING: see above\r\n");

        assertThat(hardware.gpuName()).contains("Tesla T4");
        assertThat(hardware.gpuMemoryGib()).hasValue(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "No devices were found\n",
                "\u0000\u0001",
                ", 4096",
                "GPU, 99999999999999999999",
                "a,b"
            })
    void invalidOutputMeansNoGpu(String output) {
        assertThat(detectWithNvidiaSmi(output).hasCuda()).isFalse();
    }

    @Test
    void readsTheMemoryThatLinuxTells() {
        Probe<Path> files = file -> Optional.of("MemTotal:       16273372 kB\nMemFree:          123456 kB\n")
                .filter(text -> file.equals(Path.of("/proc/meminfo")));

        assertThat(detect("Linux", "amd64", NO_COMMANDS, files).memoryGib()).isEqualTo(16);
    }

    @Test
    void roundsAwayWhatTheKernelKeepsForItself() {
        assertThat(linuxWithMemory("16273372")).isEqualTo(linuxWithMemory("16201000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MemTotal: many kB", "MemTotal: 99999999999999999999 kB", "MemFree: 12 kB"})
    void asksTheJvmWhenLinuxTellsNonsense(String meminfo) {
        Probes probes = new Probes(
                "Linux", "amd64", 2, () -> OptionalLong.of(3L << 30), NO_COMMANDS, file -> Optional.of(meminfo));

        assertThat(new HardwareDetector(probes).detect().memoryGib()).isEqualTo(3);
    }

    @Test
    void neverRoundsToNoMemory() {
        assertThat(linuxWithMemory("131072").memoryGib()).isEqualTo(1);
    }

    @Test
    void seesAppleSilicon() {
        Probe<List<String>> sysctl = onlySysctl(
                "hw.memsize: 34359738368\nmachdep.cpu.brand_string: Apple M2 Pro\nsysctl.proc_translated: 0\n");

        assertThat(detect("Mac OS X", "aarch64", sysctl, NO_FILES))
                .isEqualTo(new Hardware(
                        "darwin", "arm64", false, true, true, 8, 32, Optional.of("Apple M2 Pro"), OptionalInt.empty()));
    }

    @Test
    void seesAppleSiliconThroughATranslatedJvm() {
        Probe<List<String>> sysctl =
                onlySysctl("hw.memsize: 17179869184\nmachdep.cpu.brand_string: Apple M1\nsysctl.proc_translated: 1\n");

        Hardware hardware = detect("Mac OS X", "x86_64", sysctl, NO_FILES);

        assertThat(hardware.machine()).isEqualTo("arm64");
        assertThat(hardware.hasMlx()).isTrue();
    }

    @Test
    void seesAnIntelMac() {
        Probe<List<String>> sysctl = onlySysctl(
                "hw.memsize: 17179869184\nmachdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz\n");

        Hardware hardware = detect("Mac OS X", "x86_64", sysctl, NO_FILES);

        assertThat(hardware.hasMps()).isFalse();
        assertThat(hardware.memoryGib()).isEqualTo(16);
        assertThat(hardware.gpuName()).isEmpty();
    }

    @Test
    void survivesASysctlThatPrintsNonsense() {
        Hardware hardware = detect("Mac OS X", "aarch64", onlySysctl("hw.memsize: -1\n:\nmachdep\n"), NO_FILES);

        assertThat(hardware.hasMps()).isTrue();
        assertThat(hardware.memoryGib()).isZero();
        assertThat(hardware.gpuName()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Mac OS X", "Windows 10", ""})
    void probesThatThrowHaveNoAnswer(String osName) {
        Hardware hardware = detect(
                osName,
                "",
                command -> {
                    throw new IllegalStateException("broken probe");
                },
                file -> {
                    throw new IllegalStateException("broken probe");
                });

        assertThat(hardware.hasCuda()).isFalse();
        assertThat(hardware.memoryGib()).isZero();
    }

    @Test
    void looksAtThisMachine() {
        Hardware hardware = new HardwareDetector(Probes.ofThisMachine()).detect();

        assertThat(hardware.platform()).isIn("linux", "darwin", "windows");
        assertThat(hardware.machine()).isNotBlank();
        assertThat(hardware.cpuCores()).isPositive();
        assertThat(hardware.memoryGib()).isPositive();
        assertThat(new HardwareDetector(Probes.ofThisMachine()).detect()).isEqualTo(hardware);
    }

    private static Hardware linuxWithMemory(String kilobytes) {
        return detect("Linux", "amd64", NO_COMMANDS, file -> Optional.of("MemTotal:  " + kilobytes + " kB\n"));
    }

    private static Hardware detectWithNvidiaSmi(String output) {
        Probe<List<String>> commands =
                command -> Optional.of(output).filter(text -> command.get(0).equals("nvidia-smi"));
        return detect("Linux", "amd64", commands, NO_FILES);
    }

    private static Probe<List<String>> onlySysctl(String output) {
        return command -> Optional.of(output).filter(text -> command.get(0).equals("sysctl"));
    }

    private static Hardware detect(String osName, String osArch, Probe<List<String>> commands, Probe<Path> files) {
        return new HardwareDetector(new Probes(osName, osArch, 8, OptionalLong::empty, commands, files)).detect();
    }
}
