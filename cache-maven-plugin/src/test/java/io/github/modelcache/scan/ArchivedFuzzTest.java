package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Timeout;

/** Input: the content of an entry in archives of PyTorch, TorchScript and Keras, in tar, gzip, and a zip in a zip. */
@Timeout(120)
class ArchivedFuzzTest {

    @FuzzTest
    void isJudgedWithoutAnError(byte[] input) throws IOException {
        check(Samples.zip(Map.of("m/data.pkl", input, "m/data/0", input)));
        check(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants.pkl", HARMLESS, "m/code/a.py", input)));
        check(Samples.zip(Map.of("config.json", input, "metadata.json", input, "model.weights.h5", input)));
        check(Samples.zip(Map.of("inner.zip", Samples.zip(Map.of("a.npy", input)))));
        check(Samples.tar("a", input));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(input);
        }
        check(packed.toByteArray());
    }

    private static void check(byte[] archive) throws IOException {
        ScanFuzz.check(archive, new byte[0]);
    }
}
