package io.github.modelcache.mojo;

import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.mojo.maven.OncePerReactor;
import io.github.modelcache.mojo.maven.ProjectRoots;
import java.io.File;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.execution.ProjectDependencyGraph;
import org.apache.maven.model.Resource;
import org.apache.maven.project.MavenProject;

/**
 * Project properties that a goal hands on to the modules of its root.
 *
 * @param config the config, as {@link ProjectRoots} wants it
 * @param root the root that the values belong to
 * @param work the work that publishes
 */
record Publication(MavenSession session, String config, Path root, String work) {

    private static final String PREFIX = "${cache.";

    /** What the goal has published. */
    private record Published(Properties properties) {
        void to(MavenProject project) {
            project.getProperties().putAll(properties);
            Stream.of(project.getBuild().getResources(), project.getBuild().getTestResources())
                    .flatMap(List::stream)
                    .forEach(resource -> interpolate(resource, project));
        }

        /** Maven has read the POM before the first goal ran, and would skip this folder without a word. */
        private void interpolate(Resource resource, MavenProject project) {
            String folder = resource.getDirectory();
            int start = folder == null ? -1 : folder.indexOf(PREFIX);
            int end = start < 0 ? -1 : folder.indexOf('}', start);
            String value = end < 0 ? null : properties.getProperty(folder.substring(start + 2, end));
            if (value != null) {
                // Maven takes what it can't interpolate for a path within the module.
                String before = folder.substring(0, start);
                boolean inModule = before.equals(project.getBasedir() + File.separator);
                resource.setDirectory((inModule ? "" : before) + value + folder.substring(end + 1));
            }
        }
    }

    /** The paths of the models, as far as they are known. */
    static Properties paths(List<NamedModel> models) {
        Properties properties = new Properties();
        models.forEach(model -> model.path().ifPresent(path -> properties.put(model.property(), path.toString())));
        return properties;
    }

    /** Every module of this root gets them, also those whose own goal waits for this one, and those that have none. */
    void publish(Properties properties) {
        Published published = new Published(properties);
        OncePerReactor.of(session).keep(key(), published);
        ProjectRoots roots = new ProjectRoots(config);
        for (MavenProject project : allProjects()) {
            boolean own = project.equals(session.getCurrentProject());
            if (own || roots.of(session, project).folder().equals(root)) {
                published.to(project);
            }
        }
    }

    /**
     * A module with a configuration of its own has its own values, whatever other modules have published since.
     *
     * @return the values; empty if there are none
     */
    Optional<Properties> again() {
        Optional<Published> published = OncePerReactor.of(session).kept(key(), Published.class);
        published.ifPresent(values -> allProjects().stream()
                .filter(project -> project.equals(session.getCurrentProject()))
                .forEach(values::to));
        return published.map(Published::properties);
    }

    private String key() {
        return "published by " + work;
    }

    /** Also those of which the session has a copy now, because a goal such as spring-boot:run runs phases before itself. */
    private Set<MavenProject> allProjects() {
        Set<MavenProject> projects = Collections.newSetFromMap(new IdentityHashMap<>());
        projects.addAll(session.getProjects());
        ProjectDependencyGraph graph = session.getProjectDependencyGraph();
        if (graph != null) {
            projects.addAll(graph.getSortedProjects());
        }
        return projects;
    }
}
