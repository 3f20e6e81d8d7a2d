package io.github.modelcache.migrate.relocate;

import static io.github.modelcache.migrate.relocate.RelocatedProject.contents;
import static io.github.modelcache.migrate.relocate.RelocatedProject.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.Layout;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.process.ProcessLock;
import io.github.modelcache.testing.HubFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relocations of a cache that other builds or programs use. */
class RelocationOfUsedCacheTest {

    private static final Duration DAYS = Duration.ofDays(3);

    @TempDir
    Path folder;

    private RelocatedProject project;
    private Path base;
    private Path to;

    @BeforeEach
    void prepare() throws IOException {
        project = RelocatedProject.in(folder);
        assumeTrue(project.hasSecondDisk(), "There is no second disk");
        base = project.base();
        to = project.disk().resolve("cache");
    }

    @AfterEach
    void deleteDisk() throws IOException {
        project.close();
    }

    @Nested
    class AFileThatIsWritten {

        @Test
        void whileTheCacheIsCopiedStopsTheRelocation() throws Exception {
            for (String name : List.of("models/one.bin", "models/late.bin")) {
                Path late = base.resolve(name);
                assertThatThrownBy(() -> project.relocate(to, changed -> {
                            if (changed.startsWith(to.resolve("huggingface/hub/models--acme--a/blobs"))
                                    || changed.equals(to.resolve("models/one.bin"))) {
                                write(late, "late " + name);
                            }
                        }))
                        .hasMessageContaining(late.toRealPath() + " changed while the cache was copied")
                        .hasMessageContaining("The cache is still in " + base);
                assertThat(Files.isSymbolicLink(base)).isFalse();
                assertThat(late).hasContent("late " + name);
            }

            SortedMap<String, String> before = contents(base);
            project.relocate(to);
            assertThat(contents(to)).isEqualTo(before);
        }

        @Test
        void afterTheSwitchKeepsTheOldFolder() throws Exception {
            for (String name : List.of("models/one.bin", "models/late.bin")) {
                Path late = project.aside().resolve(name);
                assertThatThrownBy(() -> project.relocate(to, changed -> {
                            if (changed.equals(base) && Files.isDirectory(project.aside())) {
                                write(late, "late");
                                setModified(late, Instant.now().plusSeconds(60));
                            }
                        }))
                        .hasMessageContaining(to + " has no copy of " + late + ", or an older one")
                        .hasMessageContaining("The cache is in " + to);
                assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
                assertThat(late).hasContent("late");
                project.refused(to, late.toString());

                Files.delete(late);
                project.relocate(to);
                assertThat(project.aside()).doesNotExist();
                assertThat(contents(to)).containsKey("models/one.bin");
                project.relocate(base);
            }
        }

        @Test
        void whileTheOldFolderIsDeletedIsKept() throws Exception {
            Path late = project.aside().resolve("models/late.bin");
            AtomicInteger written = new AtomicInteger();

            assertThatThrownBy(() -> project.relocate(to, changed -> {
                        if (changed.equals(project.aside().resolve("models/one.bin"))
                                && written.getAndIncrement() == 0) {
                            write(late, "late");
                        }
                    }))
                    .hasMessageContaining(project.aside().toString());

            assertThat(late).hasContent("late");
            Files.delete(late);
            project.relocate(to);
            assertThat(project.aside()).doesNotExist();
            assertThat(project.plan(to).isEmpty()).isTrue();
        }

        @Test
        void inTheNewFolderAfterAnInterruptedRunIsKept() throws Exception {
            project.killedBefore(project.aside().resolve("models/one.bin"), to);
            write(base.resolve("models/one.bin"), "updated");
            setModified(base.resolve("models/one.bin"), Instant.now().plusSeconds(60));

            project.relocate(to);

            assertThat(to.resolve("models/one.bin")).hasContent("updated");
            assertThat(project.aside()).doesNotExist();
        }
    }

    @Nested
    class AFolderThatIsSwappedForALink {

