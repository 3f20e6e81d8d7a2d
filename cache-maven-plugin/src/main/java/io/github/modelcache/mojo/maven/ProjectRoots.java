package io.github.modelcache.mojo.maven;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;

/**
 * Finds the root of a module on the disk, so that it does not depend on the folder in which Maven is started: the nearest
 * folder with the config, from the module upwards within its project, then from each parent POM. Without a config it is
 * the folder of the outermost POM that the module belongs to.
 */
public final class ProjectRoots {

    /** The default config file. */
    public static final String USUAL = "config/hardware_cache.json";

    private final String config;
    private final PomModules modules = new PomModules();

    /** Roots by a config file, which is relative to the root or absolute. */
    public ProjectRoots(String config) {
        this.config = config;
    }

    /** The root of a module; without a POM, of the folder in which Maven was started. */
    public ProjectRoot of(MavenSession session, MavenProject project) {
        return project.getFile() == null
                ? of(Path.of(session.getExecutionRootDirectory()), List.of())
                : of(project.getBasedir().toPath(), parents(project));
    }

    private static List<Path> parents(MavenProject project) {
        return Stream.iterate(project.getParent(), parent -> parent != null, MavenProject::getParent)
                .takeWhile(parent -> parent.getBasedir() != null) // a parent from a repository has no folder
                .map(parent -> parent.getBasedir().toPath())
                .toList();
    }

    /**
     * The root of a folder.
     *
     * @param parents folders of the POMs that its POM inherits from, the nearest first
     */
    public ProjectRoot of(Path module, List<Path> parents) {
        Path start = normal(module);
        List<Path> ancestors = parents.stream().map(ProjectRoots::normal).toList();
        if (Path.of(config).isAbsolute()) {
            return named(start, ancestors, normal(Path.of(config)));
        }
        List<Path> starts = new ArrayList<>(List.of(start));
        starts.addAll(ancestors);
        Set<Path> relatives = new LinkedHashSet<>(starts);
        starts.forEach(pom -> {
            relatives.add(aggregator(pom));
            relatives.addAll(modules.of(pom));
        });
        for (Path from : starts) {
            for (Path folder : reach(from, relatives)) {
                Path file = folder.resolve(config).normalize();
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    return new ProjectRoot(
                            file.startsWith(folder) ? folder : owner(file, from).orElse(folder), file);
                }
            }
        }
        return without(start, home(start, ancestors));
    }

    /** An absolute config at the default path of a parent folder belongs to that folder. */
    private ProjectRoot named(Path start, List<Path> parents, Path file) {
        Path folder = owner(file, start).orElseGet(() -> home(start, parents));
        boolean present = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        return new ProjectRoot(folder, file, present, false, List.of());
    }

    /** The parent folder that has the file at the default path. */
    private static Optional<Path> owner(Path file, Path start) {
        Path folder = file.resolve("../..").normalize();
        return file.equals(folder.resolve(USUAL)) && start.startsWith(folder) ? Optional.of(folder) : Optional.empty();
    }

    private ProjectRoot without(Path start, Path home) {
        List<ProjectRoot> elsewhere = configured(home);
        boolean aggregates = !Collections.disjoint(elsewhere, configured(start));
        return new ProjectRoot(home, home.resolve(config).normalize(), false, aggregates, elsewhere);
    }

    private List<ProjectRoot> configured(Path aggregator) {
        return modules.allOf(aggregator).stream()
                .map(folder -> new ProjectRoot(folder, folder.resolve(config).normalize()))
                .filter(root -> Files.exists(root.config()))
                .sorted(Comparator.comparing(ProjectRoot::folder))
                .toList();
    }

    /** The outermost POM that a module belongs to. */
    private Path home(Path start, List<Path> parents) {
        Path own = aggregator(start);
        Path inherited = parents.isEmpty() ? own : aggregator(parents.get(parents.size() - 1));
        return inherited.startsWith(own) ? own : inherited;
    }

    /** The outermost folder whose POM contains the folder as a direct or indirect module. */
    private Path aggregator(Path folder) {
        Path home = folder;
        for (Path above = folder.getParent(); above != null; above = above.getParent()) {
            home = modules.of(above).contains(home) ? above : home;
        }
        return home;
    }

    /**
     * A folder and its parents in the same project: up to the git work tree, the folder with {@code .mvn}, or the common
     * folder with its relatives, whichever is highest.
     */
    private static List<Path> reach(Path start, Collection<Path> relatives) {
        List<Path> reached = new ArrayList<>();
        List<Path> all = new ArrayList<>();
        boolean repository = false;
        boolean marked = false;
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            all.add(folder);
            boolean endOfRepository = !repository && exists(folder, ".git");
            boolean mark = !marked && exists(folder, ".mvn");
            repository |= endOfRepository;
            marked |= mark;
            if (folder.equals(start) || endOfRepository || mark || shared(start, folder, relatives)) {
                reached = List.copyOf(all);
            }
        }
        return reached;
    }

    /** Whether a parent folder is the lowest one that contains a relative. */
    private static boolean shared(Path start, Path folder, Collection<Path> relatives) {
        Path below = folder.resolve(folder.relativize(start).getName(0));
        return relatives.stream().anyMatch(relative -> relative.startsWith(folder) && !relative.startsWith(below));
    }

    private static boolean exists(Path folder, String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static Path normal(Path folder) {
        return folder.toAbsolutePath().normalize();
    }
}
