package io.github.modelcache.mojo.maven;

import io.github.modelcache.plan.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;

/** Reports configs of modules that this build or this module does not use. */
public record ModuleConfigs(MavenSession session, String config) {

    /** A warning for each config beside the POM of a module in which no goal of this plugin runs. */
    public List<String> unused(MojoExecution execution) {
        if (execution.getSource() != MojoExecution.Source.LIFECYCLE
                || Path.of(config).isAbsolute()) {
            return List.of(); // a typed goal runs in every module
        }
        ProjectRoots roots = new ProjectRoots(config);
        Set<Path> used = session.getProjects().stream()
                .filter(ModuleConfigs::runsGoals)
                .map(project -> roots.of(session, project).config())
                .collect(Collectors.toSet());
        return session.getProjects().stream()
                .filter(project -> project.getFile() != null && !runsGoals(project))
                .map(project -> project.getBasedir().toPath().resolve(config).normalize())
                .filter(file -> Files.exists(file) && !used.contains(file))
                .map(file -> name(file) + " is not used: no goal of this plugin is bound in that module")
                .toList();
    }

    private static boolean runsGoals(MavenProject project) {
        Plugin plugin = project.getPlugin(CommandHints.PLUGIN);
        return plugin != null && !plugin.getExecutions().isEmpty();
    }

    private String name(Path file) {
        Path top = Path.of(session.getExecutionRootDirectory()).toAbsolutePath().normalize();
        return file.startsWith(top) ? top.relativize(file).toString() : file.toString();
    }

    /** The message for a module without a config if other modules have one. */
    public static String elsewhere(ProjectRoot root, String config) {
        Path home = root.folder();
        String others = root.elsewhere().stream()
                .map(other -> Plan.name(home, other.config()))
                .collect(Collectors.joining(", "));
        return root.aggregates()
                ? "Modules have their own config (" + others + ")"
                : "Skipped: there is no " + config + " in this module or above it, only in other modules (" + others
                        + "). If this module needs models, create that file, {} is enough";
    }
}
