package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With the git of this machine, which a build of this project has anyway. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names with newlines, links")
class GitCheckTest {

    @TempDir
    Path temporary;

    private Path top;
    private TestProject project;

    @BeforeEach
    void create() throws Exception {
        top = Files.createDirectory(temporary.resolve("repository"));
        project = new TestProject(top);
    }

    @Test
    void asksNobodyWhereThereIsNoRepository() throws Exception {
        project.write(".cache/models/m.bin", "m");
        assertThat(check("")).isEmpty();
    }

    @Test
    void isContentWithWhatGitDoesNotTrack() throws Exception {
        project.write(".gitignore", ".cache/\n");
        project.write(".cache/models/m.bin", "m");
        project.write("out/tmdb_cache/.gitkeep", "");
        project.write("src/models/m.bin", "m");
        git(top, "init", "-q");
        git(top, "add", "-A");
        assertThat(check("")).isEmpty();
    }

    @Test
    void findsTrackedFilesOfEveryRoot() throws Exception {
        project.write(".cache/models/b.bin", "m");
        project.write(".cache/models/a/a.bin", "m");
        project.write("out/tmdb_cache/x\n y.json", "m");
        git(top, "init", "-q");
        git(top, "add", "-A");
        List<Finding> found = check("");
        assertThat(found)
                .extracting(Finding::message)
                .containsExactly(
                        "git tracks 2 files of the models cache, such as .cache/models/a/a.bin",
                        "git tracks out/tmdb_cache/x? y.json, a file of the tmdb cache");
        assertThat(found).extracting(Finding::severity).containsExactly(Severity.ERROR, Severity.WARNING);
        assertThat(found.get(0).path()).contains(top.resolve(".cache/models"));
        assertThat(found.get(0).fix()).isEqualTo("git rm -r --cached .cache/models, then commit");
        git(top, "rm", "-q", "-r", "--cached", ".cache/models", "out/tmdb_cache");
        assertThat(check("")).isEmpty();
    }

    @Test
    void findsThemWhereTheProjectIsAFolderOfTheRepository() throws Exception {
        git(top, "init", "-q");
        project = new TestProject(top.resolve("a 'project' [1]"));
        project.write(".cache/models/m.bin", "m");
        git(top, "add", "-A");
        Finding finding = only("");
        assertThat(finding.message()).isEqualTo("git tracks .cache/models/m.bin, a file of the models cache");
        assertThat(finding.fix()).isEqualTo("git rm -r --cached .cache/models, then commit");
        String members = "\"torch_home\": \"" + top + "/it's shared/torch\"";
        new TestProject(top).write("it's shared/torch/m.pt", "m");
        git(top, "add", "-A");
        assertThat(check(members))
                .extracting(Finding::fix)
                .containsExactly(
                        "git rm -r --cached .cache/models, then commit",
                        "git rm -r --cached '" + top + "/it'\\''s shared/torch', then commit");
    }

    @Test
    void followsACacheThatIsALinkWithinTheRepository() throws Exception {
        project.write("disk/models/m.bin", "m");
        Files.createSymbolicLink(top.resolve(".cache"), Path.of("disk"));
        git(top, "init", "-q");
        git(top, "add", "-A");
        Finding finding = only("");
        assertThat(finding.message()).isEqualTo("git tracks disk/models/m.bin, a file of the models cache");
        assertThat(finding.path()).contains(top.resolve(".cache/models"));
    }

    @Test
    void passesOverRootsOutsideOfTheRepository() throws Exception {
        git(top, "init", "-q");
        project.write(".cache/models/m.bin", "m");
        git(top, "add", "-A");
        Path nas = Files.createDirectories(temporary.resolve("nas"));
        assertThat(check("\"torch_home\": \"" + nas + "\"")).hasSize(1);
        assertThat(check("\"base_dir\": \"" + nas + "\", \"application_caches\": {}"))
                .isEmpty();
    }

    @Test
    void knowsASecondWorkTreeWhoseGitIsAFile() throws Exception {
        git(top, "init", "-q");
        project.write("a", "a");
        git(top, "add", "-A");
        git(top, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a");
        Path tree = temporary.resolve("tree");
        git(top, "worktree", "add", "-q", tree.toString());
        assertThat(tree.resolve(".git")).isRegularFile();
        project = new TestProject(tree);
        project.write(".cache/models/m.bin", "m");
        git(tree, "add", "-A");
        assertThat(only("").id()).isEqualTo(FindingId.MODEL_IN_GIT);
    }

    @Test
    void runsNoProgramThatTheRepositoryNames() throws Exception {
        Path mark = temporary.resolve("mark");
        git(top, "init", "-q");
        project.write(".cache/models/m.bin", "m");
        git(top, "add", "-A");
        for (String name : List.of(
                "core.fsmonitor", "core.pager", "core.sshCommand", "remote.origin.uploadpack", "alias.ls-files")) {
            git(top, "config", name, "!touch " + mark);
        }
        git(top, "config", "include.path", temporary.resolve("missing").toString());
        git(top, "config", "extensions.partialClone", "origin");
        assertThat(only("").id()).isEqualTo(FindingId.MODEL_IN_GIT);
        assertThat(mark).doesNotExist();
    }

    @Test
    void saysSoWhenTheIndexCannotBeRead() throws Exception {
        git(top, "init", "-q");
        project.write(".git/index", "no index");
        Finding finding = only("");
        assertThat(finding.id()).isEqualTo(FindingId.UNVERIFIABLE);
        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.message()).contains(top.resolve(".git/index") + " can't be read as an index of git");
        assertThat(finding.path()).contains(top.resolve(".git"));
        project = new TestProject(Files.createDirectory(temporary.resolve("other")));
        project.write(".git", "gitdir: /nowhere\n");
        assertThat(only("").message()).endsWith("/nowhere is not a git repository: it has no HEAD");
        project.write(".git", "nothing of git");
        assertThat(only("").message()).endsWith("does not begin with gitdir:");
    }

    @Test
    void aFolderThatASparseIndexDoesNotListIsTracked() throws Exception {
        project.write(".cache/models/deep/m.bin", "m");
        project.write("src/a", "a");
        project.write("services/one/.cache/models/m.bin", "m");
        git(top, "init", "-q");
        git(top, "add", "-A");
        git(top, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a");
        git(top, "sparse-checkout", "init", "--cone", "--sparse-index");
        git(top, "sparse-checkout", "set", "src");
        assertThat(check("\"base_dir\": \".cache/models\", \"application_caches\": {}"))
                .extracting(Finding::message)
                .singleElement()
                .asString()
                .contains("its sparse index does not list the files in .cache/");
        git(top, "sparse-checkout", "set", "src", ".cache/models");
        git(top, "sparse-checkout", "set", "src", ".cache/other");
        assertThat(only("").message()).isEqualTo("git tracks .cache/models/, a file of the models cache");
        project = new TestProject(top.resolve("services/one"));
        assertThat(only("").message()).contains("its sparse index does not list the files in services/");
    }

    private Finding only(String members) throws Exception {
        List<Finding> found = check(members);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<Finding> check(String members) throws Exception {
        CacheConfig config = project.config(members);
        List<Finding> found = new ArrayList<>();
        new GitCheck(config).run(found::add);
        return found;
    }

    private static void git(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        assertThat(builder.start().waitFor()).as("exit code of %s", command).isZero();
    }
}
