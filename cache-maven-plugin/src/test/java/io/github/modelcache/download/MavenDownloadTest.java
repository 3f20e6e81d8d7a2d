package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.ArtifactResolver;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.maven.MavenSource;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts that lie in one folder, because it is named after neither their extension nor where a classifier begins. */
class MavenDownloadTest {

    @TempDir
    Path folder;

    @TempDir
    Path repository;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder);
    }

    @Test
    void twoArtifactsCannotHaveOneFile() {
        archive("m-1.0.jar", "config.json", "a.onnx");
        archive("m-1.0.zip", "config.json", "b.onnx");

        assertThatThrownBy(() -> download("maven:com.example:m:1.0", "maven:com.example:m:zip:1.0"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("maven:com.example:m:zip:1.0 and maven:com.example:m:1.0 would both be stored in"
                        + " .cache/models/com.example/m/1.0/config.json");
        assertThat(folder.resolve(".cache/models/com.example/m/1.0/config.json"))
                .hasContent("config.json of m-1.0.jar");
    }

    @Test
    void aClassifierThatReadsLikeAPartOfTheVersionMakesNoDifference() {
        archive("m-1.0-fp16.jar", "config.json", "a.onnx");

        assertThatThrownBy(() -> download("maven:com.example:m:1.0-fp16", "maven:com.example:m:jar:fp16:1.0"))
                .hasMessageContaining("would both be stored in .cache/models/com.example/m/1.0-fp16/");
    }

    @Test
    void theyMayShareAFolder() throws Exception {
        archive("m-1.0.jar", "a.json", "a.onnx");
        archive("m-1.0.zip", "b.json", "b.onnx");

        download("maven:com.example:m:1.0", "maven:com.example:m:zip:1.0");

        assertThat(folder.resolve(".cache/models/com.example/m/1.0"))
                .isDirectoryContaining("glob:**a.onnx")
                .isDirectoryContaining("glob:**b.onnx");
    }

    private void archive(String name, String... files) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(repository.resolve(name)))) {
            for (String file : files) {
                zip.putNextEntry(new ZipEntry(file));
                zip.write((file + " of " + name).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void download(String... models) throws Exception {
        CacheConfig config = project.config("\"models\": [\"" + String.join("\", \"", List.of(models)) + "\"]");
        Sources sources = new Sources(
                Map.of("maven", new MavenSource(new Repository(repository), new PluginDirectory(config).downloads())));
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            new ModelDownload(config, sources, project.lock(), digests, Family.PLAIN, project).download();
        }
    }

    /** A folder of artifacts, named as in a Maven repository. */
    private record Repository(Path folder) implements ArtifactResolver {

        @Override
        public Path resolve(MavenCoordinates artifact) {
            String classifier = artifact.classifier().isEmpty() ? "" : "-" + artifact.classifier();
            return folder.resolve(
                    artifact.artifactId() + "-" + artifact.version() + classifier + "." + artifact.extension());
        }

        @Override
        public String version(MavenCoordinates artifact) {
            return artifact.version();
        }

        @Override
        public Optional<String> newer(MavenCoordinates artifact) {
            return Optional.empty();
        }

        @Override
        public Optional<String> license(MavenCoordinates artifact) {
            return Optional.empty();
        }
    }
}
