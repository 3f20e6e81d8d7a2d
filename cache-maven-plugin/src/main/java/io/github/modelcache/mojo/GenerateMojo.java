package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.generate.Generation;
import io.github.modelcache.generate.ModelsClass;
import io.github.modelcache.model.LockException;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Generates a class with a constant for each declared model, such as Models.ALL_MINILM_L6_V2.path(), and
 * target/models.properties, a file of system properties for Surefire's systemPropertiesFile, which IDEs read too. Runs in
 * each module that binds it.
 */
@Mojo(name = "generate", defaultPhase = LifecyclePhase.GENERATE_SOURCES, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class GenerateMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.generate.skip", defaultValue = "false")
    boolean skipGenerate;

    /** The package of the class; otherwise made of the group and the artifact: com.example.my_app. */
    @Parameter(property = "cache.generate.package")
    @Nullable
    String packageName;

    /** The name of the class. */
    @Parameter(property = "cache.generate.className", defaultValue = "Models")
    String className;

    /** Whether the class is for tests only. */
    @Parameter(property = "cache.generate.test", defaultValue = "false")
    boolean test;

    @Override
    Optional<String> skippedBy() {
        return skipGenerate ? Optional.of("cache.generate.skip") : Optional.empty();
    }

    @Override
    boolean inEachModule() {
        return true;
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        CacheConfig cache = readConfig();
        MavenProject project = session.getCurrentProject();
        boolean module = project.getFile() != null;
        if (module && project.getPackaging().equals("pom")) {
            getLog().debug("No class is generated for a module that compiles nothing");
            return;
        }
        Path target = buildFolder();
        Path sources = target.resolve(test ? "generated-test-sources/model-cache" : "generated-sources/model-cache");
        String usual = module ? ModelsClass.usualPackage(project.getGroupId(), project.getArtifactId()) : "models";
        ModelsClass type = new ModelsClass(given(packageName).orElse(usual), className);
        Plan plan = new Generation(cache, sources, target.resolve(Generation.PROPERTIES))
                .plan(
                        type,
                        lockFile().read(),
                        new CacheEnvironment(cache, home()).systemProperties(offline() || frozen));
        if (dryRun) {
            print(plan, command());
            return;
        }
        plan.run(messages(), projectRoot(), 1);
        if (test) {
            project.addTestCompileSourceRoot(sources.toString());
        } else {
            project.addCompileSourceRoot(sources.toString());
        }
        plan.actions().stream()
                .filter(Action.Write.class::isInstance)
                .map(Action::target)
                .forEach(file -> getLog().info("Generated " + Plan.name(projectRoot(), file)));
    }
}
