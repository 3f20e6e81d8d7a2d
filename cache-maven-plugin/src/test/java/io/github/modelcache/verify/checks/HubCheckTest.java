package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import io.github.modelcache.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCheckTest {

    private static final String HUB = ".cache/huggingface/hub/";
    private static final String REPO = HUB + "models--acme--tiny/";
    private static final String XET = "ab" + "0123456789abcde".repeat(4) + "01";

    @TempDir
    Path folder;

    private TestProject project;
    private Path hub;
    private HubFixture tiny;
    private Verifier verifier;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        hub = folder.resolve(HUB);
        tiny = new HubFixture(hub, "acme/tiny")
                .small("config.json", "{\"hidden\": 4}")
                .small("empty.txt", "")
                .large("onnx/model.onnx", "weights")
                .ref("main", HubFixture.COMMIT);
        verifier = new Verifier(project);
    }

    @Test
    void aRefThatNamesASnapshotIsRightWhateverItsName() throws Exception {
        HubFixture model = new HubFixture(hub, "acme/local").ref("main", "local-import");
        Files.createDirectories(model.folder().resolve("snapshots/local-import"));
        Files.writeString(model.folder().resolve("snapshots/local-import/config.json"), "{}");
        assertThat(verifier.found()).noneMatch(line -> line.contains("refs"));

        Files.createDirectories(model.folder().resolve("snapshots/größe 1"));
        model.ref("v1", "größe 1");
        assertThat(verifier.found()).noneMatch(line -> line.contains("refs"));

        model.ref("main", "local-import\n").ref("v2", "elsewhere").ref("v3", "../local-import");
        assertThat(verifier.found().stream().filter(line -> line.startsWith("model-corrupt error")))
                .hasSize(3);
    }

    @Test
    void whatIsCommittedInPlaceOfWeightsIsNoModel() throws Exception {
        HubFixture model = new HubFixture(hub, "acme/wrong")
                .small("pytorch_model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
                .small("model.onnx", "<html><body>Not found</body></html>")
                .small("model.safetensors", "../other/model.safetensors")
                .small("weights.bin", "real")
                .small("notes.txt", "../other/notes.txt")
                .ref("main", HubFixture.COMMIT);
        verifier.declare("hf:acme/wrong");
        verifier.lock(model.resolved());

        assertThat(verifier.found())
                .containsExactlyInAnyOrder(
                        "not-a-model error " + folder.relativize(model.file("model.onnx")),
                        "not-a-model error " + folder.relativize(model.file("model.safetensors")),
                        "not-a-model error " + folder.relativize(model.file("pytorch_model.bin")));
    }

    @Test
    void anIndexThatNamesShardsThatAreNotThereIsAnInfo() throws Exception {
        String index = "{\"metadata\": {\"a\": []}, \"weight_map\": {\"x\": \"model-1.bin\", \"y\": \"model-2.bin\"}}";
        HubFixture model = new HubFixture(hub, "acme/shards")
                .small("model.bin.index.json", index)
                .small("broken.index.json", "{")
                .small("list.index.json", "[1]")
                .large("model-1.bin", "weights")
                .ref("main", HubFixture.COMMIT);
        verifier.declare("hf:acme/shards");
        verifier.lock(model.resolved());

        assertThat(verifier.found())
                .containsExactly("model-missing info " + folder.relativize(model.file("model.bin.index.json")));
    }

    @Test
    void whatSystemsAndSyncToolsLeaveIsNeitherARefNorAContent() throws Exception {
        HubFixture model =
                new HubFixture(hub, "acme/nas").small("config.json", "{}").ref("main", HubFixture.COMMIT);
        List<String> left = List.of(
                "refs/@eaDir/main@SynoEAStream",
                "refs/main.sync-conflict-20240102-030405-ABCDEFG",
                "refs/main (Ada's conflicted copy 2024-01-02)",
                "refs/.nfs000000000123456700000001",
                "refs/.DS_Store",
                "refs/._main",
                "refs/.stfolder/note",
                "blobs/Thumbs.db",
                "blobs/.SynologyWorkingDirectory/x",
                "blobs/@eaDir/y",
                "snapshots/@eaDir/z",
                "snapshots/lost+found/z",
                "snapshots/" + HubFixture.COMMIT + "/.snapshot/z",
                "snapshots/" + HubFixture.COMMIT + "/desktop.ini",
                "snapshots/" + HubFixture.COMMIT + "/#recycle/z",
                "snapshots/" + HubFixture.COMMIT + "/.Trash-1000/files/z",
                "trees/.nfs000000000123456700000002");
        for (String name : left) {
            Path file = model.folder().resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
        assertThat(verifier.found()).isEmpty();
    }

    @Test
    void findsNothingInARepositoryThatNobodyDeclared() throws Exception {
        tiny.tree(Map.of());
        VerifyReport report = verifier.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.files()).isEqualTo(3);
        assertThat(report.bytes()).isEqualTo(20);
    }

    @Test
    void hashesAnUnchangedRepositoryOnce() throws Exception {
        tiny.tree(Map.of());
        assertThat(verifier.verify().bytesHashed()).isGreaterThan(20);
        assertThat(verifier.verify().bytesHashed()).isZero();
    }

    @Test
    void findsABlobThatIsNotWhatItsNameSays() throws Exception {
        Files.writeString(tiny.blob("onnx/model.onnx"), "WEIGHTS");
        VerifyReport report = verifier.verify();
        assertThat(report.findings()).hasSize(1);
        Finding finding = report.findings().get(0);
        assertThat(finding.id()).isEqualTo(FindingId.MODEL_CORRUPT);
        assertThat(finding.path()).contains(tiny.blob("onnx/model.onnx"));
        assertThat(finding.model()).hasToString("Optional[hf:acme/tiny]");
        assertThat(finding.expected()).contains(tiny.digest("onnx/model.onnx").toString());
        assertThat(finding.message()).contains("does not match its name");
    }

    @Test
    void findsADamagedSmallFileAndOneThatAPageStandsInFor() throws Exception {
        Files.writeString(tiny.blob("config.json"), "{\"hidden\": 5}");
        Files.writeString(tiny.blob("onnx/model.onnx"), "<html>login</html>");
        assertThat(verifier.found())
                .containsExactly(
                        "model-corrupt error " + REPO + "blobs/"
                                + tiny.digest("config.json").hex(),
                        "not-a-model error " + REPO + "blobs/"
                                + tiny.digest("onnx/model.onnx").hex());
    }

    @Test
    void looksAtNothingTwiceThatTheLockSpeaksFor() throws Exception {
        verifier.declare("hf:acme/tiny");
        verifier.lock(tiny.resolved());
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).isEmpty();
        assertThat(report.files()).isEqualTo(3);
        assertThat(report.bytesHashed()).isEqualTo(20);
        assertThat(report.bytesReused()).isZero();
    }

    @Test
    void checksWhatTheLockDoesNotSpeakForInADeclaredRepository() throws Exception {
        verifier.declare("hf:acme/tiny");
        verifier.lock(tiny.resolved());
        Path old = project.write(REPO + "blobs/" + "a".repeat(64), "old");
        assertThat(verifier.found()).containsExactly("model-corrupt error " + folder.relativize(old));
    }

    @Test
    void saysOnceARepositoryThatItsBlobsAreNotNamedByDigests() throws Exception {
        new HubFixture(hub, "acme/mirrored")
                .named("a.bin", "\"sha1-of-nexus", "aa")
                .named("b.bin", "5d41402abc4b2a76b9719d911017c592", "bb")
                .ref("main", HubFixture.COMMIT);
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).hasSize(1).first().asString().startsWith("unverifiable info");
        assertThat(report.findings().get(0).message()).contains("models--acme--mirrored has 2 blobs");
    }

    @Test
    void takesBlobsOfOddNamesForVerifiedWhereTheLockTellsTheirDigests() throws Exception {
        HubFixture mirrored = new HubFixture(hub, "acme/mirrored")
                .named("a.bin", "etag-of-nexus", "aa")
                .ref("main", HubFixture.COMMIT);
        verifier.declare("hf:acme/mirrored");
        verifier.lock(mirrored.resolved());
        assertThat(verifier.found()).isEmpty();
    }

    @Test
    void takesAPlainSha1ForADigestToo() throws Exception {
        Path content = project.write("content", "mirrored by a repository manager");
        String sha1 = Hashing.digest(content, DigestAlgorithm.SHA1).hex();
        new HubFixture(hub, "acme/mirrored").named("a.bin", sha1, "mirrored by a repository manager");
        assertThat(verifier.found()).isEmpty();
        assertThat(verifier.verify().bytesHashed()).isZero();
    }

    @Test
    void checksAndCountsASharedContentOnce() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "shared");
        HubFixture two = new HubFixture(hub, "acme/two").stored("m.bin", XET, "shared");
        VerifyReport report = verifier.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.files()).isEqualTo(4);
        assertThat(report.bytesHashed()).isEqualTo(26);
        Files.writeString(one.stored(XET), "SHARED");
        assertThat(verifier.found())
                .containsExactly(
                        "model-corrupt error " + folder.relativize(one.blob("m.bin")),
                        "model-corrupt error " + folder.relativize(two.blob("m.bin")));
    }

    @Test
    void countsAContentThatALockedModelSharesOnce() throws Exception {
        HubFixture one =
                new HubFixture(hub, "acme/one").stored("m.bin", XET, "shared").ref("main", HubFixture.COMMIT);
        new HubFixture(hub, "acme/two").stored("m.bin", XET, "shared");
        verifier.declare("hf:acme/one");
        verifier.lock(one.resolved());
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).isEmpty();
        assertThat(report.files()).isEqualTo(4);
    }

    @Test
    void findsALinkIntoTheStoreThatLeadsNowhere() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "shared");
        Files.delete(one.stored(XET));
        assertThat(verifier.found())
                .containsExactly(
                        "dangling-link error " + folder.relativize(one.blob("m.bin")),
                        "dangling-link error " + folder.relativize(one.file("m.bin")));
    }

    @Test
    void saysThatAnUnusedContentOfTheStoreCantBeChecked() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "shared");
        Files.delete(one.file("m.bin"));
        Files.delete(one.blob("m.bin"));
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).containsExactly("unverifiable info " + HUB + "blobs");
        assertThat(report.findings().get(0).message()).contains("1 blob (6 B)");
    }

    @Test
    void checksRealFilesOfASnapshotAgainstTheListOfItsCommit() throws Exception {
        HubFixture copied = new HubFixture(hub, "acme/copied")
                .real("config.json", "{}", false)
                .real("model.bin", "weights", true);
        copied.tree(Map.of());
        assertThat(verifier.found()).isEmpty();
        Files.writeString(copied.file("config.json"), "[]");
        Files.writeString(copied.file("model.bin"), "weigh");
        assertThat(verifier.found())
                .containsExactly(
                        "model-corrupt error " + folder.relativize(copied.file("config.json")),
                        "model-corrupt error " + folder.relativize(copied.file("model.bin")));
    }

    @Test
    void saysThatRealFilesCantBeCheckedWhereNoListTells() throws Exception {
        HubFixture copied = new HubFixture(hub, "acme/copied")
                .real("config.json", "{}", false)
                .real("__init__.py", "", false)
                .real("model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", true);
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report))
                .containsExactly(
                        "not-a-model error " + folder.relativize(copied.file("model.bin")),
                        "unverifiable info " + folder.relativize(copied.file("__init__.py")));
        assertThat(report.findings().get(1).message()).contains("2 files that can't be checked");
    }

    @Test
    void goesByTheLockWhereALockedModelHasNoLinks() throws Exception {
        HubFixture copied = new HubFixture(hub, "acme/copied")
                .real("config.json", "{}", false)
                .real("model.bin", "weights", true)
                .ref("main", HubFixture.COMMIT);
        verifier.declare("hf:acme/copied");
        verifier.lock(copied.resolved());
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).isEmpty();
        assertThat(report.bytesHashed()).isEqualTo(29);
        Files.writeString(copied.file("model.bin"), "WEIGHTS");
        assertThat(verifier.found())
                .containsExactly("model-corrupt error " + folder.relativize(copied.file("model.bin")));
    }

    @Test
    void checksABlobThatNoLinkOfALockedModelLeadsTo() throws Exception {
        HubFixture copied = new HubFixture(hub, "acme/copied")
                .real("model.bin", "weights", true)
                .ref("main", HubFixture.COMMIT);
        Files.createDirectories(copied.blob("model.bin").getParent());
        Files.writeString(copied.blob("model.bin"), "weigh");
        verifier.declare("hf:acme/copied");
        verifier.lock(copied.resolved());
        assertThat(verifier.found())
                .containsExactly("model-corrupt error " + folder.relativize(copied.blob("model.bin")));
    }

    @Test
    void checksABlobOfALockedNameWhoseLockedSnapshotIsGone() throws Exception {
        Files.delete(tiny.file("onnx/model.onnx"));
        Files.writeString(tiny.blob("onnx/model.onnx"), "WEIGHTS");
        verifier.declareOptional("hf:acme/tiny");
        verifier.lock(tiny.resolved());
        assertThat(verifier.found())
                .containsExactlyInAnyOrder(
                        "model-missing info " + folder.relativize(tiny.file("onnx/model.onnx")),
                        "model-corrupt error " + folder.relativize(tiny.blob("onnx/model.onnx")));
    }

    @Test
    void checksABlobOfALockedNameThatOnlyAnotherCommitLeadsTo() throws Exception {
        HubFixture mirrored = new HubFixture(hub, "acme/mirrored")
                .named("model.bin", "etag-of-a-mirror", "weights")
                .ref("main", HubFixture.COMMIT);
        Path blob = mirrored.blob("model.bin");
        Files.writeString(blob, "WEIGHTS");
        leadThereFromAnotherCommit(mirrored, blob);
        verifier.declare("hf:acme/mirrored");
        verifier.lock(mirrored.resolved());
        assertThat(verifier.found()).containsExactly("model-corrupt error " + folder.relativize(blob));
        Files.writeString(blob, "weights");
        assertThat(verifier.found()).isEmpty();
    }

    private static void leadThereFromAnotherCommit(HubFixture repository, Path blob) throws IOException {
        Path other = repository.folder().resolve("snapshots").resolve("f".repeat(40));
        Files.createDirectories(other);
        Files.createSymbolicLink(other.resolve("model.bin"), other.relativize(blob));
    }

    @Test
    void checksASharedContentThatOnlyAnotherCommitLeadsTo() throws Exception {
        HubFixture stored = new HubFixture(hub, "acme/stored")
                .stored("model.bin", XET, "weights")
                .ref("main", HubFixture.COMMIT);
        leadThereFromAnotherCommit(stored, stored.blob("model.bin"));
        Files.delete(stored.file("model.bin"));
        Files.writeString(stored.stored(XET), "WEIGHTS");
        verifier.declareOptional("hf:acme/stored");
        verifier.lock(stored.resolved());
        assertThat(verifier.found())
                .containsExactlyInAnyOrder(
                        "model-missing info " + folder.relativize(stored.file("model.bin")),
                        "model-corrupt error " + folder.relativize(stored.blob("model.bin")));
    }

    @Test
    void findsAListThatCantBeReadOrIsWrongAboutASize() throws Exception {
        Path tree = tiny.tree(Map.of("onnx/model.onnx", 8L, "config.json", 1L));
        String line = "model-corrupt warning " + folder.relativize(tree);
        assertThat(verifier.found()).containsExactly(line);
        assertThat(verifier.verify().findings().get(0).message())
                .contains("1 more")
                .contains("13");
        for (String text : new String[] {"{\"files\": {", "[]", "{\"files\": {\"../x\": {}}, \"format_version\": 1}"}) {
            Files.writeString(tree, text);
            assertThat(verifier.found()).as(text).containsExactly(line);
        }
        Files.writeString(tree, "{\"files\": 7, \"format_version\": 1}");
        assertThat(verifier.found()).containsExactly(line);
        Files.writeString(tree, "{\"files\": {}, \"format_version\": 2}");
        assertThat(verifier.found()).isEmpty();
    }

    @Test
    void comparesTheListOfALockedModelWithTheLock() throws Exception {
        Path tree = tiny.tree(Map.of("onnx/model.onnx", 8L));
        verifier.declare("hf:acme/tiny");
        verifier.lock(tiny.resolved());
        assertThat(verifier.found()).containsExactly("model-corrupt warning " + folder.relativize(tree));
    }

    @Test
    void findsARefThatClientsCantFollow() throws Exception {
        tiny.ref("main", HubFixture.COMMIT + "\n").ref("refs/pr/1", "").ref("v1", "f".repeat(40));
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report))
                .containsExactly(
                        "model-corrupt error " + REPO + "refs/main",
                        "model-corrupt error " + REPO + "refs/refs/pr/1",
                        "dangling-link warning " + REPO + "refs/v1");
        assertThat(report.findings().get(0).message()).contains(HubFixture.COMMIT + "\\n'");
    }

    @Test
    void tellsDownloadsOfEachKindThatWereCutOff() throws Exception {
        for (String name : new String[] {
            REPO + "blobs/" + "c".repeat(64) + ".incomplete",
            REPO + "blobs/" + "c".repeat(64) + ".0123abcd.incomplete",
            REPO + "refs/main.0123abcd.tmp",
            ".cache/torch/hub/checkpoints/resnet50-0676ba61.pth." + "0123456789abcdef".repeat(2) + ".partial",
            ".cache/models/.m.bin.0123abcd.partial"
        }) {
            Path left = project.write(name, "123");
            VerifyReport report = verifier.verify();
            assertThat(verifier.lines(report)).containsExactly("partial-download warning " + name);
            assertThat(report.findings().get(0).message()).contains("(3 B)");
            Files.delete(left);
        }
    }

    @Test
    void passesOverWhatIsNoModel() throws Exception {
        for (String name : new String[] {".DS_Store", "Thumbs.db", "desktop.ini", "CACHEDIR.TAG", "._model.bin"}) {
            for (String place : new String[] {
                "", "blobs/", "refs/", "trees/", "snapshots/", "snapshots/" + HubFixture.COMMIT + "/", "blobs/aa/"
            }) {
                project.write(REPO + place + name, "");
            }
            project.write(HUB + name, "");
            project.write(HUB + "blobs/" + name, "");
            project.write(".cache/torch/hub/checkpoints/" + name, "");
            project.write(".cache/whisper/" + name, "");
        }
        project.write(HUB + "version.txt", "1");
        project.write(HUB + ".locks/models--acme--tiny/" + "0".repeat(64) + ".lock", "");
        project.write(REPO + ".no_exist/" + HubFixture.COMMIT + "/adapter_config.json", "");
        project.write(".cache/huggingface/token", "hf_x");
        assertThat(verifier.verify().findings()).isEmpty();
    }

    @Test
    void findsTheSameInTheSameOrderEveryTime() throws Exception {
        for (String name : new String[] {"b/z", "a/z", "c/z"}) {
            HubFixture other = new HubFixture(hub, name).large("m.bin", name);
            Files.writeString(other.blob("m.bin"), "?");
        }
        assertThat(verifier.verify().findings())
                .extracting(Finding::path)
                .isSortedAccordingTo(java.util.Comparator.comparing(Object::toString));
    }
}
