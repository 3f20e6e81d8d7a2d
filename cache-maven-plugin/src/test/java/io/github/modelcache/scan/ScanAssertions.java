package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What tests of the scan expect of a file. */
final class ScanAssertions {

    static final String CALL = "it would call os.system";

    static ScanResult scan(byte[] content) throws IOException {
        return Samples.scan(content, "model.bin");
    }

    static void assertUnsafe(byte[] content, String what) throws IOException {
        assertThat(scan(content).issues()).anySatisfy(issue -> {
            assertThat(issue.kind()).isEqualTo(Kind.UNSAFE);
            assertThat(issue.what()).contains(what);
        });
    }

    static void assertUnreadable(byte[] content, String what) throws IOException {
        assertThat(scan(content).issues()).isNotEmpty().allSatisfy(issue -> {
            assertThat(issue.kind()).isEqualTo(Kind.UNREADABLE);
            assertThat(issue.what()).contains(what);
        });
    }

    static void assertFine(byte[] content, String format) throws IOException {
        assertThat(scan(content)).isEqualTo(new ScanResult(format, List.of()));
    }

    interface Packer {
        OutputStream on(OutputStream out) throws IOException;
    }

    static byte[] packed(byte[] content, Packer packer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packer.on(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private ScanAssertions() {}
}
