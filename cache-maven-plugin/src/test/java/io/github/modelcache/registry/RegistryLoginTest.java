package io.github.modelcache.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.io.HttpOptions;
import io.github.modelcache.io.TransferException;
import io.github.modelcache.io.TransferException.Kind;
import io.github.modelcache.testing.StandInRegistry;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryLoginTest {

    private static final RegistryLogin.Scope SCOPE = new RegistryLogin.Scope("a/b", false, Optional.empty());

    @Test
    void nothingIsShownBeforeItIsAskedForAndNothingToOthers() throws Exception {
        RegistryLogin login = login("https://registry.example.com", new Login("me", "secret"));
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
        RegistryLogin login = login("https://registry.example.com", new Login("me", "secret"));

        assertThatThrownBy(() -> login.renew(SCOPE, Optional.empty(), refusal(challenge)))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("as secure as its own");
    }

    @Test
    void aTokenIsExchangedForAnother() throws Exception {
        try (StandInRegistry server = StandInRegistry.start().wantsTokens("me", "secret")) {
            RegistryLogin login = login(server.uri().toString(), Login.ofIdentityToken("identity"));
            String challenge = "Bearer realm=\"" + server.uri() + "/token\",service=\"s\"";

            assertThat(login.renew(SCOPE, Optional.empty(), refusal(challenge))).isTrue();

            assertThat(server.scopes()).containsExactly("repository:a/b:pull");
            assertThat(login.authorization(server.uri().resolve("/v2/a/b/manifests/1")))
                    .contains("Bearer token-1");
            assertThat(login.authorization(server.uri().resolve("/v2/a/c/manifests/1")))
                    .isEmpty();
        }
    }

    @Test
    void aTokenOfTheRegistryIsShownAsItIs() throws Exception {
        RegistryLogin login = login("https://registry.example.com", new Login("", "abc"));

        assertThat(login.renew(SCOPE, Optional.empty(), refusal("Bearer realm=\"https://registry.example.com/token\"")))
                .isTrue();
        assertThat(login.authorization(URI.create("https://registry.example.com/v2/a/b/manifests/1")))
                .contains("Bearer abc");
    }

    private static RegistryLogin login(String registry, Login login) {
        return new RegistryLogin(URI.create(registry), () -> Optional.of(login), HttpOptions.standard("test"));
    }

    private static TransferException refusal(String challenge) {
        return new TransferException(Kind.UNAUTHORIZED, "401", 401, Map.of("WWW-Authenticate", challenge), null);
    }
}
