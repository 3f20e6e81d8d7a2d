package io.github.modelcache.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Hdf5ScanTest {

    private static byte[] sample(String name) throws IOException {
        try (InputStream in =
                Hdf5ScanTest.class.getResourceAsStream("Hdf5FuzzTestInputs/isJudgedWithoutAnError/" + name + ".h5")) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"old", "new"})
    void aModelWithoutCodeIsFine(String name) throws IOException {
        assertThat(Samples.scan(sample(name), "m.h5")).isEqualTo(new ScanResult("hdf5", List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "lambda-text, layer of the class Lambda",
        "lambda-heap, layer of the class Lambda",
        "lambda-behind, layer of the class Lambda",
        "lambda-dense, layer of the class Lambda",
        "lambda-large, layer of the class Lambda",
        "link, its link 'x' leads to another file",
        "link-dense, its link 'x' leads to another file",
        "external, it reads numbers from other files",
        "virtual, it has a data set that reads other files"
    })
    void whatRunsCodeOrReadsOtherFilesIsUnsafe(String name, String what) throws IOException {
        for (byte[] content : List.of(sample(name), Samples.zip(Map.of("model.weights.h5", sample(name))))) {
            assertThat(Samples.scan(content, "model.bin").issues()).anySatisfy(issue -> {
                assertThat(issue.kind()).isEqualTo(Kind.UNSAFE);
                assertThat(issue.what()).contains(what);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"old", "new"})
    void whatIsCutAnywhereIsUnsafe(String name) throws IOException {
        byte[] whole = sample(name);
        for (int length = 8; length < whole.length; length += 11) {
            assertThat(Samples.scan(Arrays.copyOf(whole, length), "m.h5").issues())
                    .as("the first %s bytes", length)
                    .extracting(ScanIssue::kind)
                    .contains(Kind.UNSAFE);
        }
    }
}
