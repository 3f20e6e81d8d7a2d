package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.LockException;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.sbom.BomMerge;
import io.github.modelcache.sbom.ModelBom;
import io.github.modelcache.sbom.ModelFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bill of materials (BOM) of the locked models: {@code target/cache/models.cdx.json} in CycloneDX 1.7. Attaches it to
 * the project. The same lock file and the same model files give the same bytes. Makes no request.
 */
@Mojo(name = "sbom", defaultPhase = LifecyclePhase.PACKAGE, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class SbomMojo extends AbstractCacheMojo {

    private static final String FILE = "models.cdx.json";

    /** Skips this goal. */
    @Parameter(property = "cache.sbom.skip", defaultValue = "false")
    boolean skipSbom;

    /** Attaches the BOM to the project, with the classifier {@code cyclonedx-models}. */
    @Parameter(property = "cache.sbom.attach", defaultValue = "true")
    boolean attach;

    /** An existing CycloneDX BOM in JSON to add the models to, such as target/bom.json of cyclonedx-maven-plugin. */
    @Parameter(property = "cache.sbom.merge")
    @Nullable
    String merge;

    @Inject
    MavenProjectHelper projects;

    @Override
    Optional<String> skippedBy() {
        return skipSbom ? Optional.of("cache.sbom.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        CacheConfig cache = readConfig();
        MavenProject project = session.getCurrentProject();
        JsonObject bom = new ModelBom(execution.getVersion(), new ModelFacts(cache))
                .of(
                        new ModelBom.Project(project.getGroupId(), project.getArtifactId(), project.getVersion()),
                        lockFile().read());
        Reports reports = new Reports(session, cache, messages());
        reports.write(FILE, bom);
        Path file = reports.file(FILE);
        if (!Files.isRegularFile(file)) {
            return; // the warning of why it could not be written was printed
        }
        getLog().info("Wrote " + Plan.name(projectRoot(), file));
        if (attach && project.getFile() != null) {
            projects.attachArtifact(project, "json", "cyclonedx-models", file.toFile());
        }
        if (given(merge).isPresent()) {
            merge(projectRoot().resolve(given(merge).get()), bom);
        }
    }

    private void merge(Path into, JsonObject bom) throws IOException {
        try {
            String merged = BomMerge.merged(JsonDocument.read(into), bom);
            AtomicFiles.write(into, merged.getBytes(StandardCharsets.UTF_8));
            getLog().info("Added the models to " + Plan.name(projectRoot(), into));
        } catch (JsonException | IllegalArgumentException e) {
            throw new IOException("cache.sbom.merge: " + e.getMessage(), e);
        }
    }
}
