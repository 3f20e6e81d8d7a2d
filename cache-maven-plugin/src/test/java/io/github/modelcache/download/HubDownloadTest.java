package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.testing.StandInHub;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDownloadTest {

    private static final DownloadOptions PLAIN = new DownloadOptions(2, false, Set.of(), false, "mvn cache:download");
    private static final String DECLARED = "\"models\": [\"hf:acme/tiny\"]";

    @TempDir
    Path folder;

    @TempDir
    Path origin;

    private TestProject project;
    private StandInHub hub;
    private Path repo;
    private String commit = "";
    private Credentials credentials = Credentials.NONE;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        repo = folder.resolve(".cache/huggingface/hub/models--acme--tiny");
        TestProject files = new TestProject(origin);
        files.write("config.json", "{\"hidden\": 4}");
        files.write("model.safetensors", "w".repeat(10_000));
        files.write("onnx/model.onnx", "o".repeat(5_000));
        files.write("empty.txt", "");
        files.write("a b+c;é.txt", "odd name");
        hub = StandInHub.start();
        commit = hub.add("acme/tiny", origin);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static final String PIPELINE = """
            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                segmentation: acme/tiny
                embedding: acme/voice
            """;

    private CacheConfig servePipeline(Path pipeline, Path voice) throws Exception {
        Files.writeString(pipeline.resolve("config.yaml"), PIPELINE);
        Files.writeString(voice.resolve("voice.bin"), "v".repeat(9000));
        hub.add("acme/pipeline", pipeline);
        hub.add("acme/voice", voice);
        return project.config("\"models\": [\"hf:acme/pipeline\"]");
    }

    @Test
    void fetchesAContentOnceThatSeveralFilesHave(@TempDir Path equal) throws Exception {
        for (int i = 0; i < 8; i++) {
            Files.writeString(equal.resolve("part" + i + ".bin"), "e".repeat(50_000));
        }
        hub.add("acme/equal", equal);

        download(project.config("\"models\": [\"hf:acme/equal\"]"));

        assertThat(hub.requests())
                .filteredOn(request -> request.contains("/resolve/"))
                .hasSize(1);
    }

    @Test
    void aPipelineBringsTheModelsThatItNames(@TempDir Path pipeline, @TempDir Path voice) throws Exception {
        CacheConfig config = servePipeline(pipeline, voice);

        download(config);

        assertThat(repo.resolve("snapshots").resolve(commit).resolve("model.safetensors"))
                .exists();
        assertThat(project.lock().read().models())
                .extracting(model -> model.reference().toString())
                .containsExactly("hf:acme/pipeline", "hf:acme/tiny", "hf:acme/voice");
        hub.forget();
        download(config);
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void whatAPipelineNoLongerNamesLeavesTheLock(@TempDir Path pipeline, @TempDir Path voice) throws Exception {
        CacheConfig config = servePipeline(pipeline, voice);
        download(config);
        Files.writeString(pipeline.resolve("config.yaml"), PIPELINE.replace("embedding: acme/voice", "margin: 1"));
        hub.add("acme/pipeline", pipeline);

        run(config, new DownloadOptions(2, false, Set.of("all"), false, "mvn cache:lock"), ModelDownload::lock);

        assertThat(project.lock().read().models())
                .extracting(model -> model.reference().toString())
                .containsExactly("hf:acme/pipeline", "hf:acme/tiny");
    }

    @Test
    void whatAnOptionalPipelineBringsIsOptionalToo(@TempDir Path pipeline, @TempDir Path voice) throws Exception {
        servePipeline(pipeline, voice);
        Files.writeString(pipeline.resolve("config.yaml"), PIPELINE.replace("acme/voice", "acme/lost"));
        hub.add("acme/pipeline", pipeline);

        download(project.config("\"models\": [{\"model\": \"hf:acme/pipeline\", \"optional\": true}]"));

        assertThat(project.said()).anyMatch(line -> line.contains("hf:acme/lost") && line.contains("optional"));
    }

    @Test
    void fillsTheCacheAsTheHubsOwnClientsDo() throws Exception {
        download(project.config(DECLARED));
        Path snapshot = repo.resolve("snapshots").resolve(commit);
        assertThat(snapshot.resolve("config.json")).isSymbolicLink().hasContent("{\"hidden\": 4}");
        assertThat(Files.readSymbolicLink(snapshot.resolve("onnx/model.onnx")).toString())
                .startsWith("../../../blobs/");
        assertThat(snapshot.resolve("a b+c;é.txt")).hasContent("odd name");
        assertThat(snapshot.resolve("empty.txt")).isEmptyFile();
        assertThat(repo.resolve("refs/main")).hasContent(commit);
        assertThat(Files.size(repo.resolve("refs/main"))).isEqualTo(40);
        assertThat(repo.resolve("trees").resolve(commit + ".json")).content().contains("\"lfs_size\": 10000");
        assertThat(folder.resolve(".cache/huggingface/hub/CACHEDIR.TAG")).exists();
        assertThat(folder.resolve(".cache/huggingface/hub/blobs")).doesNotExist();
        assertThat(repo.resolve(".no_exist")).doesNotExist();
    }

    @Test
    void asksForTheRevisionTheTreeAndOnceForEachFile() throws Exception {
        download(project.config(DECLARED));
        assertThat(hub.requests())
                .filteredOn(request -> request.contains("/api/"))
                .hasSize(2);
        assertThat(hub.requests())
                .filteredOn(request -> request.contains("/resolve/"))
                .hasSize(4);
        // Two files are large and come from the second host; the empty one needs no request.
        assertThat(hub.requests()).hasSize(2 + 4 + 2);
    }

    @Test
    void asksNothingOnceItIsThere() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        hub.forget();
        assertThat(download(config).fetchedModels()).isZero();
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void asksOnlyForFilesOnceItIsLocked() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        delete(repo);
        hub.forget();
        download(config);
        assertThat(hub.requests()).noneMatch(request -> request.contains("/api/"));
        assertThat(repo.resolve("refs/main")).hasContent(commit);
    }

    @Test
    void takesACacheThatAnotherClientFilled() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        Files.delete(project.lock().path());
        hub.forget();
        ModelDownload.Result result = download(config);
        assertThat(result.fetchedModels()).isZero();
        assertThat(hub.requests()).noneMatch(request -> request.contains("/resolve/"));
        assertThat(project.lock().read().models()).hasSize(1);
    }

    @Test
    void linksWhatAnotherRevisionBrought() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        new TestProject(origin).write("config.json", "{\"hidden\": 8}");
        commit = hub.add("acme/tiny", origin);
        hub.forget();
        run(config, new DownloadOptions(2, false, Set.of("all"), false, ""), ModelDownload::lock);
        download(config);
        assertThat(hub.requests())
                .filteredOn(request -> request.contains("/resolve/"))
                .hasSize(1);
        assertThat(repo.resolve("snapshots").resolve(commit).resolve("model.safetensors"))
                .isSymbolicLink();
        assertThat(repo.resolve("refs/main")).hasContent(commit);
    }

    @Test
    void repairsAChangedBlobWithoutWritingThroughIt() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        Path link = repo.resolve("snapshots").resolve(commit).resolve("model.safetensors");
        Path blob = link.toRealPath();
        Path shared = Files.writeString(folder.resolve("shared"), "x".repeat(10_000));
        Files.delete(blob);
        Files.createSymbolicLink(blob, shared);
        download(config);
        assertThat(link).hasContent("w".repeat(10_000));
        assertThat(shared).hasContent("x".repeat(10_000));
        assertThat(Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void pointsARefBackAtTheLockedCommitWithoutARequest() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        hub.forget();
        Path ref = repo.resolve("refs/main");
        for (String wrong : new String[] {"f".repeat(40), commit + "\n", ""}) {
            Files.writeString(ref, wrong);
            var before = TestProject.contents(repo);
            run(config, new DownloadOptions(2, false, Set.of(), true, "mvn cache:download"), ModelDownload::download);
            assertThat(TestProject.contents(repo)).isEqualTo(before);
            assertThat(project.said())
                    .contains("info: Would write .cache/huggingface/hub/models--acme--tiny/refs/main (points main at "
                            + commit + ", the locked commit)");
            assertThat(download(config).fetchedModels()).isZero();
            assertThat(ref).hasContent(commit);
            assertThat(Files.size(ref)).isEqualTo(40);
        }
        Files.delete(ref);
        download(config);
        assertThat(ref).hasContent(commit);
        assertThat(project.said()).contains("info: Pointed main of hf:acme/tiny at " + commit + ", as the lock says");
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void writesTheListOfFilesAfterARunThatWasStoppedBeforeIt() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        var complete = TestProject.contents(repo);
        Files.delete(repo.resolve("refs/main"));
        Files.delete(repo.resolve("trees").resolve(commit + ".json"));
        hub.forget();
        assertThat(download(config).fetchedModels()).isZero();
        assertThat(TestProject.contents(repo)).isEqualTo(complete);
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void replacesALinkThatLeadsElsewhere() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        Path link = repo.resolve("snapshots").resolve(commit).resolve("model.safetensors");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("config.json"));
        hub.forget();
        download(config);
        assertThat(link).isSymbolicLink().hasContent("w".repeat(10_000));
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void leavesARefAloneThatIsRight() throws Exception {
        CacheConfig config = project.config(DECLARED);
        download(config);
        var time = Files.getLastModifiedTime(repo.resolve("refs/main"));
        int said = project.said().size();
        download(config);
        run(config, new DownloadOptions(2, false, Set.of(), true, "mvn cache:download"), ModelDownload::download);
        assertThat(project.said().subList(said, project.said().size())).containsExactly("info: Dry run: nothing to do");
        assertThat(Files.getLastModifiedTime(repo.resolve("refs/main"))).isEqualTo(time);
    }

    @Test
    void bringsOnlyWhatThePatternsName() throws Exception {
        download(project.config("\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"*.onnx\", \"*.json\"],"
                + " \"exclude\": [\"config*\"]}]"));
        Path snapshot = repo.resolve("snapshots").resolve(commit);
        assertThat(snapshot.resolve("onnx/model.onnx")).exists();
        assertThat(snapshot.resolve("config.json")).doesNotExist();
        // The list of files would be taken for the whole commit's.
        assertThat(repo.resolve("trees")).doesNotExist();
    }

    @Test
    void keepsDataSetsInFoldersOfTheirOwn() throws Exception {
        hub.add("datasets/acme/words", origin);
        download(project.config("\"models\": [\"hf:datasets/acme/words\"]"));
        Path set = folder.resolve(".cache/huggingface/hub/datasets--acme--words");
        assertThat(set.resolve("snapshots").resolve(commit).resolve("config.json"))
                .hasContent("{\"hidden\": 4}");
    }

    @Test
    void pinsACommitAndWritesNoRefForIt() throws Exception {
        download(project.config("\"models\": [{\"model\": \"hf:acme/tiny\", \"revision\": \"" + commit + "\"}]"));
        assertThat(repo.resolve("snapshots").resolve(commit).resolve("config.json"))
                .exists();
        assertThat(repo.resolve("refs")).doesNotExist();
    }

    @Test
    void sendsTheTokenToTheHubAndToNobodyElse() throws Exception {
        hub.requireToken("hf_secret");
        credentials = address ->
                String.valueOf(address.getAuthority()).equals(hub.endpoint().getAuthority())
                        ? Optional.of("Bearer hf_secret")
                        : Optional.empty();
        download(project.config(DECLARED));
        assertThat(hub.leaked()).isEmpty();
    }

    @Test
    void saysWhatToDoAboutAGatedRepository() throws Exception {
        hub.add("acme/gated", origin, Map.of("gated", "true"));
        assertThatThrownBy(() -> download(project.config("\"models\": [\"hf:acme/gated\"]")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("accept its terms at " + hub.endpoint() + "acme/gated")
                .hasMessageContaining("HF_TOKEN");
    }

    @Test
    void saysWhatToDoAboutAMissingARenamedAndADisabledRepository() throws Exception {
        assertThatThrownBy(() -> download(project.config("\"models\": [\"hf:acme/none\"]")))
                .hasMessageContaining("does not exist")
                .hasMessageContaining("private");
        hub.add("tiny", origin, Map.of("renamed", "acme/tiny"));
        hub.add("acme/off", origin, Map.of("disabled", "true"));
        assertThatThrownBy(() -> download(project.config("\"models\": [\"hf:acme/off\"]")))
                .hasMessageContaining("disabled");
        assertThatThrownBy(() ->
                        download(project.config("\"models\": [{\"model\": \"hf:acme/tiny\", \"revision\": \"v9\"}]")))
                .hasMessageContaining("no such revision");
    }

    @Test
    void aRenamedRepositoryIsKeptUnderTheDeclaredName() throws Exception {
        hub.add("acme/old", origin, Map.of("renamed", "acme/tiny"));
        CacheConfig config = project.config("\"models\": [\"hf:acme/old\"]");

        download(config);

        assertThat(project.said())
                .contains("warn: hf:acme/old is now called hf:acme/tiny on the hub. The cache keeps it as hf:acme/old;"
                        + " declare hf:acme/tiny if your program loads it by the new name");
        assertThat(folder.resolve(".cache/huggingface/hub/models--acme--old/refs/main"))
                .hasContent(commit);
        assertThat(project.lock().read().models())
                .extracting(model -> model.reference().toString())
                .containsExactly("hf:acme/old");
        hub.forget();
        download(config);
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void aPathWithinAPipelinesOwnRepositoryIsNoModel(@TempDir Path pipeline) throws Exception {
        TestProject files = new TestProject(pipeline);
        files.write(
                "config.yaml", PIPELINE.replace("acme/tiny", "models/seg.bin").replace("acme/voice", "parts/voice"));
        files.write("models/seg.bin", "s");
        files.write("parts/voice/weights.bin", "v");
        hub.add("acme/pipeline", pipeline);

        download(project.config("\"models\": [\"hf:acme/pipeline\"]"));
        // The patterns may leave the files out; then they are no models of the hub all the same.
        download(project.config("\"models\": [{\"model\": \"hf:acme/pipeline\", \"include\": [\"*.yaml\"]}]"));

        assertThat(project.lock().read().models()).hasSize(1);
        assertThat(project.lock().read().models().iterator().next().dependencies())
                .isEmpty();
    }

    @Test
    void readsATreeOfSeveralPages() throws Exception {
        TestProject many = new TestProject(origin.resolve("many"));
        for (int i = 0; i < 1_200; i++) {
            many.write("f" + i + ".txt", "file " + i);
        }
        hub.add("acme/many", origin.resolve("many"));
        hub.forget();
        assertThat(download(project.config("\"models\": [\"hf:acme/many\"]")).fetchedModels())
                .isEqualTo(1);
        assertThat(hub.requests())
                .filteredOn(request -> request.contains("/tree/"))
                .hasSize(2);
        assertThat(project.lock().read().models().iterator().next().files()).hasSize(1_200);
    }

    private ModelDownload.Result download(CacheConfig config) throws Exception {
        return run(config, PLAIN, ModelDownload::download);
    }

    private interface Goal {
        ModelDownload.Result run(ModelDownload download) throws Exception;
    }

    private ModelDownload.Result run(CacheConfig config, DownloadOptions options, Goal goal) throws Exception {
        HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test").withCredentials(credentials));
        HubSource source = new HubSource(
                transfer, new Mirrors(Map.of()), hub.endpoint(), false, () -> TransferProgress.NONE, project::warn);
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            ModelDownload.Result result = goal.run(new ModelDownload(
                    config, new Sources(Map.of("hf", source)), project.lock(), digests, options, project));
            digests.save();
            return result;
        }
    }

    private static void delete(Path tree) throws Exception {
        try (var files = Files.walk(tree)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
