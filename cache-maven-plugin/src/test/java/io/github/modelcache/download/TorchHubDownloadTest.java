package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.torch.TorchHubSource;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.status.CacheStatus;
import io.github.modelcache.status.StatusCollector;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.RepositoryZip;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchHubDownloadTest {

    private static final String HOST = "https://github.com/";
    private static final String ZIPBALL = "/github.com/snakers4/silero-vad/zipball/";
    private static final String MASTER = "torchhub:snakers4/silero-vad@master";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String NEXT = "89abcdef0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private TestProject project;
    private Family torch;
    private Path hub;
    private Path repo;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        torch = new Family(
                project, "torchhub", (web, config) -> new TorchHubSource(web, new PluginDirectory(config).downloads()));
        hub = folder.resolve(".cache/torch/hub");
        repo = hub.resolve("snakers4_silero-vad_master");
        on("master", repository(COMMIT, "one"));
        on(COMMIT, repository(COMMIT, "one"));
    }

    @AfterEach
    void stop() throws Exception {
        torch.close();
    }

    private static RepositoryZip repository(String commit, String weights) {
        return new RepositoryZip(commit)
                .add("hubconf.py", "dependencies = ['torch']\n")
                .add("src/silero_vad/data/vad.onnx", weights)
                .add("src/silero_vad/__init__.py", "");
    }

    private void on(String ref, RepositoryZip zip) throws Exception {
        torch.server.on(ZIPBALL + ref, FaultyServer.ok(zip.bytes(), "Content-Type: application/zip"));
    }

    private CacheConfig declared(String reference) throws Exception {
        return torch.config("\"" + reference + "\"", HOST);
    }

    private List<String> asked() {
        return torch.server.requests().stream()
                .map(FaultyServer.Request::path)
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .toList();
    }

    private ResolvedModel locked() throws Exception {
        return project.lock().read().models().iterator().next();
    }

    private static void delete(Path tree) throws Exception {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private boolean isStranger(Path path) {
        return !path.equals(repo) && !path.endsWith(Layout.LOCKS);
    }

    @Test
    void putsTheFilesWhereTorchLooksAndPinsTheCommit() throws Exception {
        torch.download(declared(MASTER));
        SortedMap<String, String> contents = TestProject.contents(hub);
        contents.keySet().removeIf(name -> name.startsWith(Layout.LOCKS));
        assertThat(contents)
                .containsOnlyKeys(
                        "",
                        "snakers4_silero-vad_master",
                        "snakers4_silero-vad_master/hubconf.py",
                        "snakers4_silero-vad_master/src",
                        "snakers4_silero-vad_master/src/silero_vad",
                        "snakers4_silero-vad_master/src/silero_vad/__init__.py",
                        "snakers4_silero-vad_master/src/silero_vad/data",
                        "snakers4_silero-vad_master/src/silero_vad/data/vad.onnx");
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("one");
        assertThat(locked().revision()).isEqualTo(COMMIT);
        assertThat(locked().files())
                .hasSize(3)
                .allSatisfy(file ->
                        assertThat(file.url()).isEqualTo("https://github.com/snakers4/silero-vad/zipball/" + COMMIT));
        assertThat(asked()).containsExactly("master");
        assertThat(new PluginDirectory(declared(MASTER)).downloads()).isEmptyDirectory();
    }

    @Test
    void asksNothingOnceItIsThereAndHashesNothingAgain() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.download(config);
        assertThat(torch.download(config).fetchedModels()).isZero();
        assertThat(asked()).hasSize(1);
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            assertThat(new ModelFiles(new Layouts(config).of(locked()), digests).missing(locked()))
                    .isEmpty();
            assertThat(digests.bytesHashed()).isZero();
        }
    }

    @Test
    void takesMasterAsTorchDoesWhereThereIsNoMain() throws Exception {
        CacheConfig config = declared("torchhub:snakers4/silero-vad");
        torch.download(config);
        assertThat(repo.resolve("hubconf.py")).exists();
        assertThat(asked()).containsExactly("main", "master");
        assertThat(locked().branch()).hasValue("master");
        delete(repo);
        torch.download(config);
        assertThat(repo.resolve("hubconf.py")).exists();
        assertThat(asked()).containsExactly("main", "master", COMMIT);
    }

    @Test
    void takesMainWhereThereIsOne() throws Exception {
        on("main", repository(NEXT, "main"));
        torch.download(declared("torchhub:snakers4/silero-vad"));
        assertThat(hub.resolve("snakers4_silero-vad_main/hubconf.py")).exists();
        assertThat(asked()).containsExactly("main");
    }

    @Test
    void aRevisionPinsAnotherCommitUnderTheFolderOfTheRef() throws Exception {
        torch.server.on(
                ZIPBALL + "v6.0", FaultyServer.ok(repository(NEXT, "six").bytes()));
        torch.download(torch.config("{\"model\": \"" + MASTER + "\", \"revision\": \"v6.0\"}", HOST));
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("six");
        assertThat(locked().revision()).isEqualTo(NEXT);
        assertThat(asked()).containsExactly("v6.0");
        assertThatThrownBy(() -> torch.download(
                        torch.config("{\"model\": \"torchhub:snakers4/silero-vad\", \"revision\": \"v6.0\"}", HOST)))
                .hasMessageContaining("write torchhub:snakers4/silero-vad@main");
    }

    @Test
    void slashesOfARefBecomeUnderlinesInTheFolder() throws Exception {
        torch.server.on(
                ZIPBALL + "release/0.1", FaultyServer.ok(repository(NEXT, "r").bytes()));
        torch.download(declared("torchhub:snakers4/silero-vad@release/0.1"));
        assertThat(hub.resolve("snakers4_silero-vad_release_0.1/hubconf.py")).exists();
    }

    @Test
    void theDownloadAfterALockNeedsNoSecondRequest() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.lock(config);
        assertThat(repo).doesNotExist();
        assertThat(new PluginDirectory(config).downloads()).isNotEmptyDirectory();
        torch.goOffline();
        torch.download(config);
        assertThat(repo.resolve("hubconf.py")).exists();
        assertThat(asked()).hasSize(1);
        assertThat(new PluginDirectory(config).downloads()).isEmptyDirectory();
    }

    @Test
    void twoReferencesToOneCommitDoNotDisturbEachOther() throws Exception {
        on("v1", repository(COMMIT, "one"));
        CacheConfig config = torch.config("\"" + MASTER + "\", \"torchhub:snakers4/silero-vad@v1\"", HOST);
        torch.download(config);
        assertThat(repo.resolve("hubconf.py")).exists();
        assertThat(hub.resolve("snakers4_silero-vad_v1/hubconf.py")).exists();
        assertThat(new PluginDirectory(config).downloads()).isEmptyDirectory();
    }

    @Test
    void twoReferencesToOneFolderBringItOnce() throws Exception {
        RepositoryZip large = repository(COMMIT, "one");
        for (int i = 0; i < 400; i++) {
            large.add("data/" + i, "content " + i);
        }
        on("master", large);
        on(COMMIT, large);
        CacheConfig config = torch.config("\"" + MASTER + "\", \"torchhub:snakers4/silero-vad\"", HOST);

        ModelDownload.Result result = torch.download(config);

        assertThat(result.models()).isEqualTo(2);
        assertThat(result.fetchedBytes()).isEqualTo(locked().bytes());
        assertThat(repo.resolve("data/399")).hasContent("content 399");
        assertThat(hub).isDirectoryNotContaining(this::isStranger);
        assertThat(torch.download(config).fetchedModels()).isZero();
    }

    @Test
    void aKeptArchiveThatBecameDamagedIsFetchedAgain() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.lock(config);
        try (Stream<Path> kept = Files.list(new PluginDirectory(config).downloads())) {
            Files.writeString(kept.findFirst().orElseThrow(), "cut");
        }
        torch.download(config);
        assertThat(asked()).containsExactly("master", COMMIT);
        assertThat(repo.resolve("hubconf.py")).exists();
    }

    @Test
    void takesTheFolderThatTorchMade() throws Exception {
        project.write(".cache/torch/hub/snakers4_silero-vad_master/hubconf.py", "dependencies = ['torch']\n");
        project.write(".cache/torch/hub/snakers4_silero-vad_master/src/silero_vad/data/vad.onnx", "one");
        project.write(".cache/torch/hub/snakers4_silero-vad_master/src/silero_vad/__init__.py", "");
        project.write(".cache/torch/hub/snakers4_silero-vad_master/__pycache__/hubconf.pyc", "code");
        var before = TestProject.contents(hub);
        assertThat(torch.download(declared(MASTER)).fetchedBytes()).isZero();
        assertThat(TestProject.contents(hub)).isEqualTo(before);
        assertThat(locked().files()).hasSize(3);
        assertThat(new PluginDirectory(declared(MASTER)).downloads()).isEmptyDirectory();
    }

    @Test
    void repairsSingleFilesAndLeavesOthersAlone() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.download(config);
        project.write(".cache/torch/hub/snakers4_silero-vad_master/__pycache__/hubconf.pyc", "code");
        Files.writeString(repo.resolve("src/silero_vad/data/vad.onnx"), "0ne");
        Files.delete(repo.resolve("hubconf.py"));
        Object kept = Files.readAttributes(repo, "*").get("fileKey");
        torch.download(config);
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("one");
        assertThat(repo.resolve("hubconf.py")).exists();
        assertThat(repo.resolve("__pycache__/hubconf.pyc")).hasContent("code");
        assertThat(Files.readAttributes(repo, "*").get("fileKey")).isEqualTo(kept);
        assertThat(hub).isDirectoryContaining(repo::equals).isDirectoryNotContaining(this::isStranger);
        assertThat(asked()).containsExactly("master", COMMIT);
    }

    @Test
    void showsNothingWhenARunEndsBeforeEverythingIsThere() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.lock(config);
        Layout layout = new Layouts(config).of(locked());
        ModelFile first = locked().files().get(0);
        Path gathered = gather(layout, first, "dependencies = ['torch']\n");
        Files.writeString(gathered.resolveSibling(".stranger.01234567.partial"), "half");
        assertThat(layout.found()).isEmpty();
        assertThat(repo).doesNotExist();
        torch.download(config);
        assertThat(repo).isDirectoryNotContaining(path -> path.toString().endsWith(".partial"));
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("one");
        assertThat(hub).isDirectoryNotContaining(this::isStranger);
    }

    @Test
    void neverShowsAPartOfARepository() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.lock(config);
        Layout layout = new Layouts(config).of(locked());
        gather(layout, locked().files().get(0), "dependencies = ['torch']\n");
        assertThatThrownBy(() -> layout.complete(locked())).hasMessageContaining("run mvn cache:download again");
        assertThat(repo).doesNotExist();
    }

    @Test
    void mergesIntoTheFolderThatAnotherProcessShowedFirst() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.lock(config);
        Layout layout = new Layouts(config).of(locked());
        for (ModelFile file : locked().files()) {
            String content =
                    file.path().endsWith("onnx") ? "one" : file.size() == 0 ? "" : "dependencies = ['torch']\n";
            gather(layout, file, content);
        }
        project.write(".cache/torch/hub/snakers4_silero-vad_master/theirs.py", "theirs");
        project.write(".cache/torch/hub/snakers4_silero-vad_master/src/silero_vad/data/vad.onnx", "0ne");
        layout.complete(locked());
        assertThat(repo.resolve("theirs.py")).hasContent("theirs");
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("one");
        assertThat(repo.resolve("hubconf.py")).exists();
        assertThat(hub).isDirectoryNotContaining(this::isStranger);
    }

    private Path gather(Layout layout, ModelFile file, String content) throws Exception {
        Path partial = layout.partial(locked(), file);
        Files.createDirectories(partial.getParent());
        Files.writeString(partial, content);
        return layout.publish(locked(), file, partial);
    }

    @Test
    void aRefThatMovesStaysPinnedUntilTheLockIsUpdated() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.download(config);
        on("master", repository(NEXT, "two"));
        on(NEXT, repository(NEXT, "two"));
        torch.download(config);
        assertThat(locked().revision()).isEqualTo(COMMIT);
        torch.lock(config, MASTER);
        assertThat(locked().revision()).isEqualTo(NEXT);
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("one");
        torch.download(config);
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("two");
        assertThat(asked()).containsExactly("master", "master");
    }

    @Test
    void refusesOtherContentsThanTheLockHasAndKeepsNothingOfThem() throws Exception {
        CacheConfig config = declared(MASTER);
        torch.download(config);
        delete(repo);
        on(COMMIT, repository(COMMIT, "evil"));
        assertThatThrownBy(() -> torch.download(config))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the lock says");
        assertThat(repo).doesNotExist();
        on(COMMIT, repository(COMMIT, "one"));
        torch.download(config);
        assertThat(repo.resolve("src/silero_vad/data/vad.onnx")).hasContent("one");
    }

    @Test
    void aLinkIsAFileThatHoldsItsTargetAsTorchUnpacksIt() throws Exception {
        on(
                "master",
                repository(COMMIT, "one").link("models", "src/silero_vad/data").link("out", "/etc/passwd"));
        torch.download(declared(MASTER));
        assertThat(repo.resolve("models")).isRegularFile().hasContent("src/silero_vad/data");
        assertThat(repo.resolve("out")).isRegularFile().hasContent("/etc/passwd");
        assertThat(Files.isSymbolicLink(repo.resolve("models")) || Files.isSymbolicLink(repo.resolve("out")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "top/../../evil",
                "/evil",
                "C:/evil",
                "top/a\\..\\..\\evil",
                "top/a\\evil",
                "evil",
                "other/evil",
                "top//evil"
            })
    void refusesNamesThatLeadElsewhere(String name) throws Exception {
        on(
                "master",
                new RepositoryZip(COMMIT).raw("top/hubconf.py", new byte[0]).raw(name, new byte[1]));
        assertThatThrownBy(() -> torch.download(declared(MASTER)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("was rejected")
                .hasMessageContaining("evil");
        assertNothingCame();
    }

    @Test
    void refusesWhatIsNoArchiveOfFiles() throws Exception {
        on("master", new RepositoryZip(COMMIT));
        assertThatThrownBy(() -> torch.download(declared(MASTER))).hasMessageContaining("the archive is empty");
        byte[] page = "<html>login</html>".getBytes(StandardCharsets.UTF_8);
        torch.server.on(ZIPBALL + "master", FaultyServer.ok(page, "Content-Type: text/html; charset=utf-8"));
        assertThatThrownBy(() -> torch.download(declared(MASTER))).hasMessageContaining("returned an HTML page");
        torch.server.on(ZIPBALL + "master", FaultyServer.ok(page));
        assertThatThrownBy(() -> torch.download(declared(MASTER))).hasMessageContaining("no zip archive");
        assertNothingCame();
    }

    private void assertNothingCame() throws Exception {
        assertThat(hub).doesNotExist();
        assertThat(project.lock().exists()).isFalse();
        assertThat(new PluginDirectory(declared(MASTER)).downloads()).isEmptyDirectory();
        assertThat(folder.resolveSibling("evil")).doesNotExist();
    }

    @Test
    void namesTheRefWhereTheArchiveTellsNoCommit() throws Exception {
        on("master", repository("", "one"));
        torch.download(declared(MASTER));
        assertThat(locked().revision()).isEqualTo("master");
        on("master", repository("", "two"));
        delete(repo);
        assertThatThrownBy(() -> torch.download(declared(MASTER))).hasMessageContaining("cache:lock");
    }

    @Test
    void refusesAnotherCommitThanTheOneAskedFor() throws Exception {
        on(NEXT, repository(COMMIT, "one"));
        assertThatThrownBy(() -> torch.download(declared("torchhub:snakers4/silero-vad@" + NEXT)))
                .hasMessageContaining("sends the commit " + COMMIT);
        assertNothingCame();
        on(NEXT, repository(NEXT, "two"));
        torch.download(declared("torchhub:snakers4/silero-vad@" + NEXT));
        assertThat(locked().revision()).isEqualTo(NEXT);
    }

    @Test
    void saysWhatToDoWhenThereIsNoSuchRepository() throws Exception {
        assertThatThrownBy(() -> torch.download(declared("torchhub:nobody/nothing")))
                .hasMessageContaining("'main' or 'master'")
                .hasMessageContaining("whose id is github.com");
        assertThatThrownBy(() -> torch.download(declared("torchhub:silero-vad")))
                .hasMessageContaining("torchhub:owner/name@ref");
        assertThatThrownBy(() -> torch.download(declared(MASTER + "/../x")))
                .hasMessageContaining("is not a valid branch, tag or commit");
        torch.goOffline();
        assertThatThrownBy(() -> torch.download(declared(MASTER))).hasMessageContaining("offline (-o)");
    }

    @Test
    void fetchesOnlyWhatThePatternsWant() throws Exception {
        torch.download(torch.config(
                "{\"model\": \"" + MASTER + "\", \"include\": [\"*.py\"], \"exclude\": [\"src/*\"]}", HOST));
        assertThat(locked().files()).extracting(ModelFile::path).containsExactly("hubconf.py");
    }

    @Test
    void statusNamesTheRepositoriesThatNobodyDeclared() throws Exception {
        CacheConfig config = declared("torchhub:snakers4/silero-vad");
        torch.download(config);
        project.write(".cache/torch/hub/pytorch_vision_v0.10.0/hubconf.py", "code");
        project.write(".cache/torch/hub/.a_b_main.01234567.partial/hubconf.py", "code");
        project.write(".cache/torch/hub/checkpoints/trusted_by_me/x", "code");
        project.write(".cache/torch/hub/trusted_list", "a_b\n");
        assertThat(new StatusCollector(config, project.lock().read()).collect().models())
                .extracting(CacheStatus.Model::model)
                .containsExactlyInAnyOrder("torchhub:snakers4/silero-vad", "torchhub:pytorch/vision@v0.10.0");
    }
}
