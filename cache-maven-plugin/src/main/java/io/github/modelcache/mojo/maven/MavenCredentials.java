package io.github.modelcache.mojo.maven;

import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.TransferException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.maven.settings.Server;

/**
 * The servers of {@code settings.xml} whose id is a host or {@code host:port}. A password with a user name is sent as
 * Basic, without one as a Bearer token.
 */
public record MavenCredentials(SettingsSecrets secrets) implements Credentials {
    @Override
    public Optional<String> authorization(URI address) throws TransferException {
        if (address.getHost() == null) {
            return Optional.empty();
        }
        Optional<Server> named = secrets.server(address.getAuthority());
        return (named.isPresent() ? named : secrets.server(address.getHost())).flatMap(MavenCredentials::header);
    }

    /** The password of a server. */
    public Optional<String> password(String id) throws TransferException {
        return secrets.server(id).map(Server::getPassword).filter(password -> !password.isEmpty());
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
