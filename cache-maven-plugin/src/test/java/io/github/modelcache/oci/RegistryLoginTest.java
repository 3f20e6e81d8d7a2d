package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.StandInRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryLoginTest {

    private static final RegistryLogin.Scope SCOPE = new RegistryLogin.Scope("a/b", false, Optional.empty());

    @Test
    void nothingIsShownBeforeItIsAskedForAndNothingToOthers() throws Exception {
        RegistryLogin login = login("https://registry.example.com", new RegistryCredentials("me", "secret"));
        URI blob = URI.create("https://registry.example.com/v2/a/b/blobs/x");
        assertThat(login.authorization(blob)).isEmpty();

        assertThat(login.renew(SCOPE, Optional.empty(), refusal("Basic realm=\"x\"")))
                .isTrue();

        assertThat(login.authorization(blob)).contains("Basic bWU6c2VjcmV0");
        assertThat(login.authorization(URI.create("http://registry.example.com/v2/a/b/blobs/x")))
                .isEmpty();
        assertThat(login.authorization(URI.create("https://registry.example.com:8443/v2/a/b/blobs/x")))
                .isEmpty();
        assertThat(login.authorization(URI.create("https://storage.example.com/x")))
                .isEmpty();
        assertThat(login.renew(SCOPE, login.authorization(blob), refusal("Basic realm=\"x\"")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer realm=\"http://registry.example.com/token\",service=\"s\"",
                "Bearer realm=\"ftp://registry.example.com/token\"",
                "Bearer realm=\"https://me:x@registry.example.com/token\"",
                "Bearer realm=\"no address\"",
                "Bearer service=\"s\""
            })
    void aPasswordGoesNowhereThatIsLessSecure(String challenge) {
        RegistryLogin login = login("https://registry.example.com", new RegistryCredentials("me", "secret"));

        assertThatThrownBy(() -> login.renew(SCOPE, Optional.empty(), refusal(challenge)))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("as secure as its own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://storage.example.com/x",
                "http://registry.example.com/v2/a/b/blobs/x",
                "https://registry.example.com:8443/v2/a/b/blobs/x",
                "https://registry.example.com.evil.example/v2/a/b/blobs/x"
            })
    void whatAnotherHostRefusesIsNoReasonToLogIn(String other) throws Exception {
        RegistryLogin login = new RegistryLogin(
                URI.create("https://registry.example.com"),
                () -> {
                    throw new AssertionError("asked for the login");
                },
                HttpOptions.standard("test"));
        for (String challenge : List.of("Basic realm=\"x\"", "Bearer realm=\"https://evil.example/t\"")) {
            TransferException refused = refusal(challenge, URI.create(other));

            assertThat(login.renew(SCOPE, Optional.empty(), refused)).isFalse();
            assertThat(login.explained(refused)).isSameAs(refused);
        }
    }

    @Test
    void aTokenServerAtAPortThatNoServerCanHaveIsNamed() {
        RegistryLogin login = login("https://registry.example.com", new RegistryCredentials("me", "secret"));
        TransferException refused = refusal("Bearer realm=\"https://registry.example.com:65536/token\"");

        assertThatThrownBy(() -> login.renew(SCOPE, Optional.empty(), refused))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("https://registry.example.com:65536/token cannot be fetched");
    }

    @Test
    void aTokenServerThatRefusesIsNamed() throws Exception {
        try (StandInRegistry tokens = StandInRegistry.start().wantsTokens("me", "secret")) {
            RegistryLogin login = login("http://registry.example.com", new RegistryCredentials("me", "hunter2"));
            TransferException refused =
                    refusal(tokens.challenge(), URI.create("http://registry.example.com/v2/a/b/manifests/1"));

            assertThatThrownBy(() -> login.renew(SCOPE, Optional.empty(), refused))
                    .hasMessageContaining(
                            tokens.host() + ", which gives the tokens of the registry registry.example.com")
                    .hasMessageContaining("docker login registry.example.com")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenServerThatRefusesALoginGetsItOnce(boolean identity) throws Exception {
        try (FaultyServer tokens = new FaultyServer()) {
            tokens.on("/token", FaultyServer.status(401)).on("/token", FaultyServer.status(401));
            RegistryLogin login = login(
                    "http://127.0.0.1:" + tokens.port(),
                    identity
                            ? RegistryCredentials.ofIdentityToken("identity")
                            : new RegistryCredentials("me", "wrong"));
            TransferException refused =
                    refusal("Bearer realm=\"" + tokens.uri("/token") + "\"", tokens.uri("/v2/a/b/manifests/1"));
            for (String repository : List.of("a/b", "a/c")) {
                RegistryLogin.Scope scope = new RegistryLogin.Scope(repository, false, Optional.empty());
                assertThatThrownBy(() -> login.renew(scope, Optional.empty(), refused))
                        .isInstanceOf(TransferException.class)
                        .hasMessageContaining("answered 401");
            }
            assertThat(tokens.requests()).hasSize(1);
        }
    }

    @Test
    void theSameTokenAgainIsNothingNew() throws Exception {
        RegistryLogin login = login("https://registry.example.com", new RegistryCredentials("", "abc"));
        TransferException refused = refusal("Bearer realm=\"https://registry.example.com/token\"");

        assertThat(login.renew(SCOPE, Optional.empty(), refused)).isTrue();
        assertThat(login.renew(SCOPE, Optional.of("Bearer abc"), refused)).isFalse();
    }

    @Test
    void aTokenIsExchangedForAnother() throws Exception {
        try (StandInRegistry server = StandInRegistry.start().wantsTokens("me", "secret")) {
            RegistryLogin login = login(server.uri().toString(), RegistryCredentials.ofIdentityToken("identity"));
            String challenge = "Bearer realm=\"" + server.uri() + "/token\",service=\"s\"";

            assertThat(login.renew(SCOPE, Optional.empty(), refusal(challenge, server.uri())))
                    .isTrue();

            assertThat(server.scopes()).containsExactly("repository:a/b:pull");
            assertThat(login.authorization(server.uri().resolve("/v2/a/b/manifests/1")))
                    .contains("Bearer token-1");
            assertThat(login.authorization(server.uri().resolve("/v2/a/c/manifests/1")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenServerCanNotHandTheLoginOnToAnother(boolean identity) throws Exception {
        try (FaultyServer tokens = new FaultyServer()) {
            tokens.on(
                            "/token",
                            FaultyServer.redirect(
                                    307, tokens.uri("localhost", "/other").toString()))
                    .on("/other", FaultyServer.ok("{\"token\": \"abc\"}".getBytes(StandardCharsets.UTF_8)));
            RegistryLogin login = login(
                    "http://127.0.0.1:" + tokens.port(),
                    identity
                            ? RegistryCredentials.ofIdentityToken("identity")
                            : new RegistryCredentials("me", "secret"));
            TransferException refused =
                    refusal("Bearer realm=\"" + tokens.uri("/token") + "\"", tokens.uri("/v2/a/b/manifests/1"));

            if (identity) {
                assertThatThrownBy(() -> login.renew(SCOPE, Optional.empty(), refused))
                        .hasMessageContaining("redirects to another server")
                        .hasMessageNotContaining("identity");
                assertThat(tokens.requests()).hasSize(1);
            } else {
                assertThat(login.renew(SCOPE, Optional.empty(), refused)).isTrue();
                assertThat(tokens.requests())
                        .extracting(request -> request.header("Authorization"))
                        .containsExactly("Basic bWU6c2VjcmV0", "");
            }
        }
    }

    @Test
    void aTokenOfTheRegistryIsShownAsItIs() throws Exception {
        RegistryLogin login = login("https://registry.example.com", new RegistryCredentials("", "abc"));

        assertThat(login.renew(SCOPE, Optional.empty(), refusal("Bearer realm=\"https://registry.example.com/token\"")))
                .isTrue();
        assertThat(login.authorization(URI.create("https://registry.example.com/v2/a/b/manifests/1")))
                .contains("Bearer abc");
    }

    private static RegistryLogin login(String registry, RegistryCredentials login) {
        return new RegistryLogin(URI.create(registry), () -> Optional.of(login), HttpOptions.standard("test"));
    }

    private static TransferException refusal(String challenge) {
        return refusal(challenge, URI.create("https://registry.example.com/v2/a/b/blobs/x"));
    }

    private static TransferException refusal(String challenge, URI answered) {
        return new TransferException(
                Kind.UNAUTHORIZED, "401", 401, Map.of("WWW-Authenticate", challenge), answered, "", null);
    }
}
