package io.github.modelcache.hardware;

import io.github.modelcache.testing.RecordEquality;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HardwareEqualityTest {

    @Test
    void machinesAreEqualByAllThatIsKnownOfThem() {
        Optional<String> gpu = Optional.of("L4");
        OptionalInt memory = OptionalInt.of(24);
        RecordEquality.require(
                new Hardware("linux", "x86_64", true, false, false, 8, 32, gpu, memory),
                new Hardware("linux", "x86_64", true, false, false, 8, 32, Optional.of("L4"), OptionalInt.of(24)),
                List.of(
                        new Hardware("windows", "x86_64", true, false, false, 8, 32, gpu, memory),
                        new Hardware("linux", "aarch64", true, false, false, 8, 32, gpu, memory),
                        new Hardware("linux", "x86_64", false, false, false, 8, 32, gpu, memory),
                        new Hardware("linux", "x86_64", true, true, false, 8, 32, gpu, memory),
                        new Hardware("linux", "x86_64", true, false, true, 8, 32, gpu, memory),
                        new Hardware("linux", "x86_64", true, false, false, 9, 32, gpu, memory),
                        new Hardware("linux", "x86_64", true, false, false, 8, 33, gpu, memory),
                        new Hardware("linux", "x86_64", true, false, false, 8, 32, Optional.empty(), memory),
                        new Hardware("linux", "x86_64", true, false, false, 8, 32, gpu, OptionalInt.empty())));
    }
}
