package io.github.modelcache.oci;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker login} and its like left: {@code config.json} with {@code auths}, {@code credHelpers} and {@code
 * credsStore}. What is not there or not readable is no login, and no error: the registry may not want one.
 *
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/#credential-stores">Credential stores and helpers</a>
 */
public final class DockerCredentials {

    private static final Pattern HELPER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final int PATIENCE_SECONDS = 20;
    private static final String DOCKER_HUB = "registry-1.docker.io";

    private final Path file;
    private final String helpers;

    /**
     * The logins of a config.
     *
     * @param file {@code $DOCKER_CONFIG/config.json} or {@code ~/.docker/config.json}
     */
    public DockerCredentials(Path file) {
        this(file, "docker-credential-");
    }

    /**
     * The logins of a config.
     *
     * @param helpers what the names of credential helpers begin with
     */
    DockerCredentials(Path file, String helpers) {
        this.file = file;
        this.helpers = helpers;
    }

    /** The login for a registry, given as {@code host} or {@code host:port}. */
    public Optional<RegistryCredentials> find(String host) {
        JsonObject config;
        try {
            if (!Files.isRegularFile(file) || !(JsonDocument.read(file).root() instanceof JsonObject root)) {
                return Optional.empty();
            }
            config = root;
        } catch (IOException | JsonException e) {
            return Optional.empty();
        }
        for (String key : keys(host)) {
            Optional<RegistryCredentials> login = find(config, key);
            if (login.isPresent()) {
                return login;
            }
        }
        return Optional.empty();
    }

    private static List<String> keys(String host) {
        return host.equals(DOCKER_HUB)
                ? List.of("https://index.docker.io/v1/", "docker.io", host)
                : List.of(host, "https://" + host, "https://" + host + "/");
    }

    private Optional<RegistryCredentials> find(JsonObject config, String key) {
        String helper = text(member(config.get("credHelpers"), key));
        if (!helper.isEmpty()) {
            return ask(helper, key);
        }
        if (member(config.get("auths"), key) instanceof JsonObject entry) {
            String identity = text(entry.get("identitytoken"));
            if (!identity.isEmpty()) {
                return Optional.of(RegistryCredentials.ofIdentityToken(identity));
            }
            Optional<RegistryCredentials> pair = RegistryCredentials.ofPair(text(entry.get("auth")));
            if (pair.isPresent()) {
                return pair;
            }
        }
        String store = text(config.get("credsStore"));
        return store.isEmpty() ? Optional.empty() : ask(store, key);
    }

    private static @Nullable Json member(@Nullable Json object, String name) {
        return object instanceof JsonObject known ? known.get(name) : null;
    }

    private static String text(@Nullable Json json) {
        return json instanceof JsonString string ? string.value() : "";
    }

    /** {@code docker-credential-<helper> get} reads the server's name and prints an object. */
    private Optional<RegistryCredentials> ask(String helper, String server) {
        if (!HELPER.matcher(helper).matches()) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(helpers + helper, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(server.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? login(answer) : Optional.empty();
        } catch (IOException | JsonException e) {
            return Optional.empty(); // no such helper, or it says nothing that makes sense
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<RegistryCredentials> login(String answer) throws JsonException {
        if (!(JsonDocument.parse("credential helper", answer).root() instanceof JsonObject object)) {
            return Optional.empty();
        }
        String user = text(object.get("Username"));
        String secret = text(object.get("Secret"));
        return user.isEmpty() || secret.isEmpty()
                ? Optional.empty()
                : Optional.of(new RegistryCredentials(user, secret));
    }
}