        @Test
        void whileItIsCopiedLeadsNowhere() throws Exception {
            Path pack = base.resolve("models/pack");
            Path mine = folder.resolve("mine");
            for (String name : List.of("1", "2", "3")) {
                write(pack.resolve("d/" + name), "public");
                write(mine.resolve(name), "secret");
                Files.setLastModifiedTime(mine.resolve(name), Files.getLastModifiedTime(pack.resolve("d/" + name)));
            }
            AtomicInteger swaps = new AtomicInteger();

            assertThatThrownBy(() -> project.relocate(to, changed -> {
                        if (changed.startsWith(to.resolve("models/pack/d")) && swaps.getAndIncrement() == 0) {
                            swap(pack, mine);
                        }
                    }))
                    .hasMessageContaining("models/pack/d: is a link or no folder any more");
            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(mine.toFile().list()).containsExactlyInAnyOrder("1", "2", "3");
            try (Stream<Path> copies = Files.walk(to)) {
                assertThat(copies.filter(Files::isRegularFile))
                        .noneMatch(copy -> contentOf(copy).equals("secret"));
            }

            Files.delete(pack.resolve("d"));
            Files.move(pack.resolve("real"), pack.resolve("d"));
            project.relocate(to);
            assertThat(to.resolve("models/pack/d/2")).hasContent("public");
        }

        @Test
        void inTheNewFolderIsNotFollowed() throws Exception {
            Path mine = folder.resolve("mine");
            write(mine.resolve("one.bin"), "secret");
            project.killedBefore(to.resolve("models/one.bin"), to);
            new TreeDeleter().deleteTree(to, to.resolve("models"), path -> false);
            Files.createSymbolicLink(to.resolve("models"), mine);

            project.refused(to, "is not a folder");

            assertThat(mine.resolve("one.bin")).hasContent("secret");
        }

