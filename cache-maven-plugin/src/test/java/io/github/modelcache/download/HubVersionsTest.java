package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model at several revisions, because several ask for it. */
class HubVersionsTest {

    private static final String PIPELINE = """
            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                segmentation: %s
            """;
    private static final String OLD_CONTENT = "old weights".repeat(1_000);

    @TempDir
    Path folder;

    private HubProject project;
    private String old = "";

    @BeforeEach
    void serve() throws Exception {
        project = new HubProject(folder);
        Path before = Files.createDirectories(folder.resolve("before"));
        Files.writeString(before.resolve("model.safetensors"), OLD_CONTENT);
        Files.writeString(before.resolve("config.json"), Files.readString(project.origin.resolve("config.json")));
        old = project.hub.addRevision("acme/tiny", "2022.07", before);
    }

    @AfterEach
    void stop() {
        project.close();
    }

    private void pipeline(String id, String wants) throws Exception {
        Path files = Files.createDirectories(folder.resolve(id));
        Files.writeString(files.resolve("config.yaml"), PIPELINE.formatted(wants));
        project.hub.add(id, files);
    }

    private List<String> locked() throws Exception {
        return project.files.lock().read().models().stream()
                .map(ResolvedModel::version)
                .map(ModelVersion::toString)
                .toList();
    }

    private void assertBoth() {
        assertThat(project.repo.resolve("refs/main")).hasContent(project.commit);
        assertThat(project.repo.resolve("refs/2022.07")).hasContent(old);
        assertThat(project.snapshot(HubProject.LARGE)).hasContent(HubProject.LARGE_CONTENT);
        assertThat(project.repo.resolve("snapshots").resolve(old).resolve(HubProject.LARGE))
                .hasContent(OLD_CONTENT);
    }

    @Test
    void twoPipelinesGetTheRevisionThatEachNames() throws Exception {
        pipeline("acme/one", "acme/tiny@2022.07");
        pipeline("acme/two", "acme/tiny");

        project.download("\"models\": [\"hf:acme/one\", \"hf:acme/two\"]");

        assertBoth();
        assertThat(locked()).containsExactly("hf:acme/one", "hf:acme/tiny@2022.07", "hf:acme/tiny", "hf:acme/two");
        assertThat(project.files.said())
                .noneMatch(line -> line.contains("Waiting"))
                .anyMatch(line -> line.startsWith("info: Fetched hf:acme/tiny@2022.07 ("));
        project.hub.forget();
        assertThat(project.download("\"models\": [\"hf:acme/one\", \"hf:acme/two\"]")
                        .fetchedModels())
                .isZero();
        assertThat(project.hub.requests()).isEmpty();
    }

    @Test
    void aDeclaredRevisionDoesNotTakeThePipelinesOwn() throws Exception {
        pipeline("acme/one", "acme/tiny");

        project.download("\"models\": [{\"model\": \"hf:acme/tiny\", \"revision\": \"2022.07\"}, \"hf:acme/one\"]");

        assertBoth();
    }

    @Test
    void oneModelMayBeDeclaredAtTwoRevisions() throws Exception {
        project.download("\"models\": [{\"model\": \"hf:acme/tiny\", \"revision\": \"2022.07\"}, \"hf:acme/tiny\"]");

        assertBoth();
        assertThat(project.asked(Fault.Place.FILE, HubProject.SMALL)).isEqualTo(1);
    }

    @Test
    void twoNamesOfOneCommitAreBothThere() throws Exception {
        project.hub.addRevision("acme/tiny", "v1.0", project.origin);

        project.download("\"models\": [{\"model\": \"hf:acme/tiny\", \"revision\": \"v1.0\"}, \"hf:acme/tiny\"]");

        assertThat(project.repo.resolve("refs/main")).hasContent(project.commit);
        assertThat(project.repo.resolve("refs/v1.0")).hasContent(project.commit);
    }

    @Test
    void aPipelineGetsAllFilesOfAModelThatIsDeclaredWithPatterns() throws Exception {
        pipeline("acme/one", "acme/tiny");
        String declared = "\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"*.json\"]}, \"hf:acme/one\"]";

        project.download(declared);

        assertThat(project.snapshot(HubProject.LARGE)).hasContent(HubProject.LARGE_CONTENT);
        assertThat(project.files.said())
                .contains("info: hf:acme/tiny is declared with patterns, but hf:acme/one needs all its files, so all"
                        + " are fetched");
        assertThat(locked()).containsExactly("hf:acme/one", "hf:acme/tiny");
        project.hub.forget();
        int said = project.files.said().size();
        assertThat(project.download(declared).fetchedModels()).isZero();
        assertThat(project.hub.requests()).isEmpty();
        assertThat(project.files.said().subList(said, project.files.said().size()))
                .noneMatch(line -> line.contains("patterns"));
        // Without the pipeline the declaration counts again.
        project.download("\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"*.json\"]}]");
        assertThat(project.files.lock().read().models().iterator().next().files())
                .extracting(file -> file.path())
                .containsExactly("config.json");
    }

    @Test
    void aModelThatCannotBeHadIsNamedWithThoseThatNeedIt() throws Exception {
        pipeline("acme/one", "acme/tiny@v9");
        pipeline("acme/two", "acme/tiny@v9");

        assertThatThrownBy(() -> project.download("\"models\": [\"hf:acme/one\", \"hf:acme/two\"]"))
                .hasMessageContaining("(hf:acme/one, hf:acme/two need hf:acme/tiny@v9)");
    }
}
