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
 * Finds the root of a module. The disk decides, not the command line, so that the root is the same wherever Maven is
 * started and however much of it the session tells.
 *
 * <p>It is the nearest folder with the config, from the module up to the end of its project, then the same from each of
 * its parents. Where none has it: the folder of the outermost POM that the module belongs to, as its child or as its
 * module.
 */
public final class ProjectRoots {

    /** Where a root has its config unless something else is said. */
    public static final String USUAL = "config/hardware_cache.json";

    private final String config;
    private final PomModules modules = new PomModules();

    /**
     * Roots by a config.
     *
     * @param config the config file, as a path within the root, or an absolute one
     */
    public ProjectRoots(String config) {
        this.config = config;
    }

    /** The root of a module; of the folder that Maven was started in where there is no POM. */
    public ProjectRoot of(MavenSession session, MavenProject project) {
        return project.getFile() == null
                ? of(Path.of(session.getExecutionRootDirectory()), List.of())
                : of(project.getBasedir().toPath(), parents(project));
    }

    private static List<Path> parents(MavenProject project) {
        return Stream.iterate(project.getParent(), parent -> parent != null, MavenProject::getParent)
                .takeWhile(parent -> parent.getBasedir() != null) // one from a repository has no folder
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

    /** An absolute config at the usual place of a folder above is that folder's. */
    private ProjectRoot named(Path start, List<Path> parents, Path file) {
        Path folder = owner(file, start).orElseGet(() -> home(start, parents));
        boolean present = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        return new ProjectRoot(folder, file, present, false, List.of());
    }

    /** The folder above that has the file at the usual place. */
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

    /** The outermost folder whose POM names the folder as a module, or one above it that is named in turn. */
    private Path aggregator(Path folder) {
        Path home = folder;
        for (Path above = folder.getParent(); above != null; above = above.getParent()) {
            home = modules.of(above).contains(home) ? above : home;
        }
        return home;
    }

    /**
     * A folder and those above it that belong to the same project: up to the work tree of its repository, the folder
     * marked by {@code .mvn}, and the folder that it shares with its relatives, whichever comes last. A folder further up
     * may be anybody's.
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

    /** Whether a folder above is the lowest one that also holds a relative. */
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
