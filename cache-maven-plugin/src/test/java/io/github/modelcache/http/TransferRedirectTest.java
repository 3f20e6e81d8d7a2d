package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.answer;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.redirect;
import static io.github.modelcache.testing.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.FaultyServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferRedirectTest extends HttpTransferCase {

    private Credentials ownHostOnly() {
        return uri -> "127.0.0.1".equals(uri.getHost()) ? Optional.of("Bearer " + SECRET) : Optional.empty();
    }

    @Nested
    class Redirects {

        @ParameterizedTest
        @ValueSource(ints = {301, 302, 303, 307, 308})
        void relativeRedirectsKeepTheirQuery(int status) throws Exception {
            server.on("/a/m", redirect(status, "../b/m?x=1&etag=%22v1%22")).on("/b/m", ok(content));
            fetch("/a/m", ExpectedContent.NONE);
            assertThat(server.requests().get(1).target()).isEqualTo("/b/m?x=1&etag=%22v1%22");
        }

        @Test
        void redirectsAreResolvedByTheStandard() {
            URI base = URI.create("http://h:1/a/b?q=1");
            assertThat(Urls.resolve(base, "?x=2")).hasValue(URI.create("http://h:1/a/b?x=2"));
            assertThat(Urls.resolve(base, "/c d\u00e9#f")).hasValue(URI.create("http://h:1/c%20d%E9"));
            assertThat(Urls.resolve(base, "//other/c")).hasValue(URI.create("http://other/c"));
            assertThat(Urls.resolve(URI.create("http://h"), "c")).hasValue(URI.create("http://h/c"));
            assertThat(Urls.resolve(base, "http://[bad")).isEmpty();
        }

        @Test
        void loopsAndImpossibleRedirectsAreRejected() {
            server.on("/a", redirect(302, "/b")).on("/b", redirect(302, "/a"));
            for (int i = 0; i < 25; i++) {
                server.on("/" + i, redirect(302, "/" + (i + 1)));
            }
            server.on("/nowhere", status(302)).on("/ftp", redirect(302, "ftp://127.0.0.1/x"));
            server.on("/file", redirect(302, "file:///etc/passwd"));
            assertThat(failure("/a", ExpectedContent.NONE).kind()).isEqualTo(Kind.REDIRECT_LOOP);
            assertThat(failure("/0", ExpectedContent.NONE).kind()).isEqualTo(Kind.REDIRECT_LOOP);
            for (String path : List.of("/nowhere", "/ftp", "/file")) {
                assertThat(failure(path, ExpectedContent.NONE).kind()).isEqualTo(Kind.SERVER_ERROR);
            }
            assertThat(pauses).isEmpty();
        }
    }

    @Nested
    class Logins {

        @Test
        void credentialsAreSentToTheirOwnHostOnly() throws Exception {
            server.on("/m", redirect(302, server.uri("localhost", "/elsewhere").toString()))
                    .on("/elsewhere", redirect(302, server.uri("/back").toString()))
                    .on("/back", ok(content));
            fetch(server.uri("/m"), ExpectedContent.NONE, ownHostOnly());
            assertThat(server.requests())
                    .extracting(request -> request.header("Authorization"))
                    .containsExactly("Bearer " + SECRET, "", "Bearer " + SECRET);
        }

        @Test
        void aSecretWithALineBreakIsNeverShown() {
            Credentials broken = uri -> Optional.of("Bearer " + SECRET + "\n");
            TransferException e = catchThrowableOfType(
                    TransferException.class, () -> fetch(server.uri("/m"), ExpectedContent.NONE, broken));
            assertThat(e).hasMessageContaining("line break").hasStackTraceContaining("TransferException");
            assertThat(e.toString() + e.getCause()).doesNotContain(SECRET);
        }

        @Test
        void thePasswordOfTheProxyIsSentToTheProxy() throws Exception {
            FaultyServer proxy = server.on("http://model.invalid/m", ok(content));
            ProxySelection selection = new ProxySelection() {
                @Override
                public Proxy select(URI uri) {
                    return new Proxy(
                            Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
                }

                @Override
                public Optional<PasswordAuthentication> authentication(URI uri) {
                    return Optional.of(new PasswordAuthentication("me", "pw".toCharArray()));
                }
            };
            HttpTransfer transfer = new HttpTransfer(options(0, Credentials.NONE, selection, pauses::add));
            BufferedResponse answer = transfer.get(URI.create("http://model.invalid/m"), Map.of(), 1_000_000);
            assertThat(answer.body()).isEqualTo(content);
            assertThat(proxy.requests().get(0).header("Proxy-Authorization")).isEqualTo("Basic bWU6cHc=");
        }

        @ParameterizedTest
        @ValueSource(ints = {401, 407})
        void aProxyThatRequiresALoginIsReported(int status) {
            FaultyServer proxy =
                    server.on("model.invalid:443", status(status, "Proxy-Authenticate: Basic realm=\"p\""));
            ProxySelection selection = uri ->
                    new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
            HttpTransfer transfer = new HttpTransfer(options(3, Credentials.NONE, selection, pauses::add));
            TransferException e = catchThrowableOfType(
                    TransferException.class, () -> transfer.get(URI.create("https://model.invalid/m"), Map.of(), 10));
            assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED);
            assertThat(e).hasMessageContaining("requires a user name and password");
            assertThat(pauses).isEmpty();
        }
    }
}
