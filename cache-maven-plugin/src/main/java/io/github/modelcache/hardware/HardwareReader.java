package io.github.modelcache.hardware;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonBoolean;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the member {@code hardware} of a config, which people may have edited. */
record HardwareReader(JsonObject json) {
    Optional<Hardware> read() {
        try {
            Optional<String> platform = string("platform");
            Optional<String> machine = string("machine");
            if (platform.isEmpty() || machine.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Hardware(
                    platform.get(),
                    machine.get(),
                    flag("has_cuda"),
                    flag("has_mps"),
                    flag("has_mlx"),
                    number("cpu_cores").orElse(0),
                    number("memory_gib").orElse(0),
                    string("gpu_name"),
                    number("gpu_memory_gib")));
        } catch (ClassCastException | ArithmeticException wrongType) {
            return Optional.empty();
        }
    }

    private Optional<String> string(String name) {
        return member(name, JsonString.class).map(JsonString::value);
    }

    private boolean flag(String name) {
        return member(name, JsonBoolean.class).map(JsonBoolean::value).orElse(false);
    }

    private OptionalInt number(String name) {
        return member(name, JsonNumber.class)
                .map(number -> OptionalInt.of(Math.toIntExact(number.longValue())))
                .orElse(OptionalInt.empty());
    }

    /** Casts, and so throws when the member has another type. */
    private <T extends Json> Optional<T> member(String name, Class<T> type) {
        return Optional.ofNullable(json.get(name)).map(type::cast);
    }
}
