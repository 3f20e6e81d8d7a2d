package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferErrorsTest {

    private static final URI ASKED = URI.create("https://hub.example/model.bin?token=secret");

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        TransferException failure = TransferErrors.ofConnection(ASKED, new UnknownHostException("hub.example"));
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure)
                .hasMessage("https://hub.example/model.bin: the host hub.example is not known; check the name, the"
                        + " network and the proxy");
    }

    @Test
    void aConnectionThatIsNotTrustedSaysHowToTrustIt() {
        IOException distrust = new SSLHandshakeException("no trust");
        distrust.initCause(new CertificateException("self-signed"));
        TransferException failure = TransferErrors.ofConnection(ASKED, distrust);
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure)
                .hasMessage("https://hub.example/model.bin: no secure connection (no trust); if a proxy or mirror has a"
                        + " certificate of its own, add it to Java's trust store"
                        + " (MAVEN_OPTS=-Djavax.net.ssl.trustStore=FILE)");
        assertThat(TransferErrors.isTransient(failure)).isFalse();
    }

    @Test
    void aConnectionThatIsRefusedMayBeMadeLater() {
        TransferException failure = TransferErrors.ofConnection(ASKED, new ConnectException("Connection refused"));
        assertThat(failure)
                .hasMessage("https://hub.example/model.bin: no connection (Connection refused); check the network and"
                        + " the proxy, or try again later");
        assertThat(TransferErrors.isTransient(failure)).isTrue();
    }

    @Test
    void anAnswerThatDoesNotComeIsATimeOut() {
        TransferException failure = TransferErrors.ofConnection(ASKED, new SocketTimeoutException("Read timed out"));
        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("no answer within the time limit");
        assertThat(TransferErrors.isTransient(failure)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void withoutAStatusTheKindTellsWhetherItMaySucceedLater(Kind kind) {
        boolean expected = kind == Kind.TIMEOUT || kind == Kind.TRUNCATED || kind == Kind.UNREACHABLE;
        assertThat(TransferErrors.isTransient(new TransferException(kind, "failed", null)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void someStatusesMayBeOthersLater(int status) {
        assertThat(TransferErrors.isTransient(withStatus(status))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 501, 507})
    void otherStatusesStay(int status) {
        assertThat(TransferErrors.isTransient(withStatus(status))).isFalse();
    }

    private static TransferException withStatus(int status) {
        return new TransferException(Kind.TIMEOUT, "failed", status, Map.of(), null);
    }

    @Test
    void oneAttemptIsNotCounted() {
        TransferException failure = new TransferException(Kind.TIMEOUT, "failed", null);
        assertThat(TransferErrors.afterAttempts(failure, 1)).isSameAs(failure);
    }

    @Test
    void severalAttemptsAreCountedAndTheCauseStays() {
        IOException cause = new IOException("why");
        TransferException caused =
                TransferErrors.afterAttempts(new TransferException(Kind.TIMEOUT, "failed", cause), 2);
        assertThat(caused).hasMessage("failed (gave up after 2 attempts)").hasCause(cause);
        TransferException failure = new TransferException(Kind.TIMEOUT, "failed", null);
        assertThat(TransferErrors.afterAttempts(failure, 3))
                .hasMessage("failed (gave up after 3 attempts)")
                .hasCause(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/b, 403, false",
        "https://cdn.example/b, 403, true",
        "https://hub.example:444/b, 403, true",
        "https://cdn.example/b, 401, false"
    })
    void onlyAnotherHostThatForbidsMayMeanASignatureThatHasExpired(URI answered, int status, boolean expected) {
        assertThat(TransferErrors.isOfSignature(ASKED, answered, status)).isEqualTo(expected);
    }
}
