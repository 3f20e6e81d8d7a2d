package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.HubFixture;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Deletions in a hub cache that other programs use, or that has links and unreadable files. */
class HubCleaningOfUsedCacheTest extends HubCleaningCase {

    @Test
    void aRevisionIsKeptWhileADownloadWritesToItsRepository() throws Exception {
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
    void aSharedBlobWithAnUnreadableListIsKept() throws Exception {
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", XET, "x".repeat(50));
        Files.delete(one.stored(XET).resolveSibling(XET + ".refs"));
        run(CleanScope.MODELS);
        assertThat(one.folder()).doesNotExist();
        assertThat(one.stored(XET)).exists();
    }

    @Test
    void aModelThatAnotherBuildIsFetchingIsKeptWithAReason() throws Exception {
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
                .contains("warn: Kept hf:acme/tiny: another build is fetching it; run mvn cache:clean again when it has"
                        + " finished");
    }

    @Test
    void aModelThatAnotherBuildBeginsToFetchAfterThePlanIsKept() throws Exception {
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
    void noOtherBuildFetchesAModelWhileItIsDeleted() throws Exception {
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
    void aModelThatAnotherProgramIsWritingToIsKept() throws Exception {
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
    void blobsOfARevisionThatAppearedAfterThePlanAreKept() throws Exception {
        HubFixture tiny = twoRevisions();
        CleanPlan plan = plan(CleanScope.UNUSED);
        Path late = snapshot(tiny, "e".repeat(40)).resolve("c.bin");
        Files.createDirectories(late.getParent());
        Files.createSymbolicLink(late, Path.of("../../blobs/old"));
        plan.run(project, folder);
        assertThat(Files.readString(late)).isEqualTo("only old");
    }

    @Test
    void filesThatChangedAfterThePlanAreKeptAndNamed() throws Exception {
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
                .anyMatch(line -> line.startsWith("warn: Kept .cache/huggingface/hub/models--acme" + "--tiny/snapshots/"
                        + HubFixture.COMMIT + "/a.bin: it is new, or was changed"));
    }

    @Test
    void twoRunsAtOnceDoNotDisturbEachOther() throws Exception {
        HubFixture tiny = twoRevisions();
        CleanPlan one = plan(CleanScope.MODELS);
        CleanPlan other = plan(CleanScope.MODELS);
        assertThat(one.run(project, folder)).isPositive();
        assertThat(other.run(project, folder)).isZero();
        assertThat(tiny.folder()).doesNotExist();
    }

    @Test
    void aRepositoryThatIsALinkIsDeletedWithoutItsTarget() throws Exception {
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
    void aLinkToLockedModelsIsKeptWithAReason() throws Exception {
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
    void aLinkToALockedRepositoryIsKept() throws Exception {
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
    void anUnreadableRefDoesNotKeepOtherModels() throws Exception {
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
        assertThat(project.said()).anyMatch(line -> line.startsWith("warn: Kept " + closed + ": it can't be read"));
    }

    @Test
    void aRepositoryWithUnreadableRevisionsIsKeptAndOthersAreDeleted() throws Exception {
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
    void aSharedBlobWhoseListIsFullOfZerosIsKept() throws Exception {
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
    void nothingIsUnusedWithoutALockFile() throws Exception {
        Files.deleteIfExists(project.lock().path());
        assertThatThrownBy(() -> plan(CleanScope.UNUSED))
                .isInstanceOf(LockException.class)
                .hasMessageContaining("models.lock.json")
                .hasMessageContaining("mvn cache:lock");
        project.write("config/models.lock.json", "{ broken");
        assertThatThrownBy(() -> plan(CleanScope.UNUSED)).isInstanceOf(LockException.class);
    }

    @Test
    void aBlobWithAHardLinkOutsideFreesNothing() throws Exception {
        HubFixture tiny = new HubFixture(hub, "acme/tiny").large("a.bin", "x".repeat(50));
        Files.createLink(outside.resolve("mine.bin"), tiny.blob("a.bin"));
        CleanPlan plan = plan(CleanScope.MODELS);
        assertThat(plan.bytes()).isZero();
        assertThat(plan.run(project, folder)).isZero();
        assertThat(outside.resolve("mine.bin")).hasContent("x".repeat(50));
    }

    @Test
    void aLinkedFolderOfBlobsIsKeptWithALockedRevision() throws Exception {
        HubFixture tiny = twoRevisions();
        Path blobs = elsewhere(tiny);
        run(CleanScope.UNUSED);
        assertThat(snapshot(tiny, OLD)).doesNotExist();
        assertThat(blobs).isSymbolicLink();
        assertThat(Files.readString(tiny.file("a.bin"))).isEqualTo("shared by both");
    }

    @Test
    void aLinkedFolderOfBlobsIsKeptWithANewRevision() throws Exception {
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
}
