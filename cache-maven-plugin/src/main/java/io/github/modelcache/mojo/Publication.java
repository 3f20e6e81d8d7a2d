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

/** Project properties that a goal passes to the modules of its root; {@code work} names the goal's work. */
record Publication(MavenSession session, String config, Path root, String work) {

    private static final String PREFIX = "${cache.";

    private record Published(Properties properties) {
        void to(MavenProject project) {
            project.getProperties().putAll(properties);
            Stream.of(project.getBuild().getResources(), project.getBuild().getTestResources())
                    .flatMap(List::stream)
                    .forEach(resource -> interpolate(resource, project));
        }

        /** Maven interpolated the POM before the first goal ran, and would silently skip this folder. */
        private void interpolate(Resource resource, MavenProject project) {
            String folder = resource.getDirectory();
            int start = folder == null ? -1 : folder.indexOf(PREFIX);
            int end = start < 0 ? -1 : folder.indexOf('}', start);
            String value = end < 0 ? null : properties.getProperty(folder.substring(start + 2, end));
            if (value != null) {
                // Maven resolves an uninterpolated path within the module.
                String before = folder.substring(0, start);
                boolean inModule = before.equals(project.getBasedir() + File.separator);
                resource.setDirectory((inModule ? "" : before) + value + folder.substring(end + 1));
            }
        }
    }

    /** The known paths of the models. */
    static Properties paths(List<NamedModel> models) {
        Properties properties = new Properties();
        models.forEach(model -> model.path().ifPresent(path -> properties.put(model.property(), path.toString())));
        return properties;
    }

    /** Publishes to every module of this root. */
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
    Optional<Properties> publishAgain() {
        Optional<Published> published = OncePerReactor.of(session).kept(key(), Published.class);
        published.ifPresent(values -> allProjects().stream()
                .filter(project -> project.equals(session.getCurrentProject()))
                .forEach(values::to));
        return published.map(Published::properties);
    }

    private String key() {
        return "published by " + work;
    }

    /** Includes the copies that goals such as spring-boot:run make of projects. */
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
