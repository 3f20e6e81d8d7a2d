package io.github.modelcache.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Input: a JSON config of Keras. */
@Timeout(120)
class KerasJsonFuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        ScanFuzz.check(Samples.bytes("{\"class_name\":"), input);
    }
}
