package io.github.modelcache.outdated;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.StandInHub;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutdatedModelsTest {

    private static final ModelDeclaration TINY = ModelDeclaration.of(new ModelReference("hf", "acme/tiny"));
    private static final ModelDeclaration FILE =
            ModelDeclaration.of(new ModelReference("url", "https://host.example.org/a.onnx"));

    @TempDir
    Path folder;

    private TestProject served;
    private StandInHub hub;
    private HttpTransfer transfer;
    private HubSource source;
    private Lock lock;

    @BeforeEach
    void lockTheFirstVersion() throws Exception {
        served = new TestProject(folder);
        served.write("config.json", "{}");
        served.write("model.bin", "0123456789".repeat(1_000));
        hub = StandInHub.start();
        hub.add("acme/tiny", folder, Map.of("license", "mit"));
        transfer = new HttpTransfer(HttpOptions.standard("test"));
        source = new HubSource(
                transfer, new Mirrors(Map.of()), hub.endpoint(), false, () -> TransferProgress.NONE, warning -> {});
        ModelFile file = new ModelFile(
                "a.onnx", 3, Optional.of(Digest.sha256("a".repeat(64))), "https://host.example.org/a.onnx");
        lock = Lock.of(List.of(
                source.resolve(TINY), ResolvedModel.ofFile(FILE, "sha256:" + "a".repeat(64), Optional.empty(), file)));
        hub.forget();
    }

    @AfterEach
    void stop() {
        transfer.close();
        hub.close();
    }

    private List<CheckedModel> check(boolean offline) throws Exception {
        return new OutdatedModels(new Sources(Map.of("hf", source, "url", new NoVersions())), offline, 2)
                .check(lock, List.of(TINY, FILE));
    }

    @Test
    void aModelThatDidNotChangeIsUpToDateAfterOneRequest() throws Exception {
        CheckedModel tiny = check(false).get(0);

        assertThat(tiny.state()).isEqualTo(CheckedModel.State.CURRENT);
        assertThat(hub.log()).hasSize(1);
    }

    @Test
    void aNewCommitIsShownWithItsBytesAndItsLicence() throws Exception {
        served.write("config.json", "{\"changed\": true}");
        String commit = hub.add("acme/tiny", folder, Map.of("license", "cc-by-nc-4.0"));
        hub.forget();

        List<CheckedModel> models = check(false);

        assertThat(models.get(0).state()).isEqualTo(CheckedModel.State.OUTDATED);
        assertThat(models.get(0).bytes()).hasValue((long) "{\"changed\": true}".length());
        assertThat(hub.log()).hasSize(2);
        assertThat(OutdatedText.lines(models))
                .contains("2 locked: 1 outdated, 0 up to date, 1 unknown")
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "hf:acme/tiny", commit.substring(0, 7), "17 B to fetch", "licence mit -> cc-by-nc-4.0"))
                .contains("  mvn cache:lock \"-Dcache.update=hf:acme/tiny\"");
        assertThat(JsonWriter.write(OutdatedJson.of(models)))
                .contains("\"newDigest\": \"" + commit + "\"", "\"state\": \"outdated\"", "\"bytes\": 17");
    }

    @Test
    void aSourceThatTellsNoVersionsIsUnknown() throws Exception {
        CheckedModel file = check(false).get(1);

        assertThat(file.state()).isEqualTo(CheckedModel.State.UNKNOWN);
        assertThat(file.note()).isEqualTo("its source does not tell versions");
    }

    @Test
    void offlineEverythingIsUnknownWithoutARequest() throws Exception {
        assertThat(check(true)).extracting(CheckedModel::state).containsOnly(CheckedModel.State.UNKNOWN);
        assertThat(hub.log()).isEmpty();
    }

    @Test
    void aModelThatIsGoneDoesNotHideTheOthers() throws Exception {
        hub.fault(Fault.Place.REVISION, "acme/tiny", Fault.status(404));

        List<CheckedModel> models = check(false);

        assertThat(models).hasSize(2);
        assertThat(models.get(0).state()).isEqualTo(CheckedModel.State.UNKNOWN);
        assertThat(models.get(0).note()).contains("hf:acme/tiny");
    }

    /** A source that tells no versions. */
    private static final class NoVersions implements Source {

        @Override
        public ResolvedModel resolve(ModelDeclaration declaration) {
            throw new IllegalStateException("must not be asked");
        }

        @Override
        public ModelContent open(ResolvedModel model) {
            throw new IllegalStateException("must not be asked");
        }
    }
}
