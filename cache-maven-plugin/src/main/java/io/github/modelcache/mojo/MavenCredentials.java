package io.github.modelcache.mojo;

import io.github.modelcache.io.Credentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/**
 * The servers of {@code settings.xml}: one whose id is a host, or {@code host:port}, answers for that host and no other.
 * With a user name its password is sent as Basic, without one as a Bearer token. Encrypted ones are decrypted by Maven.
 */
final class MavenCredentials implements Credentials {

    private final MavenSession session;
    private final SettingsDecrypter decrypter;

    MavenCredentials(MavenSession session, SettingsDecrypter decrypter) {
        this.session = session;
        this.decrypter = decrypter;
    }

    @Override
    public Optional<String> authorization(URI address) {
        if (address.getHost() == null) {
            return Optional.empty();
        }
        return server(address.getAuthority())
                .or(() -> server(address.getHost()))
                .flatMap(MavenCredentials::header);
    }

    private Optional<Server> server(String id) {
        Server configured = session.getSettings().getServer(id);
        if (configured == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(decrypter
                .decrypt(new DefaultSettingsDecryptionRequest(configured))
                .getServer());
    }

    private static Optional<String> header(Server server) {
        if (server.getPassword() == null || server.getPassword().isEmpty()) {
            return Optional.empty();
        }
        if (server.getUsername() == null || server.getUsername().isEmpty()) {
            return Optional.of("Bearer " + server.getPassword());
        }
        String pair = server.getUsername() + ":" + server.getPassword();
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
