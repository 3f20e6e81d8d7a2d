package io.github.modelcache.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonWriter;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardwareJsonTest {

    private static final Hardware WORKSTATION =
            new Hardware("linux", "x86_64", true, false, false, 32, 126, Optional.of("NVIDIA L4"), OptionalInt.of(23));
    private static final Hardware LAPTOP =
            new Hardware("windows", "x86_64", false, false, false, 8, 16, Optional.empty(), OptionalInt.empty());

    @Test
    void namesItsMembersAsTheConfigDoes() {
        assertThat(JsonWriter.compact(WORKSTATION.toJson()).replaceAll("\\s", ""))
                .isEqualTo("{\"platform\":\"linux\",\"machine\":\"x86_64\",\"has_cuda\":true,\"has_mps\":false,"
                        + "\"has_mlx\":false,\"cpu_cores\":32,\"memory_gib\":126,\"gpu_name\":\"NVIDIAL4\","
                        + "\"gpu_memory_gib\":23}");
    }

    @Test
    void omitsAMissingGpu() {
        assertThat(JsonWriter.compact(LAPTOP.toJson())).doesNotContain("gpu");
    }

    @Test
    void readsItsOwnOutput() throws JsonException {
        for (Hardware hardware : new Hardware[] {WORKSTATION, LAPTOP}) {
            assertThat(read(JsonWriter.write(hardware.toJson()))).contains(hardware);
        }
    }

    @Test
    void readsAnOlderFileWithMembersOfItsOwn() throws JsonException {
        assertThat(read("{\"platform\": \"darwin\", \"machine\": \"arm64\", \"has_mps\": true, \"rack\": [7]}"))
                .contains(new Hardware(
                        "darwin", "arm64", false, true, false, 0, 0, Optional.empty(), OptionalInt.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{}",
                "{\"platform\": \"linux\"}",
                "{\"platform\": \"linux\", \"machine\": 64}",
                "{\"platform\": \"linux\", \"machine\": \"x86_64\", \"has_cuda\": \"yes\"}",
                "{\"platform\": \"linux\", \"machine\": \"x86_64\", \"cpu_cores\": 1.5}",
                "{\"platform\": \"linux\", \"machine\": \"x86_64\", \"memory_gib\": 99999999999}",
                "{\"platform\": \"linux\", \"machine\": \"x86_64\", \"gpu_name\": null}",
            })
    void ignoresInvalidHardware(String json) throws JsonException {
        assertThat(read(json)).isEmpty();
    }

    private static Optional<Hardware> read(String json) throws JsonException {
        return Hardware.fromJson(JsonDocument.parse("test.json", json).root());
    }
}
