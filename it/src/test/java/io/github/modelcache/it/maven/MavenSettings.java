package io.github.modelcache.it.maven;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the {@code settings.xml} of a build. */
final class MavenSettings {

    /**
     * A server with credentials.
     *
     * @param id what repositories and mirrors name it by
     * @param user its user
     * @param password its password
     */
    record Server(String id, String user, String password) {}

    private MavenSettings() {}

    /**
     * Settings that read from the given local repositories first, and from Maven Central only when {@code online}.
     * Else the first one takes the name of Central, because Maven remembers by it where a file came from.
     */
    static String text(Map<String, Path> repositories, boolean online, List<Server> servers) {
        Map<String, Path> all = new LinkedHashMap<>(repositories);
        if (!online) {
            all.put("central", repositories.values().iterator().next());
        }
        StringBuilder first = new StringBuilder();
        StringBuilder plugins = new StringBuilder();
        all.forEach((id, path) -> {
            String url = path.toUri().toString();
            first.append(repository("repository", id, url));
            plugins.append(repository("pluginRepository", id, url));
        });
        StringBuilder accounts = new StringBuilder();
        for (Server server : servers) {
            accounts.append("""
                        <server>
                          <id>%s</id>
                          <username>%s</username>
                          <password>%s</password>
                        </server>
                    """.formatted(server.id(), server.user(), server.password()));
        }
        return """
                <settings>
                  <servers>
                %s  </servers>
                  <profiles>
                    <profile>
                      <id>repositories</id>
                      <repositories>
                %s      </repositories>
                      <pluginRepositories>
                %s      </pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles>
                    <activeProfile>repositories</activeProfile>
                  </activeProfiles>
                </settings>
                """.formatted(accounts, first, plugins);
    }

    private static String repository(String element, String id, String url) {
        return """
                        <%1$s>
                          <id>%2$s</id>
                          <url>%3$s</url>
                          <releases><updatePolicy>never</updatePolicy></releases>
                          <snapshots><enabled>true</enabled><updatePolicy>never</updatePolicy></snapshots>
                        </%1$s>
                """.formatted(element, id, url);
    }
}
