package io.github.modelcache.hardware;

import io.github.modelcache.process.SearchPath;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Everything that hardware detection looks at, replaceable one by one in a test.
 *
 * @param osName the system's name as the system property {@code os.name} gives it
 * @param osArch the architecture as the system property {@code os.arch} gives it
 * @param processors number of processors available to this JVM
 * @param memory physical memory in bytes as the JVM sees it, empty when it cannot tell; asked last,
 *     because the JVM loads its management classes for it
 * @param commands answers a command line with what the command prints to its standard output
 * @param files answers a path with the file's text
 */
public record Probes(
        String osName,
        String osArch,
        int processors,
        Supplier<OptionalLong> memory,
        Probe<List<String>> commands,
        Probe<Path> files) {

    /**
     * The probes of the machine that this JVM runs on.
     *
     * @return probes that ask the real machine
     */
    public static Probes ofThisMachine() {
        return new Probes(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                Runtime.getRuntime().availableProcessors(),
                Probes::jvmMemory,
                CommandProbe.on(SearchPath.of(System.getenv())),
                new FileProbe());
    }

    /** Inside a container this is the container's limit, so it is only a fallback. */
    private static OptionalLong jvmMemory() {
        try {
            if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean) {
                return OptionalLong.of(bean.getTotalMemorySize());
            }
        } catch (RuntimeException | LinkageError noManagement) {
            // A JVM without the jdk.management module: nothing to say.
        }
        return OptionalLong.empty();
    }
}
