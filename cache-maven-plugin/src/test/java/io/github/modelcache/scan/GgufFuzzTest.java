package io.github.modelcache.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Input: a GGUF file behind its version. */
@Timeout(120)
class GgufFuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        ScanFuzz.check(Samples.bytes("GGUF\3\0\0\0"), input);
    }
}
