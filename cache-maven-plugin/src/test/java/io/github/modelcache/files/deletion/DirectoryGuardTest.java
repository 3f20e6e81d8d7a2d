package io.github.modelcache.files.deletion;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DirectoryGuardTest {
    @TempDir
    Path top;

    private Path home;
    private Path project;

    @BeforeEach
    void createHomeAndProject() throws Exception {
        home = Files.createDirectories(top.resolve("home/me"));
        project = Files.createDirectories(home.resolve("work/project"));
        Files.createDirectories(project.resolve(".cache/torch"));
    }

    @Test
    void acceptsCacheFolders() throws Exception {
        accepts(project.resolve(".cache"));
        accepts(project.resolve(".cache/torch"));
        accepts(project.resolve("not/yet/there"));
        accepts(Files.createDirectories(top.resolve("mnt/nas")));
        Path elsewhere = Files.createDirectories(top.resolve("disk/models"));
        accepts(Files.createSymbolicLink(project.resolve("linked"), elsewhere));
    }

    @Test
    void refusesTheProjectTheHomeFolderAndTheFileSystem() {
        refuses(project, "it is the project");
        refuses(home, "it is the home folder");
        refuses(Path.of("/"), "root of a file system");
    }

    @Test
    void refusesFoldersAboveThem() {
        refuses(home.resolve("work"), "contains the project");
        refuses(top.resolve("home"), "contains");
        refuses(top, "contains");
    }

    @Test
    void refusesThemThroughDots() {
        refuses(project.resolve(".cache/.."), "it is the project");
        refuses(project.resolve("../../../me"), "it is the home folder");
        refuses(project.resolve("none/../.."), "contains the project");
    }

    @Test
    void refusesLinksToThem() throws Exception {
        refuses(Files.createSymbolicLink(top.resolve("to-project"), project), "it is the project");
        refuses(Files.createSymbolicLink(top.resolve("to-home"), home), "it is the home folder");
        refuses(Files.createSymbolicLink(project.resolve("to-root"), Path.of("/")), "root of a file system");
        Files.createSymbolicLink(top.resolve("to-work"), home.resolve("work"));
        refuses(top.resolve("to-work/project"), "it is the project");
    }

    @Test
    void refusesWhereTheProjectItselfIsReachedThroughALink() throws Exception {
        Path linked = Files.createSymbolicLink(top.resolve("linked-project"), project);
        assertThatThrownBy(() -> DirectoryGuard.requireDeletable(home.resolve("work"), linked, top.resolve("other")))
                .isInstanceOf(UnsafeRootException.class);
    }

    @Test
    void dotsAfterALinkAreResolvedOnTheDisk() throws Exception {
        Files.createDirectories(top.resolve("disk/models/deep"));
        Files.createSymbolicLink(project.resolve(".cache/out"), home.resolve("work"));
        refuses(project.resolve(".cache/out/.."), "it is the home folder");
    }

    @Test
    void refusesAFolderWithAGitRepository() throws Exception {
        Path other = Files.createDirectories(top.resolve("other/.git")).getParent();
        if (other == null) {
            throw new IllegalStateException();
        }
        refuses(other, "git repository");
        refuses(Files.createSymbolicLink(top.resolve("to-other"), other), "git repository");
        refuses(other.resolve(".git/objects"), "in a .git folder");
        Path worktree = Files.createDirectories(top.resolve("worktree"));
        Files.writeString(worktree.resolve(".git"), "gitdir: elsewhere");
        refuses(worktree, "git repository");
    }

    @Test
    void theRealFolderIsNamedIfItDiffers() {
        Path dots = project.resolve(".cache/..");
        assertThatThrownBy(() -> DirectoryGuard.requireDeletable(dots, project, home))
                .hasMessageStartingWith("nothing is deleted in " + dots + " (" + project + "): ");
        assertThatThrownBy(() -> DirectoryGuard.requireDeletable(project, project, home))
                .hasMessageStartingWith("nothing is deleted in " + project + ": ");
    }

    @Test
    void refusesAnEmptyPath() {
        refuses(Path.of(""), "empty path");
        refuses(Path.of(" "), "empty path");
    }

    private void accepts(Path root) {
        assertThatCode(() -> DirectoryGuard.requireDeletable(root, project, home))
                .doesNotThrowAnyException();
    }

    private void refuses(Path root, String reason) {
        assertThatThrownBy(() -> DirectoryGuard.requireDeletable(root, project, home))
                .isInstanceOf(UnsafeRootException.class)
                .hasMessageContaining(reason);
    }
}
