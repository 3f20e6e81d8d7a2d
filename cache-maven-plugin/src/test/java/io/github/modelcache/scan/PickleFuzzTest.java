package io.github.modelcache.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Input: the opcodes of a pickle. */
@Timeout(120)
class PickleFuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        ScanFuzz.check(Samples.bytes("\u0080\4"), input);
    }
}
