package io.github.modelcache.hardware;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a machine that decide about models and environments. They stay equal across reboots and kernel
 * updates.
 *
 * @param platform {@code darwin}, {@code linux} or {@code windows}; another system by its own name in lower case
 * @param machine the architecture as {@code uname -m} prints it on that platform: {@code x86_64} everywhere (Windows
 *     itself says {@code AMD64}), {@code aarch64} on Linux, {@code arm64} on macOS and Windows
 * @param hasCuda whether {@code nvidia-smi} lists at least one GPU
 * @param hasMps whether PyTorch's Metal backend can run: Apple Silicon
 * @param hasMlx whether Apple's MLX can run: Apple Silicon
 * @param cpuCores processors available to this JVM, 0 when unknown
 * @param memoryGib physical memory in GiB (2^30 bytes), rounded up; 0 when unknown
 * @param gpuName the first GPU's name, or the chip's on Apple Silicon
 * @param gpuMemoryGib memory of the largest GPU in GiB, rounded up; empty when there is none, or it shares the main memory
 */
public record Hardware(
        String platform,
        String machine,
        boolean hasCuda,
        boolean hasMps,
        boolean hasMlx,
        int cpuCores,
        int memoryGib,
        Optional<String> gpuName,
        OptionalInt gpuMemoryGib) {

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hardware that
                && platform.equals(that.platform)
                && machine.equals(that.machine)
                && hasCuda == that.hasCuda
                && hasMps == that.hasMps
                && hasMlx == that.hasMlx
                && cpuCores == that.cpuCores
                && memoryGib == that.memoryGib
                && gpuName.equals(that.gpuName)
                && gpuMemoryGib.equals(that.gpuMemoryGib);
    }

    @Override
    public int hashCode() {
        return (platform.hashCode() * 31 + machine.hashCode()) * 31 + gpuName.hashCode() + cpuCores + memoryGib;
    }

    /** The member {@code hardware} of the config. */
    public JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder()
                .put("platform", platform)
                .put("machine", machine)
                .put("has_cuda", hasCuda)
                .put("has_mps", hasMps)
                .put("has_mlx", hasMlx)
                .put("cpu_cores", cpuCores)
                .put("memory_gib", memoryGib)
                .putIfPresent("gpu_name", gpuName);
        gpuMemoryGib.ifPresent(gib -> json.put("gpu_memory_gib", gib));
        return json.build();
    }

    /**
     * Reads the output of {@link #toJson()}; unknown members are skipped.
     *
     * @return empty if a member has the wrong type, or platform or machine is missing
     */
    public static Optional<Hardware> fromJson(Json json) {
        return json instanceof JsonObject object ? new HardwareReader(object).read() : Optional.empty();
    }
}
