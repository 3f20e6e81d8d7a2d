package io.github.modelcache.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Input: the first block of a bzip2 stream. */
@Timeout(120)
class Bzip2FuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        ScanFuzz.check(Samples.bytes("BZh91AY&SY"), input);
    }
}
