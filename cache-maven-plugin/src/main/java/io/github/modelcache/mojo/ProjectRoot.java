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
     * The nearest folder that has the config, from the build's own folder up to the one marked by {@code .mvn}; the
     * build's own folder where none has. That is the folder of the topmost parent POM above the module, or the one that
     * Maven was started in where there is no POM.
     *
     * <p>The mark alone does not decide: a project of its own may lie below another one's mark, as a generated one does.
     *
     * @param config the config file, as a path within the root
     */
    static Path of(MavenSession session, String config) {
        Path own = own(session);
        Path marked = normal(session.getRequest().getMultiModuleProjectDirectory());
        for (Path folder = own; folder != null && folder.startsWith(marked); folder = folder.getParent()) {
            if (Files.exists(folder.resolve(config))) {
                return folder;
            }
        }
        return own;
    }

    private static Path own(MavenSession session) {
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
