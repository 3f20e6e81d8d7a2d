package io.github.modelcache.oci;

import io.github.modelcache.http.TransferException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Who asks a registry. Never printed.
 *
 * @param user the user name; empty for a token that is shown as it is; {@code <token>} for one that is exchanged
 * @param secret the password or the token
 */
public record RegistryCredentials(String user, String secret) {

    /** Finds the login of a registry, when the registry wants one. */
    @FunctionalInterface
    public interface Finder {
        /**
         * The login; empty for none.
         *
         * @throws TransferException if there is one that can't be used
         */
        Optional<RegistryCredentials> find() throws TransferException;
    }

    /** What Docker's credential helpers say in place of a user name. */
    private static final String IDENTITY_TOKEN = "<token>";

    /** A token that token servers exchange for others. */
    static RegistryCredentials ofIdentityToken(String token) {
        return new RegistryCredentials(IDENTITY_TOKEN, token);
    }

    /**
     * What a {@code Basic} or {@code Bearer} header says; empty when it is neither.
     *
     * @param header as {@link io.github.modelcache.http.Credentials} give it
     */
    public static Optional<RegistryCredentials> ofHeader(String header) {
        if (header.startsWith("Bearer ")) {
            return Optional.of(new RegistryCredentials("", header.substring("Bearer ".length())));
        }
        return header.startsWith("Basic ") ? ofPair(header.substring("Basic ".length())) : Optional.empty();
    }

    /** User name and password, joined by a colon, in Base64. */
    static Optional<RegistryCredentials> ofPair(String base64) {
        try {
            String pair = new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon <= 0
                    ? Optional.empty()
                    : Optional.of(new RegistryCredentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isIdentityToken() {
        return user.equals(IDENTITY_TOKEN);
    }

    boolean isRegistryToken() {
        return user.isEmpty();
    }

    /** The value of an {@code Authorization} header. */
    Optional<String> header() {
        if (isIdentityToken()) {
            return Optional.empty();
        }
        String pair = user + ":" + secret;
        return Optional.of(
                isRegistryToken()
                        ? "Bearer " + secret
                        : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "a login";
    }
}