        private static void swap(Path pack, Path mine) {
            try {
                Files.move(pack.resolve("d"), pack.resolve("real"));
                Files.createSymbolicLink(pack.resolve("d"), mine);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String contentOf(Path file) {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class ABuildThatFetches {

        private ModelReference model;
        private Path lock;

        @BeforeEach
        void declare() throws Exception {
            project.members("\"models\": [\"hf:acme/a\", \"torchhub:acme/t\", \"torchhub:acme/t@main\"]");
            model = ModelReference.parse("hf:acme/a");
            lock = new Layouts(project.config()).find(model).orElseThrow().processLock(model);
        }

        @Test
        void keepsTheCacheWhereItIs() throws Exception {
            for (Path next : List.of(to, folder.resolve("renamed"))) {
                try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
                    assertThat(held.exclusive()).isTrue();
                    project.refused(next, "The cache is in use: another build is fetching " + model);
                }
                assertThat(Files.isSymbolicLink(base)).isFalse();
                assertThat(next).doesNotExist();
            }
            project.relocate(to);
            assertThat(to.resolve("models/one.bin")).hasContent("one");
        }

        @Test
        void isLockedOutUntilTheOldFolderIsDeleted() throws Exception {
            write(lock, "");
            Path moved = project.aside().resolve(base.relativize(lock));
            List<Boolean> free = new ArrayList<>();

            project.relocate(to, changed -> {
                if (changed.equals(project.aside())) {
                    free.add(LockProcess.isFree(lock));
                } else if (changed.equals(project.aside().resolve("models/one.bin"))) {
                    free.add(LockProcess.isFree(moved));
                }
            });

            assertThat(free).containsExactly(false, false);
            assertThat(to.resolve(base.relativize(lock))).doesNotExist();
            assertThat(project.aside()).doesNotExist();
            assertThat(contents(to)).containsKey("models/one.bin");
        }
    }

    @Nested
    class APartialDownload {

        @Test
        void thatAProgramWritesToKeepsTheCacheWhereItIs() throws Exception {
            Path part = partial("c", Duration.ZERO);
            SortedMap<String, String> before = contents(base);

            project.refused(to, "A program is downloading into the cache: it wrote to " + part.toRealPath());
            project.refused(folder.resolve("renamed"), "A program is downloading into the cache");
            assertThat(contents(base)).isEqualTo(before);
            assertThat(project.disk().toFile().list()).isEmpty();

            setModified(part, Instant.now().minus(Duration.ofHours(2)));
            project.relocate(to);
            assertThat(to.resolve("models/one.bin")).hasContent("one");

            partial("d", Duration.ZERO);
            project.refused(base, "A program is downloading into the cache");
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
        }

        @Test
        void ofAnotherProgramIsNotCopied() throws Exception {
            Path part = partial("c", DAYS);

            project.relocate(to);

            assertThat(to.resolve(base.relativize(part))).doesNotExist();
            assertThat(project.aside()).doesNotExist();
        }

        @Test
        void thatIsResumedWhileTheCacheIsCopiedStopsTheRelocation() throws Exception {
            Path part = partial("c", DAYS);

            assertThatThrownBy(() -> project.relocate(to, changed -> {
                        if (changed.equals(to.resolve("models/one.bin"))) {
                            write(part, "more");
                        }
                    }))
                    .hasMessageContaining("A program is downloading into the cache: it wrote to " + part.toRealPath());

            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(part).hasContent("more");
        }

        @Test
        void thatIsResumedAfterTheSwitchKeepsTheOldFolder() throws Exception {
            Path part = partial("c", DAYS);
            Path moved = project.aside().resolve(base.relativize(part));

            assertThatThrownBy(() -> project.relocate(to, changed -> {
                        if (changed.equals(base) && Files.isDirectory(project.aside())) {
                            write(moved, "more");
                        }
                    }))
                    .hasMessageContaining("A program is downloading into the cache: it wrote to " + moved);
            assertThat(moved).hasContent("more");

            setModified(moved, Instant.now().minus(Duration.ofHours(2)));
            project.relocate(to);
            assertThat(project.aside()).doesNotExist();
        }

        @Test
        void ofALockedModelIsCopied() throws Exception {
            HubFixture tiny = new HubFixture(folder.resolve("unused"), "acme/tiny").large("t.bin", "tiny");
            ResolvedModel model = tiny.resolved();
            Layout layout =
                    new Layouts(project.config()).find(model.reference()).orElseThrow();
            Path part = layout.partial(model, model.files().get(0));
            write(part, "ti");
            write(part.resolveSibling(part.getFileName() + ".etag"), "etag");

            project.lock(model).relocate(to);

            Path copy = to.resolve(base.relativize(part));
            assertThat(copy).hasContent("ti");
            assertThat(copy.resolveSibling(part.getFileName() + ".etag")).hasContent("etag");
        }

        @Test
        void isNotAFileOfALockedModelThatIsCalledLikeOne() throws Exception {
            project.members("\"models\": [{\"model\": \"url:https://example.org/a.part\", \"to\": \"a.part\"}]");
            ModelDeclaration declaration = project.config().models().get(0);
            Path file = base.resolve("models/a.part");
            write(file, "whole");
            Digest digest = Hashing.digest(file, DigestAlgorithm.SHA256);
            ModelFile locked = new ModelFile("a.part", 5, Optional.of(digest), "https://example.org/a.part");

            project.lock(ResolvedModel.ofFile(declaration, digest.toString(), Optional.empty(), locked))
                    .relocate(to);

            assertThat(to.resolve("models/a.part")).hasContent("whole");
        }

        /** A partial download of a hub client. */
        private Path partial(String digit, Duration age) throws IOException {
            Path part = new HubFixture(base.resolve("huggingface/hub"), "acme/a")
                    .folder()
                    .resolve("blobs/" + digit.repeat(64) + ".incomplete");
            write(part, "half");
            setModified(part, Instant.now().minus(age));
            return part;
        }
    }

    private static void setModified(Path file, Instant time) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(time));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
