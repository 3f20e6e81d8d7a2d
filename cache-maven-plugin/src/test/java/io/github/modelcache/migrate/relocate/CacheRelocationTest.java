package io.github.modelcache.migrate.relocate;

import static io.github.modelcache.migrate.relocate.RelocatedProject.contents;
import static io.github.modelcache.migrate.relocate.RelocatedProject.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.TestProject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CacheRelocationTest {

    @TempDir
    Path folder;

    private RelocatedProject project;
    private Path base;

    @BeforeEach
    void prepare() throws IOException {
        project = RelocatedProject.in(folder);
        base = project.base();
    }

    @AfterEach
    void deleteDisk() throws IOException {
        project.close();
    }

    @Nested
    class OnOneDisk {

        @Test
        void renamesTheCacheThereAndBack() throws Exception {
            Path to = folder.resolve("elsewhere/cache");
            SortedMap<String, String> before = TestProject.contents(base);

            project.relocate(to);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
            assertThat(contents(to)).isEqualTo(before);
            assertThat(project.plan(to).isEmpty()).isTrue();

            project.relocate(base);
            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(contents(base)).isEqualTo(before);
            assertThat(to).doesNotExist();
            assertThat(project.plan(base).isEmpty()).isTrue();
            assertThat(project.root().toFile().list()).containsExactlyInAnyOrder(".cache", "config");
        }

        @Test
        void anAbsoluteBaseFolderBecomesALinkToo() throws Exception {
            Path nas = folder.resolve("nas/cache");
            write(nas.resolve("x"), "x");
            Path to = folder.resolve("other");
            project.members("\"base_dir\": \"%s\", \"torch_home\": \"%s/torch\"".formatted(nas, nas));

            project.relocate(to);

            assertThat(Files.readSymbolicLink(nas)).isEqualTo(to);
            assertThat(to.resolve("x")).hasContent("x");
        }
    }

    @Nested
    class ToAnotherDisk {

        private Path to;

        @BeforeEach
        void requireSecondDisk() {
            assumeTrue(project.hasSecondDisk(), "There is no second disk");
            to = project.disk().resolve("cache");
        }

        @Test
        void copiesTheCacheThereFurtherAndBack() throws Exception {
            Files.createLink(base.resolve("models/two.bin"), base.resolve("models/one.bin"));
            SortedMap<String, String> before = TestProject.contents(base);

            project.relocate(to);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
            assertThat(contents(to)).isEqualTo(before);
            assertThat(Files.isSameFile(to.resolve("models/one.bin"), to.resolve("models/two.bin")))
                    .isTrue();
            assertThat(project.root().toFile().list()).containsExactlyInAnyOrder(".cache", "config");

            Path further = project.disk().resolve("further");
            project.relocate(further);
            assertThat(to).doesNotExist();
            assertThat(contents(further)).isEqualTo(before);

            project.relocate(base);
            assertThat(contents(base)).isEqualTo(before);
            assertThat(project.disk().toFile().list()).isEmpty();
        }

        @Test
        void aDiskThatKeepsCoarserTimesIsCopiedToOnce() throws Exception {
            Path model = base.resolve("models/one.bin");
            Path copy = to.resolve("models/one.bin");
            Files.setLastModifiedTime(model, FileTime.fromMillis(1_700_000_001_234L));
            AtomicInteger copies = new AtomicInteger();

            assertThatThrownBy(() -> project.relocate(to, changed -> {
                        coarsen(changed);
                        if (changed.equals(copy)) {
                            copies.incrementAndGet();
                        }
                        if (changed.equals(project.aside())) {
                            throw new RelocatedProject.Killed();
                        }
                    }))
                    .isInstanceOf(RelocatedProject.Killed.class);
            assertThat(Files.getLastModifiedTime(copy)).isEqualTo(FileTime.fromMillis(1_700_000_000_000L));

            project.relocate(to, changed -> {
                coarsen(changed);
                if (changed.equals(copy)) {
                    copies.incrementAndGet();
                }
            });
            assertThat(copies).hasValue(1);
            assertThat(model).hasContent("one");
        }

        @Test
        void readOnlyFilesStayReadOnly() throws Exception {
            Set<PosixFilePermission> readOnly = PosixFilePermissions.fromString("r--r--r--");
            Set<PosixFilePermission> shared = PosixFilePermissions.fromString("rwxrwxr-x");
            Files.setPosixFilePermissions(base.resolve("models/one.bin"), readOnly);
            Files.setPosixFilePermissions(base.resolve("models"), shared);

            project.relocate(to);

            assertThat(Files.getPosixFilePermissions(to.resolve("models"))).isEqualTo(shared);
            assertThat(Files.getPosixFilePermissions(to.resolve("models/one.bin")))
                    .isEqualTo(readOnly);
        }

        @Test
        void readOnlyFoldersAreRefusedOrCopied() throws Exception {
            Path models = base.resolve("models");
            Files.setPosixFilePermissions(models, PosixFilePermissions.fromString("r-xr-xr-x"));
            try {
                if (Files.isWritable(models)) { // the superuser may write everywhere
                    project.relocate(to);
                    assertThat(to.resolve("models/one.bin")).hasContent("one");
                } else {
                    project.refused(to, models + " is read-only; make it writable first. Nothing was changed");
                    assertThat(to).doesNotExist();
                }
            } finally {
                Files.setPosixFilePermissions(
                        base.toRealPath().resolve("models"), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }

        /** FAT keeps even seconds. A file has its time before it gets its name. */
        private void coarsen(Path changed) {
            Path parent = changed.resolveSibling(".").normalize();
            if (!Files.isDirectory(parent)) {
                return;
            }
            try (DirectoryStream<Path> beside = Files.newDirectoryStream(parent, "*.partial")) {
                for (Path file : beside) {
                    if (Files.isRegularFile(file)) {
                        long millis = Files.getLastModifiedTime(file).toMillis();
                        Files.setLastModifiedTime(file, FileTime.fromMillis(millis - millis % 2000));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class Links {

        @Test
        void leadToTheSameFilesAfterwards() throws Exception {
            Path outside = Files.writeString(folder.resolve("outside"), "outside");
            Files.createDirectories(base.resolve("models/dir"));
            Files.createSymbolicLink(base.resolve("models/out.bin"), outside);
            Files.createSymbolicLink(base.resolve("models/by-base.bin"), base.resolve("models/one.bin"));
            Files.createSymbolicLink(base.resolve("models/relative.bin"), Path.of("../models/one.bin"));
            Files.createSymbolicLink(base.resolve("models/folder"), Path.of("dir"));
            Files.createSymbolicLink(base.resolve("models/broken"), Path.of("gone"));

            for (Path next : List.of(folder.resolve("first"), project.disk().resolve("second"), base)) {
                project.relocate(next);
                assertThat(next.resolve("models/out.bin")).isSymbolicLink().hasContent("outside");
                assertThat(next.resolve("models/by-base.bin")).isSymbolicLink().hasContent("one");
                assertThat(next.resolve("models/relative.bin")).isSymbolicLink().hasContent("one");
                assertThat(next.resolve("models/folder")).isSymbolicLink().isDirectory();
                assertThat(Files.readSymbolicLink(next.resolve("models/broken")))
                        .isEqualTo(Path.of("gone"));
            }
        }

        @Test
        void thatWouldBreakAreRefused() throws Exception {
            Path link = base.resolve("models/link.bin");
            for (Path text : List.of(Path.of("../../../shared"), Path.of("../../.cache/models/one.bin"))) {
                Files.createSymbolicLink(link, text);
                project.refused(
                        folder.resolve("elsewhere"),
                        "the link " + link.toRealPath(LinkOption.NOFOLLOW_LINKS) + " would break");
                Files.delete(link);
            }
            Path first = folder.resolve("first");
            project.relocate(first);
            Files.createSymbolicLink(first.resolve("models/absolute.bin"), first.resolve("models/one.bin"));
            SortedMap<String, String> before = TestProject.contents(folder);

            project.refused(folder.resolve("second"), "would break, because it leads to " + first);
            project.refused(base, "would break, because it leads to " + first);

            assertThat(TestProject.contents(folder)).isEqualTo(before);
        }

        @Test
        void theCacheStaysWhereNoneCanBeMade() throws Exception {
            for (Path root : List.of(folder, project.disk())) {
                Path to = root.resolve("unlinked");
                SortedMap<String, String> before = contents(base);

                assertThatThrownBy(() -> project.relocate(to, changed -> {
                            if (changed.getFileName().toString().startsWith("..cache.")
                                    && !changed.equals(project.aside())) {
                                throw new UnsupportedOperationException("no links");
                            }
                        }))
                        .hasMessageContaining("no links");

                assertThat(Files.isSymbolicLink(base)).isFalse();
                assertThat(contents(base)).isEqualTo(before);
            }
        }

        @Test
        void aDiskWithoutThemIsRefusedBeforeTheFirstByte() throws Exception {
            SortedMap<String, String> before = contents(base);
            try (SmallDisk unlinked = SmallDisk.whichFollowsNoLinks(folder.resolve("unlinked"))) {
                Path to = unlinked.folder().resolve("cache");

                assertThatThrownBy(() -> project.relocate(to))
                        .hasMessageContaining(to + " is on a disk without symbolic links")
                        .hasMessageContaining("mvn cache:download")
                        .hasMessageContaining("Nothing was changed");

                assertThat(unlinked.folder()).isEmptyDirectory();
            }
            assertThat(contents(base)).isEqualTo(before);
            assertThat(Files.isSymbolicLink(base)).isFalse();
        }
    }

    @Nested
    class Refuses {

        @Test
        void foldersThatAreNoPlaceForACache() throws Exception {
            Path full = folder.resolve("full");
            write(full.resolve("mine.txt"), "mine");
            Path file = Files.writeString(folder.resolve("file"), "mine");
            Files.createSymbolicLink(folder.resolve("inside"), base.resolve("models"));
            project.plan(base);
            SortedMap<String, String> before = TestProject.contents(folder);

            project.refused(Path.of("/"), "root of a file system");
            project.refused(folder.resolve("home"), "home folder");
            project.refused(folder.resolve("project"), "the project");
            project.refused(folder, "contains");
            project.refused(base.resolve("inner"), "contains the cache");
            project.refused(folder.resolve("inside/x"), "or is in it");
            project.refused(full, "not empty");
            project.refused(file, "is a file");
            project.refused(folder.resolve("project/out/tmdb_cache"), "tmdb cache is there");

            assertThat(TestProject.contents(folder)).isEqualTo(before);
        }

        @Test
        void aProjectWithoutACache() throws Exception {
            new TreeDeleter().deleteTree(base, base, path -> false);
            Files.delete(base);

            project.refused(folder.resolve("elsewhere"), "there is no model cache");
        }
    }

    @Nested
    @DisabledOnOs(OS.WINDOWS)
    class NamesThatAreNoText {

        @Test
        void areKept() throws Exception {
            Process shell = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "printf 1 > \"$(printf 'a\\377')\"; printf 2 > \"$(printf 'a\\376')\"; printf 3 > \"$(printf 'a\\nb')\";"
                                    + " ln -s \"$(printf 'a\\377')\" \"$(printf 'l\\375')\"; mkdir \"$(printf 'd\\377')\";"
                                    + " printf 4 > \"$(printf 'd\\377/f\\377')\"")
                    .directory(base.resolve("models").toFile())
                    .start();
            assertThat(shell.waitFor()).isZero();
            List<String> before = bytes(base);

            Path to = project.disk().resolve("cache");
            project.relocate(to);
            assertThat(bytes(to)).isEqualTo(before);

            project.relocate(base);
            assertThat(bytes(base)).isEqualTo(before);
            assertThat(before).hasSize(7);
        }

        /** The files in models, with their content. */
        private List<String> bytes(Path cache) throws Exception {
            Process shell = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "find . ! -type d -exec cat {} \\; -print0 | od -An -c | tr -d ' \\n'; find . | wc -l")
                    .directory(cache.resolve("models").toFile())
                    .start();
            try (BufferedReader lines = shell.inputReader(StandardCharsets.ISO_8859_1)) {
                String all = lines.lines().collect(Collectors.joining());
                return Stream.of(all.split("\\\\0", -1)).sorted().toList();
            }
        }
    }
}
