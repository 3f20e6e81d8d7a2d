package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A cache that several users of one machine share. */
@EnabledOnOs(OS.LINUX)
class SharedCacheIT {

    /** Runs a command as root, who then is bound by permissions like anybody else. */
    private static final String BOUND =
            "setpriv --inh-caps=-dac_override,-dac_read_search --bounding-set=-dac_override,-dac_read_search ";

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void newFilesHaveThePermissionsThatTheUmaskAllows(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.shell(
                            "umask 077; mvn -B cache:download; umask 002; rm config/models.lock.json; mvn -B cache:lock verify")
                    .succeeded();

            assertThat(permissions(workspace.find(".cache/models", TinyModel.NAME)))
                    .isEqualTo("rw-------");
            assertThat(permissions(workspace.file("config/models.lock.json"))).isEqualTo("rw-rw-r--");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aCacheOfAnotherUserIsVerifiedButNotWritten(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            BuildResult given = maven.shell("chown -R 54321 .cache && chmod -R go-w .cache && " + BOUND + "true");
            assumeTrue(given.exitCode() == 0, "Only root can give files to another user");
            Fingerprint before = workspace.fingerprint();

            maven.shell(BOUND + "mvn -B verify").succeeded().says("Verified 1 model file");
            assertThat(workspace.fingerprint()).isEqualTo(before);

            Path file = workspace.find(".cache/models", TinyModel.NAME);
            Files.delete(file);
            maven.shell(BOUND + "mvn -B cache:download")
                    .failedWith("No permission to write to " + file.getParent(), "Give the user who runs Maven");
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
