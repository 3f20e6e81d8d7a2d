package io.github.modelcache.mojo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;

/** Finds the folder that holds the project's config and caches, in whichever module Maven was started. */
final class ProjectRoot {

    private ProjectRoot() {}

    /**
     * The folder marked by {@code .mvn}; else that of the topmost parent POM above this module; else the folder that
     * Maven was started in.
     */
    static Path of(MavenSession session) {
        Path marked = normal(session.getRequest().getMultiModuleProjectDirectory());
        if (Files.isDirectory(marked.resolve(".mvn"))) {
            return marked;
        }
        MavenProject top = session.getTopLevelProject();
        if (top == null || top.getFile() == null) {
            return Path.of(session.getExecutionRootDirectory()).toAbsolutePath().normalize();
        }
        return topmost(top);
    }

    private static Path topmost(MavenProject project) {
        Path root = normal(project.getBasedir());
        MavenProject parent = project.getParent();
        while (parent != null && parent.getBasedir() != null && root.startsWith(normal(parent.getBasedir()))) {
            root = normal(parent.getBasedir());
            parent = parent.getParent();
        }
        return root;
    }

    private static Path normal(File folder) {
        return folder.toPath().toAbsolutePath().normalize();
    }
}
