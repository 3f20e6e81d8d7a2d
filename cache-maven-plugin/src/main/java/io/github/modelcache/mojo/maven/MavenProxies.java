package io.github.modelcache.mojo.maven;

import io.github.modelcache.http.ProxySelection;
import io.github.modelcache.http.TransferException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.execution.MavenSession;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.AuthenticationContext;
import org.eclipse.aether.repository.RemoteRepository;
import org.jspecify.annotations.Nullable;

/** The proxies of {@code settings.xml}, chosen by Maven's own rules. */
public final class MavenProxies implements ProxySelection {

    private final RepositorySystemSession session;
    private final SettingsSecrets secrets;
    private final Map<String, Proxy> selected = new ConcurrentHashMap<>();

    public MavenProxies(MavenSession maven, SettingsSecrets secrets) {
        session = maven.getRepositorySession();
        this.secrets = secrets;
    }

    /** Cached by server. */
    @Override
    public Proxy select(URI address) {
        return selected.computeIfAbsent(address.getScheme() + "://" + address.getAuthority(), server -> find(address));
    }

    private Proxy find(URI address) {
        org.eclipse.aether.repository.Proxy proxy = proxy(address);
        return proxy == null
                ? Proxy.NO_PROXY
                : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort()));
    }

    @Override
    public Optional<PasswordAuthentication> authentication(URI address) throws TransferException {
        org.eclipse.aether.repository.Proxy proxy = proxy(address);
        if (proxy == null) {
            return Optional.empty();
        }
        secrets.requireProxy(proxy.getHost(), proxy.getPort());
        RemoteRepository through = new RemoteRepository.Builder(repository(address))
                .setProxy(proxy)
                .build();
        try (AuthenticationContext context = AuthenticationContext.forProxy(session, through)) {
            String user = context == null ? null : context.get(AuthenticationContext.USERNAME);
            String password = context == null ? null : context.get(AuthenticationContext.PASSWORD);
            return user == null || password == null
                    ? Optional.empty()
                    : Optional.of(new PasswordAuthentication(user, password.toCharArray()));
        }
    }

    private org.eclipse.aether.repository.@Nullable Proxy proxy(URI address) {
        return session.getProxySelector() == null
                ? null
                : session.getProxySelector().getProxy(repository(address));
    }

    private static RemoteRepository repository(URI address) {
        return new RemoteRepository.Builder("model-source", "default", address.toString()).build();
    }
}
