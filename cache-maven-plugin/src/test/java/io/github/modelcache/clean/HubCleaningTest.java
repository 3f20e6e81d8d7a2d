package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Action;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCleaningTest {

    private final Instant now = Instant.now();
    private static final String OLD = "f".repeat(40);
    private static final String XET = "ab" + "0".repeat(62);

    @TempDir
    Path folder;

    @TempDir
    Path outside;

    private TestProject project;
    private CacheConfig config;
    private Path hub;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared("");
        hub = folder.resolve(".cache/huggingface/hub");
    }

    @Test
    void takesARevisionThatIsNotLockedAndTheContentsThatNoOtherUses() throws Exception {
        HubFixture tiny = twoRevisions();
        long freed = run(CleanScope.UNUSED);
        assertThat(freed).isEqualTo("only old".length() + OLD.length() + "{}".length());
        assertThat(snapshot(tiny, OLD)).doesNotExist();
        assertThat(tiny.folder().resolve("refs/old")).doesNotExist();
        assertThat(tiny.folder().resolve("trees/" + OLD + ".json")).doesNotExist();
        assertThat(tiny.folder().resolve("refs/main")).hasContent(HubFixture.COMMIT);
        assertThat(Files.readString(tiny.file("a.bin"))).isEqualTo("shared by both");
        assertThat(tiny.folder().resolve("blobs/old")).doesNotExist();
    }

    @Test
    void leavesNoDanglingLinkWhereverItIsInterrupted() throws Exception {
        for (CleanScope scope : List.of(CleanScope.UNUSED, CleanScope.MODELS)) {
            for (int steps = 0; steps < 20; steps++) {
                deleteAll(hub);
                HubFixture tiny = twoRevisions();
                new HubFixture(hub, "acme/other").stored("m.bin", XET, "stored").ref("main", HubFixture.COMMIT);
                new HubFixture(hub, "acme/third").stored("m.bin", XET, "stored");
                Deaths deaths = new Deaths(steps);
                try {
                    for (Action action : plan(scope, deaths).plan().actions()) {
                        action.run();
                    }
                } catch (Died e) {
                    assertThat(e).hasMessageContaining(String.valueOf(steps));
                }
                assertThat(dangling())
                        .as("after %s deletions of %s", steps, scope)
                        .isEmpty();
                if (scope == CleanScope.UNUSED) {
                    assertThat(Files.readString(tiny.file("a.bin"))).isEqualTo("shared by both");
                }
            }
        }
    }

    @Test
    void takesAWholeRepositoryThatIsNotLocked() throws Exception {
        HubFixture tiny =
                new HubFixture(hub, "acme/tiny").large("a.bin", "x".repeat(50)).ref("main", "odd");
        tiny.tree(Map.of());
        project.write(".cache/huggingface/hub/models--acme--tiny/.no_exist/" + OLD + "/x.json", "");
        project.write(".cache/huggingface/hub/.locks/models--acme--tiny/maven.lock", "");
        project.lock().write(Lock.EMPTY);
        run(CleanScope.UNUSED);
        assertThat(tiny.folder()).doesNotExist();
        assertThat(hub.resolve(".locks/models--acme--tiny/maven.lock")).exists();
    }

    @Test
    void keepsADeclaredModelThatIsNotLockedYet() throws Exception {
        config = project.prepared("\"models\": [\"hf:acme/tiny\"]");
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "x");
        project.lock().write(Lock.EMPTY);
        run(CleanScope.UNUSED);
        assertThat(tiny.file("a.bin")).exists();
    }

    @Test
    void keepsWhatADownloadOfALockedModelHasBegun() throws Exception {
        HubFixture tiny = new HubFixture(outside, "acme/tiny").large("a.bin", "x");
        HubFixture other = new HubFixture(hub, "acme/other").large("b.bin", "y").ref("main", HubFixture.COMMIT);
        Path bare = begun("tiny");
        Path beside = begun("other");
        Path unwanted = begun("unwanted");
        project.lock().write(Lock.of(List.of(tiny.resolved(), revised(other))));
        run(CleanScope.UNUSED);
        assertThat(bare).exists();
        assertThat(beside).exists();
        assertThat(other.file("b.bin")).doesNotExist();
        assertThat(other.folder().resolve("refs/main")).doesNotExist();
        assertThat(unwanted).doesNotExist();
        run(CleanScope.MODELS);
        assertThat(bare).doesNotExist();
        assertThat(beside).doesNotExist();
    }

    @Test
    void keepsWhatADownloadOfADeclaredModelHasBegun() throws Exception {
        config = project.prepared("\"models\": [\"hf:acme/tiny\"]");
        Path bare = begun("tiny");
        project.lock().write(Lock.EMPTY);
        run(CleanScope.UNUSED);
        assertThat(bare).exists();
    }

    /** The same model, locked at another revision. */
    private static ResolvedModel revised(HubFixture model) {
        ResolvedModel here = model.resolved();
        return new ResolvedModel(
                here.reference(), here.request(), "d".repeat(40), Optional.empty(), false, here.files());
    }

    /** Half a content that was last written to an hour ago. */
    private Path begun(String name) throws IOException {
        Path partial = project.write(
                ".cache/huggingface/hub/models--acme--" + name + "/blobs/" + "a".repeat(64) + ".01234567.incomplete",
                "half");
        Files.setLastModifiedTime(partial, FileTime.from(now.minus(Duration.ofHours(1))));
        return partial;
    }

    @Test
    void takesASharedContentWithItsLastRepository() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "x".repeat(50));
        HubFixture two = new HubFixture(hub, "acme/two").stored("m.bin", XET, "x".repeat(50));
        Files.writeString(
                one.stored(XET + ".refs"),
                "models--acme--one/blobs/" + one.digest("m.bin").hex() + "\n");
        project.lock().write(Lock.of(List.of(two.resolved())));
        assertThat(run(CleanScope.UNUSED)).isZero();
        assertThat(one.folder()).doesNotExist();
        assertThat(Files.readString(two.file("m.bin"))).hasSize(50);
        project.lock().write(Lock.EMPTY);
        long listed = Files.size(two.stored(XET + ".refs"));
        CleanPlan plan = plan(CleanScope.UNUSED);
        assertThat(plan.run(project, folder)).isEqualTo(plan.bytes()).isEqualTo(50 + listed);
        assertThat(two.stored(XET)).doesNotExist();
        assertThat(hub.resolve("blobs/.huggingface-shared-blobs")).exists();
    }

    @Test
    void takesTheSharedContentOfARevisionThatGoes() throws Exception {
        HubFixture tiny = twoRevisions();
        Path stored = new HubFixture(outside, "acme/tiny")
                .stored("b.bin", XET, "x".repeat(50))
                .stored(XET);
        project.write(".cache/huggingface/hub/blobs/.huggingface-shared-blobs", "1");
        Path content = project.write(".cache/huggingface/hub/blobs/ab/" + XET, Files.readString(stored));
        project.write(".cache/huggingface/hub/blobs/ab/" + XET + ".refs", "models--acme--tiny/blobs/" + "c".repeat(64));
        Path blob = tiny.folder().resolve("blobs").resolve("c".repeat(64));
        Files.createSymbolicLink(blob, Path.of("../../blobs/ab", XET));
        Files.createSymbolicLink(snapshot(tiny, OLD).resolve("c.bin"), Path.of("../../blobs", "c".repeat(64)));
        CleanPlan plan = plan(CleanScope.UNUSED);
        assertThat(plan.run(project, folder)).isEqualTo(plan.bytes()).isGreaterThan(50);
        assertThat(Files.exists(blob, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(content).doesNotExist();
        assertThat(Files.readString(tiny.file("a.bin"))).isEqualTo("shared by both");
    }

    @Test
    void leavesASharedContentThatWasListedADayAgoOrLess() throws Exception {
        new HubFixture(hub, "acme/gone").stored("m.bin", XET, "x".repeat(50));
        HubFixture other = new HubFixture(hub, "acme/other");
        String listed = "cd" + "0".repeat(62);
        other.stored("n.bin", listed, "y".repeat(40));
        Files.delete(other.blob("n.bin"));
        run(CleanScope.MODELS);
        assertThat(other.folder()).doesNotExist();
        assertThat(other.stored(XET)).doesNotExist();
        assertThat(other.stored(listed)).exists();
        new HubFixture(hub, "acme/third").large("a.bin", "x");
        Files.setLastModifiedTime(
                other.stored(listed).resolveSibling(listed + ".refs"), FileTime.from(now.minus(Duration.ofDays(2))));
        assertThat(run(CleanScope.MODELS)).isEqualTo(40 + 1);
        assertThat(other.stored(listed)).doesNotExist();
    }

    @Test
    void leavesARevisionWhileADownloadWritesToItsRepository() throws Exception {
        HubFixture tiny = twoRevisions();
        Path partial = begun("tiny");
        Files.setLastModifiedTime(partial, FileTime.from(now));
        run(CleanScope.UNUSED);
        assertThat(snapshot(tiny, OLD)).exists();
        assertThat(project.said())
                .singleElement()
                .asString()
                .contains("a download wrote to it less than 10 minutes ago");
        begun("tiny");
        run(CleanScope.UNUSED);
        assertThat(snapshot(tiny, OLD)).doesNotExist();
        assertThat(partial).exists();
    }

    @Test
    void leavesASharedContentWhoseListCannotBeRead() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "x".repeat(50));
        Files.delete(one.stored(XET).resolveSibling(XET + ".refs"));
        run(CleanScope.MODELS);
        assertThat(one.folder()).doesNotExist();
        assertThat(one.stored(XET)).exists();
    }

    @Test
    void leavesAModelThatAnotherBuildIsFetchingAndSaysSo() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "x");
        HubFixture other = new HubFixture(hub, "acme/other").large("a.bin", "x");
        Path lock = hub.resolve(".locks/models--acme--tiny/maven.lock");
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            run(CleanScope.MODELS);
        }
        assertThat(tiny.file("a.bin")).exists();
        assertThat(other.folder()).doesNotExist();
        assertThat(lock).exists();
        assertThat(project.said())
                .contains(
                        "warn: Left hf:acme/tiny: another build is fetching it; run mvn cache:clean again when that is"
                                + " done");
    }

    @Test
    void leavesAModelThatAnotherBuildBeginsToFetchAfterThePlan() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "x");
        CleanPlan plan = plan(CleanScope.MODELS);
        Path lock = hub.resolve(".locks/models--acme--tiny/maven.lock");
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            assertThat(held.exclusive()).isTrue();
            plan.run(project, folder);
        }
        assertThat(tiny.file("a.bin")).exists();
        assertThat(project.said()).singleElement().asString().contains("another build is fetching it");
    }

    @Test
    void noOtherBuildFetchesAModelWhileItGoesThoughNoLockFileIsThere() throws Exception {
        new HubFixture(hub, "acme/tiny").large("a.bin", "x");
        Path lock = hub.resolve(".locks/models--acme--tiny/maven.lock");
        List<Boolean> free = new ArrayList<>();
        plan(CleanScope.MODELS, () -> free.add(LockProcess.isFree(lock))).run(project, folder);
        assertThat(free).isNotEmpty().containsOnly(false);
        assertThat(hub).doesNotExist();
    }

    @Test
    void aDryRunMakesNoLockFile() throws Exception {
        new HubFixture(hub, "acme/tiny").large("a.bin", "x");
        plan(CleanScope.MODELS).plan().print(project, folder, "mvn cache:clean", 0);
        assertThat(hub.resolve(".locks")).doesNotExist();
    }

    @Test
    void leavesAModelThatAnotherProgramIsWritingTo() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "x");
        Path partial = project.write(
                ".cache/huggingface/hub/models--acme--tiny/blobs/" + "a".repeat(64) + ".01234567.incomplete", "half");
        run(CleanScope.MODELS);
        assertThat(tiny.file("a.bin")).exists();
        assertThat(partial).exists();
        assertThat(project.said()).anyMatch(line -> line.contains("hf:acme/tiny: a download wrote to it less than"));
        Files.setLastModifiedTime(partial, FileTime.from(now.minus(Duration.ofHours(1))));
        run(CleanScope.MODELS);
        assertThat(tiny.folder()).doesNotExist();
    }

    @Test
    void leavesContentsThatARevisionUsesWhichAppearedAfterThePlan() throws Exception {
        HubFixture tiny = twoRevisions();
        CleanPlan plan = plan(CleanScope.UNUSED);
        Path late = snapshot(tiny, "e".repeat(40)).resolve("c.bin");
        Files.createDirectories(late.getParent());
        Files.createSymbolicLink(late, Path.of("../../blobs/old"));
        plan.run(project, folder);
        assertThat(Files.readString(late)).isEqualTo("only old");
    }

    @Test
    void leavesWhatChangedAfterThePlanAndNamesIt() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny")
                .real("a.bin", "old content", true)
                .real("b.bin", "stays as it is", true);
        CleanPlan plan = plan(CleanScope.MODELS);
        Files.writeString(tiny.file("a.bin"), "other content");
        Files.writeString(tiny.file("new.bin"), "new");
        plan.run(project, folder);
        assertThat(tiny.file("a.bin")).hasContent("other content");
        assertThat(tiny.file("new.bin")).exists();
        assertThat(tiny.file("b.bin")).doesNotExist();
        assertThat(project.said())
                .anyMatch(line -> line.startsWith("warn: Left .cache/huggingface/hub/models--acme" + "--tiny/snapshots/"
                        + HubFixture.COMMIT + "/a.bin: it is new, or was changed"));
    }

    @Test
    void twoCleansAtOnceDoNotTripOverEachOther() throws Exception {
        HubFixture tiny = twoRevisions();
        CleanPlan one = plan(CleanScope.MODELS);
        CleanPlan other = plan(CleanScope.MODELS);
        assertThat(one.run(project, folder)).isPositive();
        assertThat(other.run(project, folder)).isZero();
        assertThat(tiny.folder()).doesNotExist();
    }

    @Test
    void aRepositoryThatIsALinkGoesAndWhatItLeadsToStays() throws Exception {
        HubFixture elsewhere = new HubFixture(outside, "acme/tiny").large("a.bin", "x");
        Files.createDirectories(hub);
        Files.createSymbolicLink(hub.resolve("models--acme--tiny"), elsewhere.folder());
        project.lock().write(Lock.EMPTY);
        run(CleanScope.UNUSED);
        assertThat(hub.resolve("models--acme--tiny")).isSymbolicLink();
        run(CleanScope.MODELS);
        assertThat(Files.exists(hub.resolve("models--acme--tiny"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(elsewhere.file("a.bin")).exists();
    }

    @Test
    void leavesALinkToLockedModelsAndSaysSo() throws Exception {
        HubFixture elsewhere = new HubFixture(outside.resolve("hub"), "acme/tiny").large("a.bin", "x".repeat(50));
        HubFixture unlocked = new HubFixture(outside.resolve("hub"), "acme/other").large("b.bin", "y".repeat(50));
        Files.createDirectories(hub.resolveSibling("."));
        Files.deleteIfExists(hub);
        Files.createSymbolicLink(hub, outside.resolve("hub"));
        project.write(".cache/huggingface/xet/chunk", "chunk");
        project.lock().write(Lock.of(List.of(elsewhere.resolved())));
        for (CleanScope scope : List.of(CleanScope.UNUSED, CleanScope.MODELS)) {
            CleanPlan plan = plan(scope);
            assertThat(plan.run(project, folder)).isEqualTo(plan.bytes());
            assertThat(hub).isSymbolicLink();
            assertThat(elsewhere.file("a.bin")).exists();
            assertThat(unlocked.file("b.bin")).exists();
            assertThat(project.said()).anyMatch(line -> line.startsWith("warn: Kept " + hub + ": it is a link"));
        }
        assertThat(folder.resolve(".cache/huggingface/xet")).doesNotExist();
    }

    @Test
    void leavesALinkToALockedRepository() throws Exception {
        HubFixture elsewhere = new HubFixture(outside, "acme/tiny").large("a.bin", "x");
        Files.createDirectories(hub);
        Path link = Files.createSymbolicLink(hub.resolve("models--acme--tiny"), elsewhere.folder());
        project.lock().write(Lock.of(List.of(elsewhere.resolved())));
        run(CleanScope.MODELS);
        assertThat(link).isSymbolicLink();
        assertThat(elsewhere.file("a.bin")).exists();
        assertThat(project.said()).anyMatch(line -> line.startsWith("warn: Kept " + link + ": it is a link"));
    }

    @Test
    void aRefThatCannotBeReadKeepsNoOtherModelFromGoing() throws Exception {
        HubFixture tiny = twoRevisions();
        HubFixture other = new HubFixture(hub, "acme/other").large("b.bin", "y");
        Path ref = tiny.folder().resolve("refs/secret");
        Path below = Files.createDirectories(tiny.folder().resolve("refs/pr"));
        Files.writeString(ref, OLD);
        Files.setPosixFilePermissions(ref, Set.of());
        Files.setPosixFilePermissions(below, Set.of());
        try {
            assumeFalse(Files.isReadable(ref), "whoever runs this may read everything");
            run(CleanScope.UNUSED);
        } finally {
            Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(other.folder()).doesNotExist();
        assertThat(snapshot(tiny, OLD)).doesNotExist();
        assertThat(tiny.file("a.bin")).exists();
    }

    @Test
    void aFolderThatCannotBeReadKeepsNoModelFromGoing() throws Exception {
        HubFixture other = new HubFixture(hub, "acme/other").large("b.bin", "y");
        project.write(".cache/huggingface/xet/CACHEDIR.TAG", "tag");
        Path closed = folder.resolve(".cache/huggingface/xet");
        project.lock().write(Lock.EMPTY);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("--x------"));
        try {
            assumeFalse(Files.isReadable(closed), "whoever runs this may read everything");
            run(CleanScope.MODELS);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(other.folder()).doesNotExist();
        assertThat(project.said()).anyMatch(line -> line.startsWith("warn: Left " + closed + ": it can't be read"));
    }

    @Test
    void aRepositoryWhoseRevisionsCannotBeReadStaysAndTheOthersGo() throws Exception {
        HubFixture tiny = twoRevisions();
        HubFixture other = new HubFixture(hub, "acme/other").large("b.bin", "y");
        Path closed = tiny.folder().resolve("snapshots");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("--x------"));
        try {
            assumeFalse(Files.isReadable(closed), "whoever runs this may read everything");
            run(CleanScope.MODELS);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(other.folder()).doesNotExist();
        assertThat(snapshot(tiny, OLD)).exists();
        assertThat(tiny.file("a.bin")).exists();
        assertThat(project.said())
                .anyMatch(line -> line.startsWith("warn: Kept " + tiny.folder() + ": it can't be read"));
    }

    @Test
    void leavesASharedContentWhoseListIsFullOfZeros() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "x".repeat(50));
        Files.writeString(one.stored(XET + ".refs"), "\0".repeat(64));
        run(CleanScope.MODELS);
        assertThat(one.folder()).doesNotExist();
        assertThat(one.stored(XET)).exists();
    }

    @Test
    void keepsTheTokensOfALogin() throws Exception {
        project.write(".cache/huggingface/token", "secret");
        project.write(".cache/huggingface/stored_tokens", "secrets");
        project.write(".cache/huggingface/xet/chunk", "chunk");
        run(CleanScope.ALL);
        assertThat(folder.resolve(".cache/huggingface/token")).exists();
        assertThat(folder.resolve(".cache/huggingface/stored_tokens")).exists();
        assertThat(folder.resolve(".cache/huggingface/xet")).doesNotExist();
    }

    @Test
    void neverTakesEverythingForUnusedForWantOfALock() throws Exception {
        Files.deleteIfExists(project.lock().path());
        assertThatThrownBy(() -> plan(CleanScope.UNUSED))
                .isInstanceOf(LockException.class)
                .hasMessageContaining("models.lock.json")
                .hasMessageContaining("mvn cache:lock");
        project.write("config/models.lock.json", "{ broken");
        assertThatThrownBy(() -> plan(CleanScope.UNUSED)).isInstanceOf(LockException.class);
    }

    @Test
    void aBlobWithAnotherNameOutsideFreesNothing() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "x".repeat(50));
        Files.createLink(outside.resolve("mine.bin"), tiny.blob("a.bin"));
        CleanPlan plan = plan(CleanScope.MODELS);
        assertThat(plan.bytes()).isZero();
        assertThat(plan.run(project, folder)).isZero();
        assertThat(outside.resolve("mine.bin")).hasContent("x".repeat(50));
    }

    @Test
    void aFolderOfContentsThatIsALinkStaysWithTheRevisionThatIsLocked() throws Exception {
        HubFixture tiny = twoRevisions();
        Path blobs = elsewhere(tiny);
        run(CleanScope.UNUSED);
        assertThat(snapshot(tiny, OLD)).doesNotExist();
        assertThat(blobs).isSymbolicLink();
        assertThat(Files.readString(tiny.file("a.bin"))).isEqualTo("shared by both");
    }

    @Test
    void aFolderOfContentsThatIsALinkStaysWithARevisionThatAppearedAfterThePlan() throws Exception {
        HubFixture tiny = twoRevisions();
        Path blobs = elsewhere(tiny);
        CleanPlan plan = plan(CleanScope.MODELS);
        Path late = snapshot(tiny, "e".repeat(40)).resolve("c.bin");
        Files.createDirectories(late.getParent());
        Files.createSymbolicLink(late, Path.of("../../blobs/old"));
        plan.run(project, folder);
        assertThat(Files.readString(late)).isEqualTo("only old");
        Files.delete(late);
        run(CleanScope.MODELS);
        assertThat(Files.exists(blobs, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(outside.resolve("blobs/old")).hasContent("only old");
    }

    /** Gives the contents of a repository another disk, long ago. */
    private Path elsewhere(HubFixture of) throws Exception {
        Path blobs = of.folder().resolve("blobs");
        Files.move(blobs, outside.resolve("blobs"));
        Files.createSymbolicLink(blobs, outside.resolve("blobs"));
        Files.getFileAttributeView(blobs, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(now.minus(Duration.ofDays(2))), null, null);
        return blobs;
    }

    /** The lock pins one; both have a file of the same content. */
    private HubFixture twoRevisions() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny")
                .large("a.bin", "shared by both")
                .ref("main", HubFixture.COMMIT);
        tiny.tree(Map.of());
        Path old = Files.createDirectories(snapshot(tiny, OLD));
        Files.createSymbolicLink(
                old.resolve("a.bin"),
                Path.of("../../blobs", tiny.digest("a.bin").hex()));
        Files.createSymbolicLink(old.resolve("b.bin"), Path.of("../../blobs/old"));
        Files.writeString(tiny.folder().resolve("blobs/old"), "only old");
        tiny.ref("old", OLD);
        Files.writeString(tiny.folder().resolve("trees/" + OLD + ".json"), "{}");
        project.lock().write(Lock.of(List.of(tiny.resolved())));
        return tiny;
    }

    private static Path snapshot(HubFixture of, String commit) {
        return of.folder().resolve("snapshots").resolve(commit);
    }

    private List<Path> dangling() throws IOException {
        try (Stream<Path> paths = Files.walk(hub)) {
            return paths.filter(path -> Files.isSymbolicLink(path) && !Files.exists(path))
                    .toList();
        }
    }

    private static void deleteAll(Path root) throws IOException {
        if (Files.exists(root)) {
            new TreeDeleter().deleteTree(root, root, path -> false);
        }
    }

    private CleanPlan plan(CleanScope scope) throws Exception {
        return plan(scope, () -> {});
    }

    private CleanPlan plan(CleanScope scope, Runnable beforeEach) throws Exception {
        return new CacheCleaning(config, project.lock(), outside.resolve("home"), now, project)
                .plan(CleanRequest.of(scope), beforeEach);
    }

    private long run(CleanScope scope) throws Exception {
        return plan(scope).run(project, folder);
    }

    /** Lets a run die before one of its deletions. */
    private static final class Deaths implements Runnable {

        private int left;
        private final int steps;

        Deaths(int steps) {
            this.steps = steps;
            this.left = steps;
        }

        @Override
        public void run() {
            if (left-- == 0) {
                throw new Died(steps);
            }
        }
    }

    private static final class Died extends RuntimeException {

        private static final long serialVersionUID = 1;

        Died(int steps) {
            super("after " + steps);
        }
    }
}
