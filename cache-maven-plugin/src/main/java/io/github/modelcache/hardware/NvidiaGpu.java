package io.github.modelcache.hardware;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as {@code nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits} lists it: a line a GPU, the
 * memory in MiB, or a word in brackets ({@code [N/A]}) on boards that share the main memory.
 *
 * @param name the product's name
 * @param memory in bytes, empty when the driver does not tell
 */
record NvidiaGpu(String name, OptionalLong memory) {

    private static final Pattern LINE = Pattern.compile("\\s*(\\S.*?)\\s*,\\s*(?:(\\d{1,9})|\\[[^\\]]*])\\s*");
    private static final long MIB = 1L << 20;

    /** The GPUs in the order of the lines. Other lines are left out: the driver mixes its warnings into the list. */
    static List<NvidiaGpu> parse(String output) {
        return output.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new NvidiaGpu(line.group(1), bytes(line.group(2))))
                .toList();
    }

    static OptionalLong largestMemory(List<NvidiaGpu> gpus) {
        return gpus.stream().flatMapToLong(gpu -> gpu.memory().stream()).max();
    }

    private static OptionalLong bytes(@Nullable String mebibytes) {
        return mebibytes == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(mebibytes) * MIB);
    }
}
