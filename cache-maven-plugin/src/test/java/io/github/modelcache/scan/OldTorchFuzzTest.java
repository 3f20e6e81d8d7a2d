package io.github.modelcache.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** Input: what follows the first three pickles of a file of PyTorch before 1.6. */
@Timeout(120)
class OldTorchFuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        ScanFuzz.check(TorchStoragesTest.START, input);
    }
}
