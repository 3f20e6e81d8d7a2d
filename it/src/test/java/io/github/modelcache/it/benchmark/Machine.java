package io.github.modelcache.it.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine that measures, as far as readers need it to compare: no names. */
final class Machine {

    private Machine() {}

    /** Cores, processor, memory, system and Java. */
    static String text() throws IOException {
        return Benchmarks.cores() + " cores"
                + value("/proc/cpuinfo", "model name")
                        .map(name -> " of " + name)
                        .orElse("")
                + memory()
                + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                + ", Java " + Runtime.version().feature();
    }

    private static String memory() throws IOException {
        return value("/proc/meminfo", "MemTotal")
                .map(kilobytes ->
                        ", " + (Long.parseLong(kilobytes.replaceAll("\\D", "")) + (1 << 19)) / (1 << 20) + " GiB")
                .orElse("");
    }

    private static Optional<String> value(String file, String key) throws IOException {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst();
        }
    }
}
