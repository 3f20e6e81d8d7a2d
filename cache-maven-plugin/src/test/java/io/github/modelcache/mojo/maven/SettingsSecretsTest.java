package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.TransferException;
import java.net.URI;
import java.util.List;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsProblem;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.junit.jupiter.api.Test;

class SettingsSecretsTest {

    private final Settings settings = new Settings();
    private final SettingsSecrets secrets = new SettingsSecrets(settings, decrypter());

    @Test
    void aPasswordThatCannotBeDecryptedIsNotSent() throws Exception {
        server("hub.example.com", "{abc=}");
        MavenCredentials credentials = new MavenCredentials(secrets);
        assertThatThrownBy(() -> credentials.authorization(URI.create("https://hub.example.com/x")))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("The password of the server 'hub.example.com' in settings.xml was not sent")
                .hasMessageContaining("can't be decrypted (no master password)")
                .hasMessageNotContaining("abc");
        assertThatThrownBy(() -> credentials.password("hub.example.com")).isInstanceOf(TransferException.class);
        assertThat(credentials.authorization(URI.create("https://other.example.com/x")))
                .isEmpty();
    }

    @Test
    void aVariableThatIsNotSetIsNoPassword() throws Exception {
        server("hub.example.com", "${env.NOT_SET}");
        assertThatThrownBy(() -> secrets.server("hub.example.com"))
                .hasMessageContaining("it is the variable env.NOT_SET, which is not set");
    }

    @Test
    void sendsAPasswordThatCanBeRead() throws Exception {
        server("hub.example.com", "a$b{c}");
        server("hub.example.com:8443", "");
        MavenCredentials credentials = new MavenCredentials(secrets);
        assertThat(credentials.authorization(URI.create("https://hub.example.com/x")))
                .contains("Bearer a$b{c}");
        assertThat(credentials.authorization(URI.create("https://hub.example.com:8443/x")))
                .isEmpty();
    }

    @Test
    void aProxyPasswordThatCannotBeDecryptedIsNotSent() throws Exception {
        Proxy proxy = new Proxy();
        proxy.setId("company");
        proxy.setHost("proxy.example.com");
        proxy.setPort(8080);
        proxy.setUsername("me");
        proxy.setPassword("{abc=}");
        settings.addProxy(proxy);
        secrets.requireProxy("other.example.com", 8080);
        assertThatThrownBy(() -> secrets.requireProxy("proxy.example.com", 8080))
                .hasMessageContaining("The password of the proxy 'company' in settings.xml was not sent");
    }

    private void server(String id, String password) {
        Server server = new Server();
        server.setId(id);
        server.setPassword(password);
        settings.addServer(server);
    }

    /** Leaves encrypted passwords as they are, as Maven does, and says so. */
    private static SettingsDecrypter decrypter() {
        return request -> new SettingsDecryptionResult() {
            @Override
            public Server getServer() {
                return request.getServers().get(0);
            }

            @Override
            public List<Server> getServers() {
                return request.getServers();
            }

            @Override
            public Proxy getProxy() {
                return request.getProxies().get(0);
            }

            @Override
            public List<Proxy> getProxies() {
                return request.getProxies();
            }

            @Override
            public List<SettingsProblem> getProblems() {
                return encrypted(request)
                        ? List.of(new DefaultSettingsProblem(
                                "no master password", SettingsProblem.Severity.ERROR, "settings", -1, -1, null))
                        : List.of();
            }
        };
    }

    private static boolean encrypted(SettingsDecryptionRequest request) {
        return request.getServers().stream()
                        .anyMatch(server -> server.getPassword().startsWith("{"))
                || request.getProxies().stream()
                        .anyMatch(proxy -> proxy.getPassword().startsWith("{"));
    }
}
