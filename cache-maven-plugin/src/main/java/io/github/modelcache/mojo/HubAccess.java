package io.github.modelcache.mojo;

import io.github.modelcache.io.Credentials;
import io.github.modelcache.io.Urls;
import io.github.modelcache.source.HubSource;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which hub is asked, and with which token: that of the {@code settings.xml} server, else {@code HF_TOKEN}, else the
 * hub's own token file. The token is sent to the endpoint's host and to no other.
 */
final class HubAccess implements Credentials {

    private final URI endpoint;
    private final Credentials servers;
    private final Optional<String> token;

    /**
     * Access to the hub.
     *
     * @param configured {@code cache.endpoint}
     * @param servers the credentials of all other hosts
     * @param serverToken the password of the hub's server in {@code settings.xml}
     */
    HubAccess(
            @Nullable String configured,
            Credentials servers,
            Optional<String> serverToken,
            Map<String, String> environment,
            Path home) {
        this.servers = servers;
        this.token = token(serverToken, environment, home);
        this.endpoint = endpoint(configured, environment);
    }

    private static URI endpoint(@Nullable String configured, Map<String, String> environment) {
        String text =
                configured == null || configured.isBlank() ? environment.getOrDefault("HF_ENDPOINT", "") : configured;
        if (text.isBlank()) {
            return HubSource.HUB;
        }
        String stripped = text.strip();
        if (Urls.holdsUser(stripped)) {
            // Messages name the endpoint.
            throw new IllegalArgumentException(
                    "the hub's endpoint (cache.endpoint or HF_ENDPOINT) has a user name in its"
                            + " address; put it into a <server> of settings.xml whose id is the host");
        }
        try {
            URI address = new URI(stripped.endsWith("/") ? stripped : stripped + "/");
            if (address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw noAddress(stripped);
        }
        throw noAddress(stripped);
    }

    /** Shows what can't hold a password or a token. */
    private static IllegalArgumentException noAddress(String text) {
        String shown = text.indexOf('@') < 0 && text.indexOf('?') < 0 ? " is '" + text + "'" : " is no address";
        return new IllegalArgumentException("the hub's endpoint (cache.endpoint or HF_ENDPOINT)" + shown
                + ", expected an address such as https://hub.example.com");
    }

    /** The hub or its mirror; ends in a slash. */
    URI endpoint() {
        return endpoint;
    }

    @Override
    public Optional<String> authorization(URI address) {
        Optional<String> own = servers.authorization(address);
        boolean hub = String.valueOf(address.getAuthority()).equals(endpoint.getAuthority())
                && String.valueOf(address.getScheme()).equals(endpoint.getScheme());
        return own.isPresent() || !hub ? own : token.map(value -> "Bearer " + value);
    }

    private static Optional<String> token(Optional<String> serverToken, Map<String, String> environment, Path home) {
        return serverToken
                .or(() -> Optional.ofNullable(environment.get("HF_TOKEN")))
                .or(() -> Optional.ofNullable(environment.get("HUGGING_FACE_HUB_TOKEN")))
                .or(() -> tokenFile(environment, home))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static Optional<String> tokenFile(Map<String, String> environment, Path home) {
        String named = environment.get("HF_TOKEN_PATH");
        Path file = named == null || named.isBlank() ? home.resolve(".cache/huggingface/token") : Path.of(named);
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty(); // nobody has logged in
        }
    }
}
