package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.usage.CachedModels;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import io.github.modelcache.verify.VerifyReport;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DuplicateCheckTest {

    private static final int SIZE = (int) DuplicateCheck.SMALLEST;
    private static final String CONTENT = "w".repeat(SIZE);
    private static final String OTHER = "v".repeat(SIZE);
    private static final String XET = "ab" + "0".repeat(62);

    @TempDir
    Path folder;

    private TestProject project;
    private Path hub;
    private Verifier verifier;

    @BeforeEach
    void prepare() throws Exception {
        project = new TestProject(folder);
        hub = folder.resolve(".cache/huggingface/hub");
        verifier = new Verifier(project);
    }

    @Test
    void findsAContentThatTwoRepositoriesHold() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        HubFixture two = new HubFixture(hub, "acme/two").large("renamed.bin", CONTENT);
        new HubFixture(hub, "acme/three").large("model.bin", OTHER);
        Finding finding = only();
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.path()).contains(one.blob("model.bin"));
        assertThat(finding.message())
                .isEqualTo(name(one.blob("model.bin")) + " and " + name(two.blob("renamed.bin"))
                        + " have the same content: 1.0 MB wasted");
        assertThat(finding.expected()).contains("one copy of " + one.digest("model.bin"));
        assertThat(finding.actual()).contains(name(one.blob("model.bin")) + ", " + name(two.blob("renamed.bin")));
        assertThat(finding.fix()).contains("mvn cache:status").contains("models--acme--one, ");
    }

    @Test
    void readsNothingThatItsNameTells() throws Exception {
        new HubFixture(hub, "acme/one").large("a.bin", CONTENT).large("b.bin", OTHER);
        assertThat(duplicates(verifier.verify())).isEmpty();
        assertThat(verifier.verify().bytesHashed()).isZero();
    }

    @Test
    void findsOneContentUnderNamesOfDifferentKindsAndReadsItOnce() throws Exception {
        HubFixture small = new HubFixture(hub, "acme/one").small("tokenizer.json", CONTENT);
        project.write(".cache/models/t.json", CONTENT);
        project.write(".cache/mlx/t.json", CONTENT);
        project.write(".cache/models/other.json", OTHER);
        Finding finding = only();
        assertThat(finding.actual().orElse("").split(", "))
                .containsExactly(name(small.blob("tokenizer.json")), ".cache/mlx/t.json", ".cache/models/t.json");
        assertThat(finding.message())
                .isEqualTo(name(small.blob("tokenizer.json")) + ", .cache/mlx/t.json and 1 more have the same content:"
                        + " 2.1 MB wasted");
        assertThat(verifier.verify().bytesHashed()).isZero();
    }

    @Test
    void comparingCopiesCountsNoByteTwice() throws Exception {
        new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        new HubFixture(hub, "acme/two").large("model.bin", CONTENT);
        verifier.verify();
        VerifyReport again = verifier.verify();
        assertThat(duplicates(again)).hasSize(1);
        assertThat(again.bytesReused()).isEqualTo(again.bytes()).isEqualTo(2L * SIZE);
    }

    @Test
    void comparesWhatReallyIsThereAndNotWhatNamesSay() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        new HubFixture(hub, "acme/two").large("model.bin", CONTENT);
        Files.writeString(one.blob("model.bin"), OTHER);
        VerifyReport report = verifier.verify();
        assertThat(report.findings()).extracting(Finding::id).containsExactly(FindingId.MODEL_CORRUPT);
    }

    @Test
    void smallFilesAreLeftAlone() throws Exception {
        project.write(".cache/models/a.bin", CONTENT.substring(1));
        project.write(".cache/models/b.bin", CONTENT.substring(1));
        assertThat(duplicates(verifier.verify())).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no inode tells that two names are one file")
    void namesOfOneFileAreNoCopies() throws Exception {
        Path one = project.write(".cache/models/a.bin", CONTENT);
        Files.createLink(folder.resolve(".cache/models/hard.bin"), one);
        Files.createSymbolicLink(folder.resolve(".cache/models/soft.bin"), one);
        new HubFixture(hub, "acme/one").stored("m.bin", XET, OTHER);
        new HubFixture(hub, "acme/two").stored("m.bin", XET, OTHER);
        assertThat(duplicates(verifier.verify())).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no inode tells that two names are one file")
    void aRootThatIsALinkIntoAnotherOneIsNoCopy() throws Exception {
        project.write(".cache/models/mlx/a.bin", CONTENT);
        Files.delete(folder.resolve(".cache/mlx"));
        Files.createSymbolicLink(folder.resolve(".cache/mlx"), folder.resolve(".cache/models/mlx"));
        assertThat(duplicates(verifier.verify())).isEmpty();
    }

    @Test
    void unfinishedDownloadsAreNoCopies() throws Exception {
        project.write(".cache/models/a.bin", CONTENT);
        project.write(".cache/models/.a.bin.0123abcd.partial", CONTENT);
        project.write(".cache/torch/hub/.acme_net_main.0123abcd.partial/sub/a.bin", CONTENT);
        assertThat(duplicates(verifier.verify())).isEmpty();
    }

    @Test
    void namesTheCopyThatNoDeclaredModelNeeds() throws Exception {
        HubFixture declared = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        new HubFixture(hub, "acme/two").large("model.bin", CONTENT);
        declared.ref("main", HubFixture.COMMIT);
        verifier.declare("hf:acme/one");
        verifier.lock(declared.resolved());
        assertThat(only().fix())
                .isEqualTo("run mvn cache:clean -Dcache.scope=unused to delete the undeclared copies:"
                        + " .cache/huggingface/hub/models--acme--two");
    }

    @Test
    void aContentOfTheStoreThatADeclaredModelLeadsToIsNeeded() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("model.bin", XET, CONTENT);
        HubFixture two = new HubFixture(hub, "acme/two").large("model.bin", CONTENT);
        verifier.declare("hf:acme/one", "hf:acme/two");
        verifier.lock(one.resolved(), two.resolved());
        assertThat(only().fix())
                .startsWith("remove the models that you do not need from the config (hf:acme/one, hf:acme/two)");
    }

    @Test
    void doesNotPromiseThatCleaningTakesWhatItLeaves() throws Exception {
        HubFixture declared = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        declared.ref("main", HubFixture.COMMIT);
        project.write(".cache/torch/mine/model.bin", CONTENT);
        verifier.declare("hf:acme/one");
        verifier.lock(declared.resolved());
        assertThat(only().fix()).isEqualTo("delete the undeclared copies: .cache/torch/mine/model.bin");
    }

    @Test
    void namesAFileOfAnOldCommitOfADeclaredModel() throws Exception {
        HubFixture declared = new HubFixture(hub, "acme/one").real("model.bin", CONTENT, true);
        declared.ref("main", HubFixture.COMMIT);
        String old = ".cache/huggingface/hub/models--acme--one/snapshots/" + "a".repeat(40) + "/model.bin";
        project.write(old, CONTENT);
        verifier.declare("hf:acme/one");
        verifier.lock(declared.resolved());
        assertThat(only().fix())
                .isEqualTo("run mvn cache:clean -Dcache.scope=unused to delete the undeclared copies: " + old);
    }

    @Test
    void aBlobThatAnOldCommitLeadsToIsDeletedWithItsLinks() throws Exception {
        HubFixture declared = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        declared.ref("main", HubFixture.COMMIT);
        Path old = declared.folder().resolve("blobs/" + "c".repeat(64));
        Files.writeString(old, OTHER);
        Path link = declared.folder().resolve("snapshots/" + "a".repeat(40) + "/old.bin");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("../../blobs/" + old.getFileName()));
        project.write(".cache/torch/mine/model.bin", OTHER);
        CacheConfig config = verifier.declare("hf:acme/one");
        verifier.lock(declared.resolved());
        UnusedFiles unused =
                new UnusedFiles(config, new CachedModels(config, project.lock().read()));
        assertThat(unused.has(old)).isTrue();
        assertThat(unused.has(declared.file("model.bin").toRealPath())).isFalse();
        assertThat(unused.has(folder.resolve(".cache/torch/mine/model.bin"))).isFalse();
    }

    @Test
    void aRepositoryInTheWrongCacheIsDeletedAsAWhole() throws Exception {
        HubFixture declared = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        declared.ref("main", HubFixture.COMMIT);
        new HubFixture(folder.resolve(".cache/whisper"), "acme/one").large("model.bin", CONTENT);
        verifier.declare("hf:acme/one");
        verifier.lock(declared.resolved());
        assertThat(only().fix()).isEqualTo("delete the undeclared copies: .cache/whisper/models--acme--one");
    }

    @Test
    void aRepositoryOfTorchIsDeletedAsAWhole() throws Exception {
        HubFixture declared = new HubFixture(hub, "acme/one").large("model.bin", CONTENT);
        declared.ref("main", HubFixture.COMMIT);
        project.write(".cache/torch/hub/acme_net_main/hubconf.py", "");
        project.write(".cache/torch/hub/acme_net_main/weights/model.bin", CONTENT);
        verifier.declare("hf:acme/one");
        verifier.lock(declared.resolved());
        assertThat(only().fix()).endsWith(" the undeclared copies: .cache/torch/hub/acme_net_main");
    }

    @Test
    void whereAllAreDeclaredTheConfigHasToChange() throws Exception {
        verifier.declare("url:https://h/a.bin", "url:https://h/b.bin");
        verifier.lock(url("a.bin"), url("b.bin"));
        assertThat(only().fix())
                .isEqualTo("remove the models that you do not need from the config (url:https://h/a.bin,"
                        + " url:https://h/b.bin), then run mvn cache:lock and mvn cache:clean -Dcache.scope=unused");
    }

    @Test
    void aThousandFilesOfOneSizeAreOneShortFinding() throws Exception {
        for (int i = 0; i < 1000; i++) {
            try (RandomAccessFile file = new RandomAccessFile(
                    folder.resolve(".cache/models/" + i + ".bin").toFile(), "rw")) {
                file.setLength(SIZE); // takes no space on most disks
            }
        }
        Finding finding = only();
        assertThat(finding.message()).contains(" and 998 more").hasSizeLessThan(200);
        assertThat(finding.actual().orElse("").split(", ")).hasSize(1000);
        assertThat(finding.fix()).contains(" and 998 more");
    }

    private ResolvedModel url(String name) throws Exception {
        Path file = project.write(".cache/models/" + name, CONTENT);
        ModelFile locked = new ModelFile(
                name, SIZE, Optional.of(Hashing.digest(file, DigestAlgorithm.SHA256)), "https://h/" + name);
        return new ResolvedModel(
                ModelReference.parse("url:https://h/" + name),
                ModelRequest.PLAIN,
                "1",
                Optional.empty(),
                false,
                List.of(locked));
    }

    private Finding only() throws Exception {
        List<Finding> found = duplicates(verifier.verify());
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<Finding> duplicates(VerifyReport report) {
        return report.findings().stream()
                .filter(finding -> finding.id() == FindingId.DUPLICATE_CONTENT)
                .toList();
    }

    private String name(Path path) {
        return folder.relativize(path).toString();
    }
}
