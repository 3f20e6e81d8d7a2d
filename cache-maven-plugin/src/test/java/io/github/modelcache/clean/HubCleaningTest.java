package io.github.modelcache.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Action;
import io.github.modelcache.testing.HubFixture;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HubCleaningTest extends HubCleaningCase {

    @Test
    void aRevisionThatIsNotLockedIsDeletedWithItsOwnBlobs() throws Exception {
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
    void anInterruptedRunNeverLeavesABrokenLink() throws Exception {
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
    void aRepositoryThatIsNotLockedIsDeletedCompletely() throws Exception {
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
    void aPartialDownloadOfALockedModelIsKept() throws Exception {
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
    void aPartialDownloadOfADeclaredModelIsKept() throws Exception {
        config = project.prepared("\"models\": [\"hf:acme/tiny\"]");
        Path bare = begun("tiny");
        project.lock().write(Lock.EMPTY);
        run(CleanScope.UNUSED);
        assertThat(bare).exists();
    }

    @Test
    void aSharedBlobIsDeletedWithItsLastRepository() throws Exception {
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
    void theSharedBlobOfADeletedRevisionIsDeleted() throws Exception {
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
    void aSharedBlobThatWasListedWithinADayIsKept() throws Exception {
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
}
