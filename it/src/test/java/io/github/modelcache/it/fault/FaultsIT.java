package io.github.modelcache.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A few minutes of what {@code ./mvnw verify -Pfaults} does at length. */
@DisabledOnOs(OS.WINDOWS)
class FaultsIT {

    private static final long SEED = 20_260_131;

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void nothingIsLostWhenBuildsAreKilled(MavenBuild maven, Workspace workspace) throws Exception {
        String scenes = "download, empty|in segments$|migrate, to another|init, new|lock, no|pull|crowd";
        Table table = new Faults(maven, workspace.root(), new Faults.Settings(SEED, 5, 0, false, 1, scenes)).run();

        assertThat(table.losses()).as(table.text("seed " + SEED)).isEmpty();
    }
}
