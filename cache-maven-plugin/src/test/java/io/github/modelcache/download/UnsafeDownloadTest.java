package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.testing.TestProject;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsafeDownloadTest {

    private static final String HOSTILE = "cos\nsystem\n(S'true'\ntR.";
    private static final String POLICY = HubProject.DECLARED + ", \"policy\": ";

    @TempDir
    Path folder;

    private HubProject project;

    @BeforeEach
    void serve() throws Exception {
        project = new HubProject(folder);
        new TestProject(project.origin).write(HubProject.LARGE, HOSTILE);
        project.hub.add("acme/tiny", project.origin);
    }

    @AfterEach
    void stop() throws Exception {
        project.close();
    }

    @Test
    void aFileThatRunsCodeGetsNoNameAndNoPin() throws Exception {
        ModelException e = project.failure();

        assertThat(e).hasMessageContaining("model.safetensors: it would call os.system (unsafe-model)");
        assertThat(project.files.lock().read().models()).isEmpty();
        assertThat(TestProject.contents(project.repo).values()).doesNotContain(HOSTILE);
    }

    @Test
    void aFileThatIsAcceptedIsFetched() throws Exception {
        String accepted = POLICY + "{\"exceptions\": [{\"model\": \"hf:acme/*\", \"findings\": [\"unsafe-model\"],"
                + " \"reason\": \"a test\", \"until\": \"2999-01-01\"}]}";

        assertThat(project.download(accepted).fetchedModels()).isEqualTo(1);
    }

    @Test
    void aFileThatOnlyWarnsIsFetchedAndSaid() throws Exception {
        project.download(POLICY + "{\"unsafe\": \"warn\"}");

        assertThat(project.files.said())
                .anySatisfy(line -> assertThat(line).startsWith("warn: ").contains("it would call os.system"));
        assertThat(project.files.lock().read().models()).hasSize(1);
    }

    @Test
    void aLicenseThatChangedIsSaidAndKeptInTheLock() throws Exception {
        new TestProject(project.origin).write(HubProject.LARGE, HubProject.LARGE_CONTENT);
        project.hub.add("acme/tiny", project.origin);
        project.download();
        new TestProject(project.origin).write(HubProject.LARGE, HubProject.LARGE_CONTENT + "2");
        project.hub.add("acme/tiny", project.origin, Map.of("license", "cc-by-nc-4.0"));

        project.update();

        assertThat(project.files.said())
                .contains("warn: The licence of hf:acme/tiny was apache-2.0 when it was locked before, and now is"
                        + " cc-by-nc-4.0 (license-changed)");
        assertThat(project.files.lock().read().models())
                .singleElement()
                .satisfies(model -> assertThat(model.formerLicense()).hasValue("apache-2.0"));
        project.download();
        assertThat(project.files.lock().read().models())
                .singleElement()
                .satisfies(model -> assertThat(model.formerLicense()).hasValue("apache-2.0"));
    }

    @Nested
    class WhereASignatureIsRequired {

        private static final String SIGNED =
                POLICY + "{\"signatures\": [{\"model\": \"hf:acme/*\", \"key\": \"config/keys/key.pem\"}]}";

        private void serve(String... files) throws Exception {
            Files.delete(project.origin.resolve(HubProject.LARGE));
            new TestProject(project.files.root()).write("config/keys/key.pem", signature("key.pem"));
            TestProject served = new TestProject(project.origin);
            served.write("config.json", "{\"hidden\": 4}");
            served.write("sub/a.bin", "adapter");
            served.write("weights.bin", "0123456789");
            for (int i = 0; i < files.length; i += 2) {
                served.write(files[i], files[i + 1]);
            }
            project.hub.add("acme/tiny", project.origin);
        }

        private static String signature(String name) throws Exception {
            try (InputStream in =
                    UnsafeDownloadTest.class.getResourceAsStream("/io/github/modelcache/signature/" + name)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        @Test
        void aModelWithoutOneIsRefused() throws Exception {
            serve();
            assertThat(project.failure(SIGNED))
                    .hasMessageContaining("hf:acme/tiny has no signature: model.sig is not among its locked files");
        }

        @Test
        void aSignedModelIsFetchedAndVerified() throws Exception {
            serve("model.sig", signature("key.sig"));
            assertThat(project.download(SIGNED).fetchedModels()).isEqualTo(1);
            assertThat(project.download(SIGNED).fetchedModels()).isZero();
        }

        @Test
        void anotherFileThanTheSignedOneIsRefused() throws Exception {
            serve("model.sig", signature("key.sig"), "weights.bin", "swapped");
            assertThat(project.failure(SIGNED))
                    .hasMessageContaining("the file weights.bin is not the signed one (signature-invalid)");
            assertThat(project.files.lock().read().models()).isEmpty();
        }
    }

    @Test
    void aSourceThatIsDeniedIsAskedForNoFile() throws Exception {
        int before = project.hub.requests().size();
        ModelException e = project.failure(POLICY + "{\"sources\": {\"deny\": [\"hf:acme/*\"]}}");

        assertThat(e).hasMessageContaining("source-denied");
        assertThat(project.hub.requests().subList(before, project.hub.requests().size()))
                .noneSatisfy(request -> assertThat(request.toString()).contains("/resolve/"));
    }
}
