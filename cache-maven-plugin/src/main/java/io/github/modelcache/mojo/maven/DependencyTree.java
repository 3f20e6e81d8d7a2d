package io.github.modelcache.mojo.maven;

import java.util.List;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.DefaultDependencyResolutionRequest;
import org.apache.maven.project.DependencyResolutionException;
import org.apache.maven.project.DependencyResolutionResult;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectDependenciesResolver;
import org.eclipse.aether.graph.DependencyNode;

/**
 * The dependencies of the current module, also those of dependencies. A goal that asks Maven for them by its annotation would
 * fail where one of them can't be had; this one reads POMs only, and takes what is there.
 */
public record DependencyTree(ProjectDependenciesResolver resolver, MavenSession session) {

    /** The direct dependencies, each with its own as children. */
    public List<DependencyNode> direct() {
        MavenProject project = session.getCurrentProject();
        if (project.getDependencies().isEmpty()) {
            return List.of();
        }
        DependencyResolutionResult result;
        try {
            result = resolver.resolve(new DefaultDependencyResolutionRequest(project, session.getRepositorySession())
                    .setResolutionFilter((node, parents) -> false));
        } catch (DependencyResolutionException e) {
            result = e.getResult(); // the goal that needs the dependencies says what is wrong with them
        }
        DependencyNode root = result.getDependencyGraph();
        return root == null ? List.of() : root.getChildren();
    }
}
