package io.github.modelcache.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.junit.jupiter.api.Timeout;

/** Input: a signature, and the statement that it signs, which nobody could fuzz through the signature. */
@Timeout(120)
class SignatureFuzzTest {

    @FuzzTest
    void isReadOrInvalid(byte[] input) throws IOException {
        for (TrustedSigner signer : new TrustedSigner[] {
            TrustedSigner.ofKey(resource("key.pem")),
            TrustedSigner.ofCertificates(resource("ca.pem"), Instant.parse("2027-06-30T12:00:00Z"))
        }) {
            try {
                requireSafe(ModelSignature.parse(input).verify(signer));
            } catch (InvalidSignatureException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        try {
            requireSafe(SignedFiles.parse(input));
        } catch (InvalidSignatureException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void requireSafe(SignedFiles files) {
        assertThat(files.digests()).isNotEmpty();
        assertThat(files.ignores("model.bin")).isEqualTo(files.ignored().contains("model.bin"));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SignatureFuzzTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
