package io.github.modelcache.mojo.maven;

import io.github.modelcache.http.ServerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/**
 * HTTP headers and timeouts from the {@code <configuration>} of a server in {@code settings.xml}, in the forms that Maven's
 * transports read. The id of the server is the host or {@code host:port}.
 *
 * @see <a href="https://maven.apache.org/guides/mini/guide-http-settings.html">HTTP settings of Maven</a>
 */
public record MavenServers(Settings settings) implements ServerSettings {

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    /** Headers that each request sets itself. */
    private static final Set<String> NOT_TO_BE_SET = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "range",
            "accept-encoding",
            "proxy-authorization");

    @Override
    public ServerSettings.Values of(URI uri) {
        if (uri.getHost() == null) {
            return ServerSettings.Values.NONE;
        }
        return server(String.valueOf(uri.getAuthority()))
                .or(() -> server(uri.getHost()))
                .filter(server -> server.getConfiguration() instanceof Xpp3Dom)
                .map(server -> values(server.getId(), (Xpp3Dom) server.getConfiguration()))
                .orElse(ServerSettings.Values.NONE);
    }

    private Optional<Server> server(String id) {
        return Optional.ofNullable(settings.getServer(id));
    }

    private static ServerSettings.Values values(String id, Xpp3Dom configuration) {
        Xpp3Dom wagon = child(child(configuration, "httpConfiguration"), "all");
        Map<String, String> headers = new TreeMap<>();
        addHeaders(id, child(wagon, "headers"), headers);
        addHeaders(id, child(configuration, "httpHeaders"), headers);
        return new ServerSettings.Values(
                headers,
                duration(id, child(configuration, "connectTimeout"))
                        .or(() -> duration(id, child(wagon, "connectionTimeout")))
                        .or(() -> duration(id, child(configuration, "timeout"))),
                duration(id, child(configuration, "requestTimeout"))
                        .or(() -> duration(id, child(wagon, "readTimeout")))
                        .or(() -> duration(id, child(configuration, "readTimeout"))));
    }

    private static void addHeaders(String id, @Nullable Xpp3Dom parent, Map<String, String> headers) {
        if (parent == null) {
            return;
        }
        Stream.of(parent.getChildren("property")).forEach(property -> {
            String name = text(child(property, "name"));
            if (!NAME.matcher(name).matches() || NOT_TO_BE_SET.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the server '" + id + "' of settings.xml sets the HTTP header '"
                        + name + "', which can't be set here; remove it, or add <server> for another id");
            }
            headers.put(name, text(child(property, "value")));
        });
    }

    private static Optional<Duration> duration(String id, @Nullable Xpp3Dom element) {
        String text = text(element);
        if (element == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofMillis(Integer.parseUnsignedInt(text)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the server '" + id + "' of settings.xml has <" + element.getName() + ">" + text + "</"
                            + element.getName() + ">, expected a whole number of milliseconds",
                    e);
        }
    }

    private static @Nullable Xpp3Dom child(@Nullable Xpp3Dom parent, String name) {
        return parent == null ? null : parent.getChild(name);
    }

    private static String text(@Nullable Xpp3Dom element) {
        return element == null || element.getValue() == null
                ? ""
                : element.getValue().strip();
    }
}
