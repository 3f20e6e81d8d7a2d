package io.github.modelcache.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.io.SearchPath;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With the git of this machine, which a build of this project has anyway. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names with newlines, links, scripts that stand in for git")
class GitCheckTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final SearchPath PROGRAMS = SearchPath.of(System.getenv());

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
        assertThat(check("", new SearchPath(List.of()))).isEmpty();
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
        assertThat(found).extracting(Finding::severity).containsOnly(Severity.ERROR);
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
    void saysSoWhenThereIsNoGit() throws Exception {
        git(top, "init", "-q");
        Finding finding = check("", new SearchPath(List.of())).get(0);
        assertThat(finding.id()).isEqualTo(FindingId.UNVERIFIABLE);
        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.message()).contains("there is no git on the PATH");
        assertThat(finding.path()).contains(top.resolve(".git"));
    }

    @Test
    void saysSoWhenTheRepositoryIsBroken() throws Exception {
        git(top, "init", "-q");
        project.write(".git/index", "no index");
        project.write(".cache/models/m.bin", "m");
        assertThat(only("").message()).contains("exit code 128").contains("fatal: ");
        Files.writeString(top.resolve(".git/HEAD"), "");
        assertThat(only("").message()).contains("not a git repository");
        project = new TestProject(Files.createDirectory(temporary.resolve("other")));
        project.write(".git", "gitdir: /nowhere\n");
        assertThat(only("").id()).isEqualTo(FindingId.UNVERIFIABLE);
    }

    @Test
    void saysSoWhenGitHangsOrBreaksOff() throws Exception {
        git(top, "init", "-q");
        assertThat(check("", standIn("exec sleep 600"), Duration.ofMillis(200))
                        .get(0)
                        .message())
                .contains("takes longer");
        assertThat(check("", standIn("printf '.cache/models/m.bin\\0'; echo broken >&2; exit 3"), LIMIT))
                .extracting(Finding::message)
                .singleElement()
                .asString()
                .endsWith("git ls-files ended with exit code 3: broken");
    }

    @Test
    void aHookThatRunsTheBuildMisleadsNobody() throws Exception {
        git(top, "init", "-q");
        assertThat(check("", standIn("test -z \"$GIT_DIR$GIT_INDEX_FILE\""), LIMIT))
                .isEmpty();
    }

    private SearchPath standIn(String script) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "bin");
        Path git = Files.writeString(folder.resolve("git"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(git, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new SearchPath(List.of(folder));
    }

    private Finding only(String members) throws Exception {
        List<Finding> found = check(members);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<Finding> check(String members) throws Exception {
        return check(members, PROGRAMS);
    }

    private List<Finding> check(String members, SearchPath programs) throws Exception {
        return check(members, programs, LIMIT);
    }

    private List<Finding> check(String members, SearchPath programs, Duration limit) throws Exception {
        CacheConfig config = project.config(members);
        List<Finding> found = new ArrayList<>();
        new GitCheck(config, new TrackedFiles(programs, limit)).run(found::add);
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
