package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cache roots that hold more than a cache: nothing may be deleted in them. */
class UnsafeRootIT {

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theProjectItselfIsNoCache(MavenBuild maven, Workspace workspace) {
        refuses(maven, workspace, workspace.project(), ".");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theHomeFolderIsNoCache(MavenBuild maven, Workspace workspace) {
        workspace.write(workspace.home().resolve("letter.txt"), "dear");
        refuses(maven, workspace, workspace.home(), workspace.home().toString());
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFolderAboveTheProjectIsNoCache(MavenBuild maven, Workspace workspace) {
        refuses(maven, workspace, workspace.root(), workspace.root().toString());
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theRootOfTheFileSystemIsNoCache(MavenBuild maven, Workspace workspace) {
        // A dry run only: should the guard ever fail, this machine is to survive it.
        workspace.write("pom.xml", Pom.usual().toString());
        workspace.write(
                Config.FILE, Config.empty().member("torch_home", "\"/\"").toString());
        for (String scope : new String[] {"stale", "all"}) {
            maven.cache("clean")
                    .offline()
                    .property("cache.scope", scope)
                    .property("cache.dryRun", "true")
                    .run()
                    .failedWith("torch");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFolderWithAGitRepositoryIsNoCache(MavenBuild maven, Workspace workspace) {
        workspace.write("data/.git/HEAD", "ref: refs/heads/main\n").write("data/thesis.tex", "years of work");
        refuses(maven, workspace, workspace.file("data"), "data");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aLinkToAFolderWithAGitRepositoryIsNoCache(MavenBuild maven, Workspace workspace) throws IOException {
        Path data = workspace.root().resolve("data");
        workspace
                .write(data.resolve(".git/HEAD"), "ref: refs/heads/main\n")
                .write(data.resolve("thesis.tex"), "years of work");
        Files.createSymbolicLink(workspace.file("linked"), data);
        refuses(maven, workspace, data, "linked");
    }

    private static void refuses(MavenBuild maven, Workspace workspace, Path endangered, String torchHome) {
        workspace
                .write("pom.xml", Pom.usual().toString())
                .write(
                        Config.FILE,
                        Config.empty()
                                .member("torch_home", "\"" + torchHome + "\"")
                                .toString());
        // The settings of the build itself lie in the home folder and are written anew by each.
        Fingerprint before = withoutSettings(endangered);
        for (String scope : new String[] {"stale", "all"}) {
            BuildResult build = maven.cache("clean")
                    .offline()
                    .property("cache.scope", scope)
                    .run()
                    .failedWith(torchHome);
            assertThat(withoutSettings(endangered)).as("after %s", build).isEqualTo(before);
        }
    }

    private static Fingerprint withoutSettings(Path folder) {
        return Fingerprint.of(folder, path -> path.endsWith(".m2") || path.endsWith("target"));
    }
}
