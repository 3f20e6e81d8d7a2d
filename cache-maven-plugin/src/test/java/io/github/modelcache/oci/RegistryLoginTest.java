package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.StandInRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryLoginTest extends HttpRegistryCase {

    /** The registry reads all, and then knows the token no more. */
    private Fault expired() {
        return asked -> {
            asked.exchange().getRequestBody().readAllBytes();
            server.expireTokens();
            asked.exchange().getResponseHeaders().set("WWW-Authenticate", server.challenge());
            asked.exchange().sendResponseHeaders(401, -1);
            return true;
        };
    }

    @Nested
    class Tokens {

        @Test
        void aTokenIsRequestedForEachRepositoryAndRenewed() throws Exception {
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            team.push(registry);

            assertThat(server.scopes()).containsExactly("repository:" + REPOSITORY + ":pull,push");
            server.forget();
            server.fault("GET", large(), Fault.meanwhile(server::expireTokens), Fault.HONEST);
            team.pull(registry);
            assertThat(server.scopes()).contains("repository:" + REPOSITORY + ":pull");
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void aTokenThatExpiresDuringAnUploadIsRenewed(boolean proxied) throws Exception {
            String large = "0123456789".repeat(600_000);
            Files.writeString(team.origin.resolve(Team.LARGE), large);
            team.commit = team.hub.add("acme/tiny", team.origin);
            team.update(team.one);
            team.bring(team.one, Optional.empty(), Team.MODEL);
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            server.fault("PUT", "/blobs/uploads", expired(), Fault.HONEST);
            String address = registry;
            if (proxied) {
                address = "http://registry.invalid/team";
                team.proxies = uri -> new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(
                                "127.0.0.1", server.uri().getPort()));
            }
            team.push(address);

            team.pull(address);
            assertThat(team.pulled(Team.LARGE)).hasContent(large);
        }

        @Test
        void tokensThatExpireSeveralTimesDuringOneFileAreRenewed() throws Exception {
            team.workers = 1; // a second request would lose its token to the first one again and again
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            team.push(registry);
            Fault cut = asked -> {
                server.expireTokens();
                return Fault.cutAfter(60_000).answer(asked);
            };
            server.fault("GET", large(), cut, cut, cut, cut, Fault.HONEST);

            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }

        @Test
        void tokensThatAreAlwaysRejectedEndInAnError() throws Exception {
            team.push(registry);
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            server.fault("GET", "/manifests/", expired());
            server.forget();

            assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("docker login");
            assertThat(server.scopes()).hasSizeLessThan(5);
        }
    }

    @Nested
    class Credentials {

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void wrongCredentialsAreAnErrorThatSaysWhereToPutThem(boolean tokens) throws Exception {
            if (tokens) {
                server.wantsTokens("me", "secret");
            } else {
                server.wantsBasic("me", "secret");
            }
            for (Optional<RegistryCredentials> login : List.of(
                    Optional.<RegistryCredentials>empty(), Optional.of(new RegistryCredentials("me", "hunter2")))) {
                team.login = login;
                assertThatThrownBy(() -> team.push(registry))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(server.host())
                        .hasMessageContaining("401")
                        .hasMessageContaining("settings.xml")
                        .hasMessageNotContaining("hunter2");
            }
            assertThat(server.blobs()).isEmpty();
        }

        @Test
        void storageOnAnotherHostGetsNoCredentials() throws Exception {
            server.wantsBasic("me", "secret").redirects();
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            team.push(registry);
            team.pull(registry);

            assertThat(server.requests("STORAGE")).hasSize(2);
            assertThat(server.leaked()).isEmpty();
        }

        @Test
        void storageThatRequiresALoginGetsNone() throws Exception {
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            team.push(registry);
            try (StandInRegistry storage = StandInRegistry.start().wantsTokens("me", "secret")) {
                server.fault("GET", large(), Fault.elsewhere(storage.uri().resolve("/large")));

                assertThatThrownBy(() -> team.pull(registry))
                        .hasMessageContaining("redirected to " + storage.uri())
                        .hasMessageContaining("answered 401")
                        .hasMessageNotContaining("docker login");
                assertThat(storage.requests()).isNotEmpty().allMatch(request -> request.equals("GET /large"));
            }
        }

        @Test
        void anUploadAddressOnAnotherHostGetsNoLogin() throws Exception {
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
            try (StandInRegistry storage = StandInRegistry.start().wantsTokens("me", "secret")) {
                server.fault("POST", "/blobs/uploads", asked -> {
                    asked.exchange().getResponseHeaders().set("Location", storage.uri() + "/place");
                    asked.exchange().sendResponseHeaders(202, -1);
                    return true;
                });

                assertThatThrownBy(() -> team.push(registry))
                        .hasMessageContaining(storage.uri() + "/place answered 401")
                        .hasMessageNotContaining("docker login");
                assertThat(storage.requests()).isNotEmpty().allMatch(request -> request.startsWith("PUT /place"));
            }
        }
    }
}
