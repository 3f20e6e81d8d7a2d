package io.github.modelcache.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** What each fuzz test of the scanner checks: it ends without an error, and says the same again. */
final class ScanFuzz {
    private ScanFuzz() {}

    /** Scans a content, alone and behind the start of a format, so that the fuzzer need not find the mark. */
    static void check(byte[] start, byte[] input) throws IOException {
        byte[] content = Samples.concat(start, input);
        ScanResult result = Samples.scan(content, "model.bin");
        assertThat(result.format()).isNotEmpty();
        assertThat(result.issues())
                .allSatisfy(issue -> assertThat(issue.what())
                        .isNotBlank()
                        .doesNotContain("\n")
                        .hasSizeLessThan(700));
        assertThat(Samples.scan(content, "model.bin")).isEqualTo(result);
    }
}
