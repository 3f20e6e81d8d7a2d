package io.github.modelcache.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Input: a NumPy array behind its version. */
@Timeout(120)
class NumpyFuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        ScanFuzz.check(Samples.bytes("\u0093NUMPY\1\0"), input);
    }
}
