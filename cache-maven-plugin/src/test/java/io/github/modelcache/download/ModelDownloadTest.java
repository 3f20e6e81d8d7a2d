package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.url.UrlSource;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDownloadTest {

    private static final DownloadOptions PLAIN = new DownloadOptions(2, false, Set.of(), false, "mvn cache:download");

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private Supplier<TransferProgress> progress = () -> TransferProgress.NONE;
    private TestProject project;
    private Path origin;
    private Digest digest;

    @BeforeEach
    void create() throws Exception {
        project = new TestProject(folder);
        origin = Files.writeString(elsewhere.resolve("m.bin"), "a model");
        digest = Hashing.digest(origin, DigestAlgorithm.SHA256);
    }

    @Test
    void bringsAModelAndPinsWhatItBrought() throws Exception {
        ModelDownload.Result result = download(declared(""), PLAIN);
        assertThat(folder.resolve(".cache/models/file/m.bin")).hasContent("a model");
        assertThat(result.fetchedModels()).isEqualTo(1);
        assertThat(result.fetchedBytes()).isEqualTo(7);
        assertThat(project.lock().read().models()).singleElement().satisfies(model -> {
            assertThat(model.files().get(0).digest()).contains(digest);
            assertThat(model.revision()).isEqualTo(digest.toString());
        });
    }

    @Test
    void doesNothingTheSecondTime() throws Exception {
        CacheConfig config = declared("");
        download(config, PLAIN);
        var before = TestProject.contents(folder);
        Files.delete(origin);
        ModelDownload.Result result = download(config, PLAIN);
        assertThat(result.fetchedModels()).isZero();
        assertThat(result.models()).isEqualTo(1);
        before.remove(".cache/.modelcache/stamps.bin");
        var after = TestProject.contents(folder);
        after.remove(".cache/.modelcache/stamps.bin");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void keepsWhatAnotherBuildLockedMeanwhile() throws Exception {
        Path two = Files.writeString(elsewhere.resolve("two.bin"), "model two");
        download(project.config("\"models\": [\"url:" + two.toUri() + "\"]"), PLAIN);
        Lock other = project.lock().read();
        Files.delete(project.lock().path());
        progress = () -> {
            assertThatNoException().isThrownBy(() -> project.lock().write(other));
            return TransferProgress.NONE;
        };

        download(declared(""), PLAIN);

        assertThat(project.lock().read().models())
                .extracting(model -> model.reference().toString())
                .containsExactly("url:" + origin.toUri(), "url:" + two.toUri());
    }

    @Test
    void repairsADamagedFile() throws Exception {
        CacheConfig config = declared("");
        download(config, PLAIN);
        Files.writeString(folder.resolve(".cache/models/file/m.bin"), "a m0del");
        assertThat(download(config, PLAIN).fetchedModels()).isEqualTo(1);
        assertThat(folder.resolve(".cache/models/file/m.bin")).hasContent("a model");
    }

    @Test
    void refusesContentThatIsNotWhatTheConfigPins() throws Exception {
        CacheConfig config = declared(", \"sha256\": \"" + "00".repeat(32) + "\"");
        assertThatThrownBy(() -> download(config, PLAIN))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("m.bin");
        assertThat(folder.resolve(".cache/models/file/m.bin")).doesNotExist();
        assertThat(project.lock().exists()).isFalse();
    }

    @Test
    void refusesContentThatChangedSinceItWasLocked() throws Exception {
        CacheConfig config = declared("");
        download(config, PLAIN);
        Files.delete(folder.resolve(".cache/models/file/m.bin"));
        Files.writeString(origin, "b model");
        assertThatThrownBy(() -> download(config, PLAIN))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cache:lock");
        assertThat(folder.resolve(".cache/models/file/m.bin")).doesNotExist();
    }

    @Test
    void movesAPinWhenTold() throws Exception {
        CacheConfig config = declared("");
        download(config, PLAIN);
        Files.writeString(origin, "b model");
        DownloadOptions update = new DownloadOptions(2, false, Set.of("all"), false, "mvn cache:lock");
        ModelDownload.Result result = run(config, update, ModelDownload::lock);
        assertThat(folder.resolve(".cache/models/file/m.bin")).hasContent("b model");
        assertThat(result.before()).isNotEqualTo(result.after());
    }

    @Test
    void resolvesNothingWhenFrozen() throws Exception {
        DownloadOptions frozen = new DownloadOptions(2, true, Set.of(), false, "mvn cache:download");
        CacheConfig config = declared("");
        assertThatThrownBy(() -> download(config, frozen))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cache.frozen")
                .hasMessageContaining("mvn cache:lock");
        assertThat(folder.resolve(".cache")).doesNotExist();
        assertThat(project.lock().exists()).isFalse();
    }

    @Test
    void fetchesWhatTheLockPinsWhenFrozen() throws Exception {
        CacheConfig config = declared("");
        download(config, PLAIN);
        Files.delete(folder.resolve(".cache/models/file/m.bin"));
        DownloadOptions frozen = new DownloadOptions(2, true, Set.of(), false, "mvn cache:download");
        assertThat(download(config, frozen).fetchedModels()).isEqualTo(1);
    }

    @Test
    void changesNothingInADryRunAndSaysWhatItWouldDo() throws Exception {
        CacheConfig config = declared("");
        var before = TestProject.contents(folder);
        download(config, new DownloadOptions(2, false, Set.of(), true, "mvn cache:download"));
        assertThat(TestProject.contents(folder)).isEqualTo(before);
        assertThat(project.said())
                .anyMatch(line -> line.startsWith("info: Would fetch url:file:"))
                .contains("info: Would write config/models.lock.json (pins the models)")
                .contains("info: Dry run: nothing was changed. To do it: mvn cache:download");
    }

    @Test
    void goesOnWithoutAnOptionalModel() throws Exception {
        Files.delete(origin);
        ModelDownload.Result result = download(declared(", \"optional\": true"), PLAIN);
        assertThat(result.models()).isZero();
        assertThat(result.fetchedModels()).isZero();
        assertThat(result.left()).isOne();
        assertThat(project.said()).anyMatch(line -> line.startsWith("warn: ") && line.contains("optional"));
    }

    @Test
    void bringsTheOthersWhenOneCanNotBeHad() throws Exception {
        CacheConfig config = project.config(
                "\"models\": [\"url:" + elsewhere.resolve("gone.bin").toUri() + "\", \"url:" + origin.toUri() + "\"]");
        assertThatThrownBy(() -> download(config, PLAIN))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("gone.bin");
        assertThat(folder.resolve(".cache/models/file/m.bin")).exists();
        assertThat(project.lock().read().models()).hasSize(1);
    }

    @Test
    void namesTheKindsItKnowsWhenItDoesNotKnowOne() throws Exception {
        CacheConfig config = project.config("\"models\": [\"ftp:x\"]");
        assertThatThrownBy(() -> download(config, PLAIN))
                .hasMessageContaining("ftp:x")
                .hasMessageContaining("url:");
    }

    @Test
    void refusesAWebPageWhereNothingTellsWhatTheModelIs() throws Exception {
        Files.writeString(origin, "<!doctype html><title>Sign in</title>");
        assertThatThrownBy(() -> download(declared(""), PLAIN))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("an HTML page");
        assertThat(project.lock().exists()).isFalse();
    }

    @Test
    void refusesMembersThatMeanNothingForAUrl() throws Exception {
        assertThatThrownBy(() -> download(declared(", \"revision\": \"v1\""), PLAIN))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("\"revision\" has no meaning");
    }

    @Test
    void doesNotDropFromTheLockWhenFrozen() throws Exception {
        download(declared(""), PLAIN);
        DownloadOptions frozen = new DownloadOptions(2, true, Set.of(), false, "mvn cache:download");
        CacheConfig none = project.config("\"models\": []");
        assertThatThrownBy(() -> download(none, frozen)).hasMessageContaining("no longer declared");
        assertThat(project.lock().read().models()).hasSize(1);
    }

    @Test
    void dropsWhatIsNoLongerDeclaredFromTheLock() throws Exception {
        download(declared(""), PLAIN);
        download(project.config("\"models\": []"), PLAIN);
        assertThat(project.lock().read().models()).isEmpty();
        assertThat(folder.resolve(".cache/models/file/m.bin")).exists();
    }

    @Test
    void warnsOfADiskThatIsTooSmallForWhatTheLockNeedsBesides() throws Exception {
        String small = "{\"model\": \"url:" + origin.toUri() + "\"}";
        CacheConfig config =
                project.config("\"models\": [" + small + ", {\"model\": \"url:https://host.example/huge.bin\"}]");
        ModelDeclaration huge = config.models().get(1);
        ModelFile file =
                new ModelFile("host.example/huge.bin", 1L << 60, Optional.of(digest), "https://host.example/huge.bin");
        project.lock()
                .write(Lock.of(List.of(new ResolvedModel(
                        huge.reference(), huge.request(), digest.toString(), Optional.empty(), false, List.of(file)))));
        run(config, PLAIN, ModelDownload::lock);
        assertThat(folder.resolve(".cache/models/file/m.bin")).hasContent("a model");
        assertThat(project.said())
                .filteredOn(line -> line.startsWith("warn: "))
                .singleElement()
                .asString()
                .contains("are free on the disk of", "but the lock file needs", "mvn cache:status");
    }

    @Test
    void saysNothingOfADiskThatIsLargeEnough() throws Exception {
        run(declared(""), PLAIN, ModelDownload::lock);
        assertThat(project.said()).noneMatch(line -> line.startsWith("warn: "));
    }

    private CacheConfig declared(String more) throws Exception {
        return project.config("\"models\": [{\"model\": \"url:" + origin.toUri() + "\"" + more + "}]");
    }

    private ModelDownload.Result download(CacheConfig config, DownloadOptions options) throws Exception {
        return run(config, options, ModelDownload::download);
    }

    private interface Goal {
        ModelDownload.Result run(ModelDownload download) throws Exception;
    }

    private ModelDownload.Result run(CacheConfig config, DownloadOptions options, Goal goal) throws Exception {
        Sources sources = new Sources(Map.of(
                "url",
                new UrlSource(
                        new WebAccess(
                                new HttpTransfer(HttpOptions.standard("test")),
                                new Mirrors(Map.of()),
                                false,
                                () -> progress.get()),
                        new PluginDirectory(config).downloads())));
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            ModelDownload.Result result =
                    goal.run(new ModelDownload(config, sources, project.lock(), digests, options, project));
            if (!options.dryRun()) {
                digests.save();
            }
            return result;
        }
    }
}
