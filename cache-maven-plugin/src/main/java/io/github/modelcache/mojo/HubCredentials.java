package io.github.modelcache.mojo;

import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.Urls;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The model hub and its token, from the {@code settings.xml} server, {@code HF_TOKEN}, or the hub's token file. The token
 * is sent to the endpoint's host only.
 */
final class HubCredentials implements Credentials {

    private final URI endpoint;
    private final Credentials servers;
    private final ServerToken serverToken;
    private final Map<String, String> environment;
    private final Path home;
    private final Consumer<String> warnings;
    private boolean known;
    private Optional<String> token = Optional.empty();

    /** The password of the hub's server in {@code settings.xml}. */
    @FunctionalInterface
    interface ServerToken {
        Optional<String> read() throws TransferException;
    }

    HubCredentials(
            @Nullable String configured,
            Credentials servers,
            ServerToken serverToken,
            Map<String, String> environment,
            Path home,
            Consumer<String> warnings) {
        this.servers = servers;
        this.serverToken = serverToken;
        this.environment = environment;
        this.home = home;
        this.warnings = warnings;
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
            throw noSecrets("a user name");
        }
        try {
            URI address = new URI(stripped.endsWith("/") ? stripped : stripped + "/");
            if (address.getRawQuery() != null || address.getRawFragment() != null) {
                throw noSecrets("a query");
            }
            if (address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw noAddress(stripped);
        }
        throw noAddress(stripped);
    }

    /** Rejects secrets, because messages show the endpoint. */
    private static IllegalArgumentException noSecrets(String what) {
        return new IllegalArgumentException("the hub's endpoint (cache.endpoint or HF_ENDPOINT) has " + what
                + " in its address, which may be a secret. Leave it out; put a password or a token into a <server> of"
                + " settings.xml whose id is the host");
    }

    /** Does not show text that may contain a password. */
    private static IllegalArgumentException noAddress(String text) {
        String shown = text.indexOf('@') < 0 && text.indexOf('?') < 0 && text.indexOf('#') < 0
                ? " is '" + text + "'"
                : " is not a URL";
        return new IllegalArgumentException("the hub's endpoint (cache.endpoint or HF_ENDPOINT)" + shown
                + ", expected an address such as https://hub.example.com");
    }

    /** The hub or its mirror; ends in a slash. */
    URI endpoint() {
        return endpoint;
    }

    @Override
    public Optional<String> authorization(URI address) throws TransferException {
        Optional<String> own = servers.authorization(address);
        boolean hub = String.valueOf(address.getAuthority()).equals(endpoint.getAuthority())
                && String.valueOf(address.getScheme()).equals(endpoint.getScheme());
        return own.isPresent() || !hub ? own : token().map(value -> "Bearer " + value);
    }

    private synchronized Optional<String> token() throws TransferException {
        if (!known) {
            token = find();
            known = true;
        }
        return token;
    }

    private Optional<String> find() throws TransferException {
        return serverToken
                .read()
                .or(() -> Optional.ofNullable(environment.get("HF_TOKEN")))
                .or(() -> Optional.ofNullable(environment.get("HUGGING_FACE_HUB_TOKEN")))
                .or(this::tokenFile)
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private Optional<String> tokenFile() {
        String named = environment.get("HF_TOKEN_PATH");
        Path file = named == null || named.isBlank() ? home.resolve(".cache/huggingface/token") : Path.of(named);
        try {
            return Optional.of(RegularFile.text(file, RegularFile.SMALL));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // not logged in
        } catch (IOException e) {
            warnings.accept(
                    "The hub gets no token, because its token file can't be read: " + IoErrors.message(e, file));
            return Optional.empty();
        }
    }
}
