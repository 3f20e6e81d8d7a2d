package io.github.modelcache.mojo;

import java.util.function.UnaryOperator;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;

/**
 * Commands as they have to be typed here: {@code mvn cache:init} works where the POM names the plugin or the settings its
 * group; elsewhere Maven does not know the prefix, and the advice has to say it all.
 */
record TypedCommands(boolean prefixKnown, String version) implements UnaryOperator<String> {

    private static final String GROUP = "io.github.modelcache";
    private static final String PLUGIN = GROUP + ":cache-maven-plugin";

    static TypedCommands of(MavenSession session, String version) {
        boolean known = session.getSettings().getPluginGroups().contains(GROUP)
                || session.getProjects().stream().anyMatch(TypedCommands::names);
        return new TypedCommands(known, version);
    }

    private static boolean names(MavenProject project) {
        return project.getPlugin(PLUGIN) != null
                || (project.getPluginManagement() != null
                        && project.getPluginManagement().getPluginsAsMap().containsKey(PLUGIN));
    }

    @Override
    public String apply(String text) {
        return prefixKnown ? text : text.replace("mvn cache:", "mvn " + PLUGIN + ":" + version + ":");
    }
}
