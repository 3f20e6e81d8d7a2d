package io.github.modelcache.hardware;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Detects the hardware of this machine. It runs in every build, so it starts only {@code nvidia-smi}, if it is installed,
 * and {@code sysctl} on macOS.
 */
public record HardwareDetector(Probes probes) {
    private static final List<String> NVIDIA_SMI =
            List.of("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits");
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Pattern MEM_TOTAL = Pattern.compile("(?m)^MemTotal:\\s*(\\d{1,15}) kB\\s*$");
    private static final long GIB = 1L << 30;

    /** Detects the hardware in a few milliseconds, or in 5 seconds at most if {@code nvidia-smi} hangs. Never throws. */
    public Hardware detect() {
        String platform = platform(probes.osName());
        return platform.equals("darwin") ? mac() : other(platform);
    }

    private Hardware mac() {
        MacFacts facts = MacFacts.ask(this::run);
        String machine = facts.translated() ? "arm64" : machine("darwin", probes.osArch());
        boolean appleSilicon = machine.equals("arm64");
        return new Hardware(
                "darwin",
                machine,
                false,
                appleSilicon,
                appleSilicon,
                cores(),
                wholeGib(facts.memory().isPresent() ? facts.memory() : jvmMemory()),
                facts.chip().filter(chip -> appleSilicon).map(HardwareDetector::appleGpu),
                OptionalInt.empty());
    }

    private Hardware other(String platform) {
        List<NvidiaGpu> gpus = run(NVIDIA_SMI).map(NvidiaGpu::parse).orElse(List.of());
        OptionalLong largest = NvidiaGpu.largestMemory(gpus);
        return new Hardware(
                platform,
                machine(platform, probes.osArch()),
                !gpus.isEmpty(),
                false,
                false,
                cores(),
                wholeGib(platform.equals("linux") ? linuxMemory() : jvmMemory()),
                gpus.stream().findFirst().map(NvidiaGpu::name),
                largest.isPresent() ? OptionalInt.of(wholeGib(largest)) : OptionalInt.empty());
    }

    private static String platform(String osName) {
        String name = osName.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith("mac") || name.startsWith("darwin")) {
            return "darwin";
        }
        return name.startsWith("windows") ? "windows" : name;
    }

    /** The JVM has its own names of architectures. */
    private static String machine(String platform, String osArch) {
        String arch = osArch.strip().toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x86_64", "x64" -> "x86_64";
            case "aarch64", "arm64" -> platform.equals("linux") ? "aarch64" : "arm64";
            default -> arch;
        };
    }

    /** Apple does not guarantee that chip names start with its name. */
    private static String appleGpu(String chip) {
        return chip.startsWith("Apple") ? chip : "Apple " + chip;
    }

    private int cores() {
        return Math.max(0, probes.processors());
    }

    private OptionalLong linuxMemory() {
        Optional<Matcher> total = read(MEMINFO).map(MEM_TOTAL::matcher).filter(Matcher::find);
        return total.map(found -> OptionalLong.of(Long.parseLong(found.group(1)) * 1024))
                .orElseGet(this::jvmMemory);
    }

    private OptionalLong jvmMemory() {
        try {
            return probes.memory().get();
        } catch (RuntimeException noAnswer) {
            return OptionalLong.empty();
        }
    }

    /**
     * Firmware and kernel keep a varying part of the memory for themselves: a machine of 16 GiB tells between 15.4 and
     * 15.7, so that rounding to the nearest would change with the next kernel. Rounding up does not.
     */
    private static int wholeGib(OptionalLong bytes) {
        if (bytes.isEmpty() || bytes.getAsLong() <= 0) {
            return 0;
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil((double) bytes.getAsLong() / GIB));
    }

    private Optional<String> run(List<String> command) {
        return quietly(probes.commands(), command);
    }

    private Optional<String> read(Path file) {
        return quietly(probes.files(), file);
    }

    private static <Q> Optional<String> quietly(Probe<Q> probe, Q question) {
        try {
            return probe.ask(question);
        } catch (RuntimeException noAnswer) {
            return Optional.empty();
        }
    }
}
