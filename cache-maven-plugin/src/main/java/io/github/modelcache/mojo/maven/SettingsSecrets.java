package io.github.modelcache.mojo.maven;

import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.jspecify.annotations.Nullable;

/**
 * Passwords of {@code settings.xml}, decrypted by Maven. A password that Maven can't decrypt is an error, because it must
 * not be sent to a server.
 */
public final class SettingsSecrets {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]+)}");

    private final Settings settings;
    private final SettingsDecrypter decrypter;
    private final Map<String, SettingsDecryptionResult> decrypted = new ConcurrentHashMap<>();

    public SettingsSecrets(Settings settings, SettingsDecrypter decrypter) {
        this.settings = settings;
        this.decrypter = decrypter;
    }

    /** A server with its decrypted password. */
    Optional<Server> server(String id) throws TransferException {
        Server configured = settings.getServer(id);
        if (configured == null) {
            return Optional.empty();
        }
        String name = "server '" + id + "'";
        SettingsDecryptionResult result = decrypt(name, new DefaultSettingsDecryptionRequest(configured));
        Server server = result.getServer();
        requireUsable(name, result.getProblems(), server.getPassword());
        return Optional.of(server);
    }

    /** Requires that the passwords of the proxies with this address were decrypted. */
    void requireProxy(String host, int port) throws TransferException {
        for (Proxy configured : settings.getProxies()) {
            if (configured.getPort() == port && host.equals(configured.getHost()) && configured.isActive()) {
                String name = "proxy '" + configured.getId() + "'";
                SettingsDecryptionResult result = decrypt(name, new DefaultSettingsDecryptionRequest(configured));
                requireUsable(name, result.getProblems(), result.getProxy().getPassword());
            }
        }
    }

    private SettingsDecryptionResult decrypt(String name, SettingsDecryptionRequest request) {
        return decrypted.computeIfAbsent(name, missing -> decrypter.decrypt(request));
    }

    private static void requireUsable(String name, List<SettingsProblem> problems, @Nullable String password)
            throws TransferException {
        if (password == null || password.isEmpty()) {
            return;
        }
        Optional<String> problem = problems.stream()
                .filter(found -> found.getSeverity() != SettingsProblem.Severity.WARNING)
                .map(found -> "can't be decrypted (" + found.getMessage()
                        + "). Encrypt it again with mvn --encrypt-password, or restore ~/.m2/settings-security.xml")
                .findFirst();
        Matcher variable = VARIABLE.matcher(password);
        if (problem.isEmpty() && variable.matches()) {
            problem = Optional.of("is the variable " + variable.group(1) + ", which is not set. Set it, or remove the "
                    + name + " from settings.xml");
        }
        if (problem.isPresent()) {
            throw new TransferException(
                    Kind.UNAUTHORIZED,
                    "The password of the " + name + " in settings.xml was not sent, because it " + problem.get(),
                    null);
        }
    }
}
