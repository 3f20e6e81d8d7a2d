package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.copy.CopyTarget;
import io.github.modelcache.copy.ModelCopy;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.LockException;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Copies models as plain files into a folder, each below its name, such as the classes of a jar or the context of an
 * image. Checks each file against the lock file. Skips files that are up to date. Runs in each module that binds it.
 */
@Mojo(name = "copy", defaultPhase = LifecyclePhase.PREPARE_PACKAGE, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class CopyMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.copy.skip", defaultValue = "false")
    boolean skipCopy;

    /** The folder, relative to the module; otherwise models in the folder of classes, so that the jar holds them. */
    @Parameter(property = "cache.copy.to")
    @Nullable
    String to;

    /** The names or references of the models, separated by commas; otherwise all that are declared. */
    @Parameter(property = "cache.copy.models")
    @Nullable
    String models;

    /**
     * Makes hard links instead of copies where the disk allows them. Never in a folder of classes, where other plugins
     * change files in place.
     */
    @Parameter(property = "cache.copy.links", defaultValue = "true")
    boolean links;

    /** Allows a folder outside of the project. */
    @Parameter(property = "cache.copy.outside", defaultValue = "false")
    boolean outside;

    @Override
    Optional<String> skippedBy() {
        return skipCopy ? Optional.of("cache.copy.skip") : Optional.empty();
    }

    @Override
    boolean inEachModule() {
        return true;
    }

    @Override
    boolean deletes() {
        return true;
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        CacheConfig cache = readConfig();
        CopyTarget target = target();
        List<String> chosen = list(models);
        try (ContentDigests digests = digests(cache)) {
            Plan plan = new ModelCopy(cache, lockFile().read(), digests, target, messages()).plan(chosen, outside);
            if (dryRun) {
                print(plan, command());
                return;
            }
            plan.run(messages(), projectRoot(), 1);
            digests.save();
            printSummary(plan, target);
        }
    }

    private void printSummary(Plan plan, CopyTarget target) {
        List<Action> copies =
                plan.actions().stream().filter(Action.Copy.class::isInstance).toList();
        if (!copies.isEmpty()) {
            long bytes = copies.stream().mapToLong(Action::bytes).sum();
            getLog().info("Copied " + Words.count(copies.size(), "model") + " (" + ByteSize.format(bytes) + ") to "
                    + Plan.name(projectRoot(), target.folder()));
        }
    }

    private CopyTarget target() {
        MavenProject project = session.getCurrentProject();
        boolean module = project.getFile() != null;
        Path base = module ? project.getBasedir().toPath() : projectRoot();
        if (given(to).isEmpty() && (!module || project.getPackaging().equals("pom"))) {
            throw new IllegalArgumentException(
                    "There are no classes here to copy models to; name a folder with cache.copy.to");
        }
        Optional<Path> classes =
                module ? Optional.of(normal(project.getBuild().getOutputDirectory())) : Optional.empty();
        Path folder = given(to)
                .map(base::resolve)
                .map(path -> path.toAbsolutePath().normalize())
                .orElseGet(() -> classes.orElseThrow().resolve("models"));
        Optional<Path> holding = classes.filter(folder::startsWith);
        if (holding.filter(folder::equals).isPresent()) {
            throw new IllegalArgumentException("cache.copy.to is the folder of classes itself; expected a folder in it,"
                    + " such as " + Plan.name(base, folder) + "/models");
        }
        boolean changed = holding.isPresent()
                || (module && folder.startsWith(normal(project.getBuild().getTestOutputDirectory())));
        Path record = buildFolder()
                .resolve("cache/copied-"
                        + Integer.toHexString(Plan.name(base, folder).hashCode()) + ".properties");
        String id = module ? project.getGroupId() + "/" + project.getArtifactId() : "models";
        return new CopyTarget(folder, holding, id, record, links && !changed);
    }

    private static Path normal(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}
