package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.torch.TorchSource;
import io.github.modelcache.model.TorchCheckpoint;
import io.github.modelcache.status.CacheStatus;
import io.github.modelcache.status.StatusCollector;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchDownloadTest {

    private static final String HOST = "https://download.pytorch.org/";
    private static final byte[] WEIGHTS = Family.bytes("weights of a network");

    @TempDir
    Path folder;

    private TestProject project;
    private Family torch;
    private String digest = "";
    private String name = "";
    private Path file;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        torch = new Family(project, "torch", (web, config) -> new TorchSource(web));
        digest = Family.sha256(WEIGHTS);
        name = "resnet50-" + digest.substring(0, 8) + ".pth";
        file = folder.resolve(".cache/torch/hub/checkpoints").resolve(name);
        torch.server.on("/download.pytorch.org/models/" + name, FaultyServer.ok(WEIGHTS));
    }

    @AfterEach
    void stop() throws Exception {
        torch.close();
    }

    private CacheConfig declared(String fileName) throws Exception {
        return torch.config("\"torch:" + HOST + "models/" + fileName + "\"", HOST);
    }

    @Test
    void putsTheFileWhereTorchLooksForItAndPinsIt() throws Exception {
        torch.download(declared(name));
        assertThat(file).hasBinaryContent(WEIGHTS);
        assertThat(project.lock().read().models()).singleElement().satisfies(model -> {
            assertThat(model.revision()).isEqualTo("sha256:" + digest);
            assertThat(model.files().get(0).url()).isEqualTo(HOST + "models/" + name);
        });
        assertThat(torch.download(declared(name)).fetchedModels()).isZero();
        assertThat(torch.server.requests()).hasSize(1);
    }

    @Test
    void refusesASecondCheckpointOfTheSameName() throws Exception {
        torch.server.on("/download.pytorch.org/other/" + name, FaultyServer.ok(WEIGHTS));
        CacheConfig config = torch.config(
                "\"torch:" + HOST + "models/" + name + "\", \"torch:" + HOST + "other/" + name + "\"", HOST);

        assertThatThrownBy(() -> torch.download(config))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("would both be stored in .cache/torch/hub/checkpoints/" + name);
        assertThat(file).hasBinaryContent(WEIGHTS);
    }

    @Test
    void refusesAContentThatTheNamesDigitsDoNotFit() throws Exception {
        torch.server.on("/download.pytorch.org/models/net-00000000.pth", FaultyServer.ok(WEIGHTS));
        assertThatThrownBy(() -> torch.download(declared("net-00000000.pth")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("begins with 00000000")
                .hasMessageContaining(digest);
        Path checkpoints = folder.resolve(".cache/torch/hub/checkpoints");
        assertThat(checkpoints).isDirectoryNotContaining(path -> !path.endsWith(Layout.LOCKS));
        assertThat(TestProject.contents(checkpoints.resolve(Layout.LOCKS)).values())
                .as("a folder and an empty file to lock")
                .containsExactly("/", "");
        assertThat(project.lock().exists()).isFalse();
    }

    @Test
    void takesWhatTorchBroughtWithoutARequest() throws Exception {
        Files.createDirectories(file.getParent());
        Files.write(file, WEIGHTS);
        assertThat(torch.download(declared(name)).fetchedBytes()).isZero();
        assertThat(torch.server.requests()).isEmpty();
        assertThat(project.lock().read().models()).hasSize(1);
        assertThat(project.said()).anyMatch(line -> line.startsWith("info: Found torch:"));
    }

    @Test
    void replacesATruncatedFileThatTorchWouldKeepForEver() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "weights of");
        torch.download(declared(name));
        assertThat(file).hasBinaryContent(WEIGHTS);
    }

    @Test
    void pinsAPlainNameByWhatItBrought() throws Exception {
        torch.server.on("/download.pytorch.org/models/plain.pth", FaultyServer.ok(WEIGHTS));
        torch.download(declared("plain.pth"));
        assertThat(project.lock()
                        .read()
                        .models()
                        .iterator()
                        .next()
                        .files()
                        .get(0)
                        .digest())
                .hasToString("Optional[sha256:" + digest + "]");
        Files.delete(folder.resolve(".cache/torch/hub/checkpoints/plain.pth"));
        torch.server.on("/download.pytorch.org/models/plain.pth", FaultyServer.ok(Family.bytes("other")));
        assertThatThrownBy(() -> torch.download(declared("plain.pth"))).hasMessageContaining("cache:lock");
    }

    @Test
    void takesADeclaredDigestForTheWholeTruth() throws Exception {
        torch.server.on("/download.pytorch.org/models/net-20240801.pth", FaultyServer.ok(WEIGHTS));
        CacheConfig config = torch.config(
                "{\"model\": \"torch:" + HOST + "models/net-20240801.pth\", \"sha256\": \"" + digest + "\"}", HOST);
        torch.download(config);
        Files.delete(project.lock().path());
        // Without a lock the file that is there tells its size.
        assertThat(torch.download(config).fetchedModels()).isZero();
        assertThat(project.lock().read().models()).hasSize(1);
        assertThat(torch.server.requests()).hasSize(1);
    }

    @Test
    void saysWhatIsMissingWhenOffline() throws Exception {
        torch.goOffline();
        assertThatThrownBy(() -> torch.download(declared(name))).hasMessageContaining("offline (-o)");
    }

    @Test
    void refusesAnAddressWithoutAFile() throws Exception {
        assertThatThrownBy(() -> torch.download(declared(""))).hasMessageContaining("write the address of a file");
        assertThatThrownBy(() -> torch.download(torch.config("\"torch:resnet\"")))
                .hasMessageContaining("write torch:https://");
    }

    @Test
    void countsTorchsOwnPartialFilesAsLeftOver() {
        assertThat(PartialFiles.isPartial(Path.of(name + "." + "0f".repeat(16) + ".partial")))
                .isTrue();
        assertThat(PartialFiles.isPartial(Path.of(name))).isFalse();
    }

    @Test
    void readsDigitsFromSixOn() {
        assertThat(TorchCheckpoint.digestPrefix("a-12345.pth")).isEmpty();
        assertThat(TorchCheckpoint.digestPrefix("a-123456.pth")).contains("123456");
        assertThat(TorchCheckpoint.digestPrefix("955717e8-8726e21a.th")).contains("8726e21a");
        assertThat(TorchCheckpoint.digestPrefix("wav2vec2_fairseq_base_ls960_asr_ls960.pth"))
                .isEmpty();
    }

    @Test
    void statusNamesTheFilesThatNobodyDeclared() throws Exception {
        CacheConfig config = declared(name);
        torch.download(config);
        Files.writeString(file.resolveSibling("old.pth"), "old");
        assertThat(new StatusCollector(config, project.lock().read()).collect().models())
                .filteredOn(model -> !model.declared())
                .extracting(CacheStatus.Model::model, CacheStatus.Model::bytes)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("torch:old.pth", 3L));
    }

    @Test
    void aLockCanNotHaveAFileFetchedWithoutEncryption() throws Exception {
        torch.download(declared(name));
        Files.delete(file);
        Path lock = folder.resolve("config/models.lock.json");
        int asked = torch.server.requests().size();
        String text = Files.readString(lock);
        Files.writeString(lock, text.replace("\"url\": \"https:", "\"url\": \"http:"));

        assertThatThrownBy(() -> torch.download(declared(name)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("what the lock has as the address of " + name + " is neither encrypted");
        assertThat(file).doesNotExist();
        assertThat(torch.server.requests()).hasSize(asked);
    }
}
