package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.huggingface.FlatTransformersCacheTest;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes links")
class StrayCheckTest {

    private static final String XET = "ab" + "0".repeat(62);
    private static final String TINY = "hf:acme/tiny";

    @TempDir
    Path temporary;

    private TestProject project;
    private Path home;
    private Path hub;

    @BeforeEach
    void prepare() throws Exception {
        project = new TestProject(Files.createDirectory(temporary.resolve("project")));
        home = Files.createDirectory(temporary.resolve("home"));
        hub = home.resolve(".cache/huggingface/hub");
    }

    @Test
    void findsNothingWhereThereIsNothing() throws Exception {
        assertThat(check(TINY, "whisper:tiny", "torch:https://h/a.pth", "url:https://h/m.bin"))
                .isEmpty();
    }

    @Test
    void findsADeclaredModelInTheHomeFolderAndCountsItsContentsOnce() throws Exception {
        HubFixture tiny =
                new HubFixture(hub, "acme/tiny").large("a.bin", "12345").small("copy/a.json", "1234");
        Files.createLink(tiny.folder().resolve("blobs/again"), tiny.blob("a.bin"));
        new HubFixture(hub, "acme/other").large("a.bin", "12345");
        SortedMap<String, String> before = TestProject.contents(home);

        Finding finding = only(TINY);

        assertThat(finding.id()).isEqualTo(FindingId.STRAY_CACHE);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.model()).contains(ModelReference.parse(TINY));
        assertThat(finding.path()).contains(tiny.folder());
        assertThat(finding.message())
                .isEqualTo("9 B of hf:acme/tiny in the home cache of the model hub, which this project does not use: "
                        + tiny.folder());
        assertThat(finding.fix())
                .isEqualTo("mvn cache:migrate; it keeps the copy for other projects, unless you add"
                        + " -Dcache.migrate.keepSource=false");
        assertThat(TestProject.contents(home)).isEqualTo(before);
    }

    @Test
    void countsWhatLiesInTheStoreThatRepositoriesShare() throws Exception {
        new HubFixture(hub, "acme/tiny").stored("a.bin", XET, "12345");
        assertThat(only(TINY).message()).startsWith("5 B of ");
    }

    @Test
    void findsModelsOfEveryKind() throws Exception {
        TestProject there = new TestProject(home);
        Path whisper = there.write(".cache/whisper/tiny.pt", "w");
        Path checkpoint = there.write(".cache/torch/hub/checkpoints/net.pth", "net");
        Path code = there.write(".cache/torch/hub/acme_net_main/hubconf.py", "code");
        assertThat(check("whisper:tiny", "torch:https://h/net.pth", "torchhub:acme/net"))
                .extracting(finding -> finding.path().orElseThrow())
                .containsExactlyInAnyOrder(whisper, checkpoint, code.getParent());
    }

    @Test
    void findsModelsBesideTheHubFolderOfTheProjectItself() throws Exception {
        Path split = project.root().resolve(".cache/huggingface");
        new HubFixture(split, "acme/tiny").large("a.bin", "12345");
        new HubFixture(split.resolve("hub"), "acme/tiny").large("a.bin", "12345");
        assertThat(only(TINY).message()).endsWith("use: .cache/huggingface/models--acme--tiny");
        assertThat(only(TINY).fix()).isEqualTo("mvn cache:migrate");
    }

    @Test
    void findsThemWhereAnInheritedVariableLeads() throws Exception {
        Path data = temporary.resolve("data");
        new HubFixture(data.resolve("hub"), "acme/tiny").large("a.bin", "12345");
        assertThat(check(Map.of("HF_HOME", data.toString()), TINY)).hasSize(1);
    }

    @Test
    void findsModelsThatOnlyTheLockNames() throws Exception {
        Verifier verifier = new Verifier(project);
        verifier.lock(new HubFixture(temporary.resolve("elsewhere"), "acme/tiny")
                .small("a", "a")
                .resolved());
        new HubFixture(hub, "acme/tiny").large("a.bin", "12345");
        verifier.home(home, Map.of());
        assertThat(verifier.verify().findings()).extracting(Finding::id).contains(FindingId.STRAY_CACHE);
    }

    @Test
    void leftoversWithoutAContentAreNoModel() throws Exception {
        TestProject there = new TestProject(hub.resolve("models--acme--tiny"));
        there.write(".no_exist/" + HubFixture.COMMIT + "/a.json", "");
        there.write("refs/main", HubFixture.COMMIT);
        there.write("blobs/" + "a".repeat(64) + ".incomplete", "123");
        assertThat(check(TINY)).isEmpty();
    }

    @Test
    void aHomeCacheThatIsTheProjectsOwnIsNotStray() throws Exception {
        new HubFixture(project.root().resolve(".cache/huggingface/hub"), "acme/tiny").large("a.bin", "1");
        project.write(".cache/whisper/tiny.pt", "w");
        Files.createSymbolicLink(home.resolve(".cache"), project.root().resolve(".cache"));
        assertThat(check(TINY, "whisper:tiny")).isEmpty();
    }

    @Test
    void aModelThatIsALinkIntoTheProjectsCacheIsNotStray() throws Exception {
        HubFixture own = new HubFixture(project.root().resolve(".cache/huggingface/hub"), "acme/tiny");
        own.large("a.bin", "1");
        Files.createDirectories(hub);
        Files.createSymbolicLink(hub.resolve("models--acme--tiny"), own.folder());
        Files.createDirectories(home.resolve(".cache/whisper"));
        Files.createSymbolicLink(home.resolve(".cache/whisper/tiny.pt"), Path.of("nowhere"));
        assertThat(check(TINY, "whisper:tiny")).isEmpty();
    }

    @Test
    void aHomeThatIsTheProjectHasNothingStray() throws Exception {
        home = project.root();
        new HubFixture(home.resolve(".cache/huggingface/hub"), "acme/tiny").large("a.bin", "1");
        assertThat(check(TINY)).isEmpty();
    }

    @Test
    void linksThatLeadOutAreNotFollowed() throws Exception {
        Path elsewhere = new TestProject(temporary).write("elsewhere/blobs/big", "123456789");
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "12345");
        Files.createSymbolicLink(tiny.folder().resolve("blobs/out"), elsewhere);
        Files.createSymbolicLink(tiny.folder().resolve("snapshots/up"), home);
        assertThat(only(TINY).message()).startsWith("5 B of ");
        Files.createSymbolicLink(hub.resolve("models--acme--linked"), temporary.resolve("elsewhere"));
        assertThat(only("hf:acme/linked").message()).startsWith("A link to hf:acme/linked in the home cache");
    }

    @Test
    void saysWhatItCannotLookInto() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "12345");
        Path blobs = tiny.folder().resolve("blobs");
        Files.setPosixFilePermissions(blobs, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(blobs)).as("this user may read everything").isFalse();
        try {
            assertThat(check(TINY)).extracting(Finding::id).containsExactly(FindingId.UNVERIFIABLE);
        } finally {
            Files.setPosixFilePermissions(blobs, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aFolderThatLeadsInACircleCannotBeLookedInto() throws Exception {
        Path torch = Files.createDirectories(home.resolve(".cache/torch/hub"));
        Files.createSymbolicLink(torch.resolve("checkpoints"), Path.of("checkpoints"));
        assertThat(check("torch:https://h/a.pth", "torch:https://h/b.pth"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.id()).isEqualTo(FindingId.UNVERIFIABLE);
                    assertThat(finding.path()).contains(torch);
                });
    }

    @Test
    void aPlaceThatIsNoFolderIsNone() throws Exception {
        TestProject there = new TestProject(home);
        there.write(".cache/huggingface", "a file");
        there.write(".cache/whisper", "a file");
        assertThat(check(TINY, "whisper:tiny")).isEmpty();
    }

    @Test
    void tellsWhatTheFolderOfOldHolds() throws Exception {
        Path legacy = project.root().resolve("shared/model-cache");
        new HubFixture(legacy, "acme/my_tiny_one").large("a.bin", "12345");
        project.write("shared/model-cache/whisper/tiny.pt", "1234");
        project.write("shared/model-cache/notes.txt", "1");
        assertThat(check("hf:acme/my_tiny_one")).isEmpty(); // one finding tells of all that is in there
        Finding finding = legacy();
        assertThat(finding.message())
                .isEqualTo(
                        "shared/model-cache/ is an old cache folder that is no longer used; it holds 10 B in 3 files,"
                                + " with hf:acme/my_tiny_one, whisper:tiny");
        assertThat(finding.fix()).startsWith("mvn cache:migrate");
        assertThat(finding.path()).contains(legacy);
    }

    @Test
    void aFolderOfOldNeedNotHoldAModel() throws Exception {
        project.write("shared/model-cache/notes.txt", "1");
        assertThat(legacy().message()).endsWith("it holds 1 B in 1 file, but no known model");
        Files.delete(project.root().resolve("shared/model-cache/notes.txt"));
        assertThat(legacy().message()).endsWith("it is empty");
        assertThat(legacy().fix()).isEqualTo("delete the folder");
    }

    @Test
    void aLinkFromTheFolderOfOldToTheCacheIsNone() throws Exception {
        CacheConfig config = project.prepared("");
        Files.createDirectory(project.root().resolve("shared"));
        Files.createSymbolicLink(project.root().resolve("shared/model-cache"), Path.of("../.cache"));
        List<Finding> found = new ArrayList<>();
        new LegacyCheck(config, new ExternalCaches(config, home, Map.of()), List.of(ModelReference.parse(TINY)))
                .run(found::add);
        assertThat(found).isEmpty();
    }

    @Test
    void tellsOfAFlatCacheOfOldTransformersAndHowToFreeIt() throws Exception {
        Path flat = project.root().resolve(".cache/huggingface/transformers");
        FlatTransformersCacheTest.fill(flat, "https://huggingface.co/acme/tiny/resolve/main/config.json", "{}");
        FlatTransformersCacheTest.fill(
                home.resolve(".cache/huggingface/transformers"),
                "https://huggingface.co/acme/other/resolve/main/config.json",
                "{}");

        Finding finding = legacy();

        assertThat(finding.id()).isEqualTo(FindingId.LEGACY_CACHE);
        assertThat(finding.message())
                .startsWith(".cache/huggingface/transformers holds ")
                .endsWith(" in 3 files of a flat cache of transformers up to 4.21, with hf:acme/tiny, which newer"
                        + " versions do not read");
        assertThat(finding.fix()).contains("mvn cache:download", "rm -r '" + flat + "'");
    }

    private Finding legacy() throws Exception {
        CacheConfig config = project.prepared("");
        List<Finding> found = new ArrayList<>();
        new LegacyCheck(config, new ExternalCaches(config, home, Map.of()), List.of(ModelReference.parse(TINY)))
                .run(found::add);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private Finding only(String model) throws Exception {
        List<Finding> found = check(model);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<Finding> check(String... models) throws Exception {
        return check(Map.of(), models);
    }

    private List<Finding> check(Map<String, String> inherited, String... models) throws Exception {
        CacheConfig config = project.prepared("");
        List<ModelReference> references =
                List.of(models).stream().map(ModelReference::parse).toList();
        List<Finding> found = new ArrayList<>();
        new StrayCheck(config, new ExternalCaches(config, home, inherited), references).run(found::add);
        return found;
    }
}
