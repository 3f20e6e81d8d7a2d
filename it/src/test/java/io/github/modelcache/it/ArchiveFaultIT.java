package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.ModelJar;
import io.github.modelcache.it.project.ModelRepository;
import io.github.modelcache.it.project.Pom;

/** Jars that try to break out of the cache, or to fill the disk. */
class ArchiveFaultIT {

    private static final int BOMB = 400_000_000;

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void anEntryThatClimbsUpIsRefused(MavenBuild maven, Workspace workspace) {
        refuses(
                maven,
                workspace,
                innocent().add("../../../evil", ModelContent.of(1, 100)).bytes(),
                "../../../evil");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void anAbsoluteEntryIsRefused(MavenBuild maven, Workspace workspace) {
        String name = workspace.root().resolve("evil").toString();
        refuses(maven, workspace, innocent().add(name, ModelContent.of(1, 100)).bytes(), name);
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aLinkIsRefused(MavenBuild maven, Workspace workspace) {
        byte[] jar = innocent()
                .link("door", workspace.root().toString())
                .add("door/evil", ModelContent.of(1, 100))
                .bytes();
        refuses(maven, workspace, jar, "door");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aBombIsRefused(MavenBuild maven, Workspace workspace) {
        refuses(maven, workspace, innocent().add("evil", new byte[BOMB]).bytes(), "evil");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void anEntryThatUnpacksToMoreThanItSaysIsRefused(MavenBuild maven, Workspace workspace) {
        byte[] jar = innocent().add("evil", new byte[10_000_000]).bytesThatUnderstate("evil", 1_000);
        refuses(maven, workspace, jar, "evil");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aJarThatIsNoneIsRefused(MavenBuild maven, Workspace workspace) {
        refuses(maven, workspace, ModelContent.of(5, 4_000), "tiny");
    }

    private static ModelJar innocent() {
        return ModelJar.usual().add("lang.bin", ModelContent.of(3, 20_000));
    }

    private static void refuses(MavenBuild maven, Workspace workspace, byte[] jar, String entry) {
        ModelRepository repository = new ModelRepository(workspace.root().resolve("repository"));
        String reference = repository.publish(jar);
        workspace
                .write("pom.xml", Pom.usual().repository(repository.uri()).toString())
                .write(Config.FILE, Config.empty().model(reference).toString());
        Fingerprint before = outsideTheCache(workspace);

        BuildResult build = maven.cache("download").run().failedWith(reference, entry);

        assertThat(outsideTheCache(workspace)).as("after %s", build).isEqualTo(before);
        assertThat(workspace.findAll(".cache", "evil")).isEmpty();
        assertThat(workspace.findAll(".cache", "lang.bin")).isEmpty();
    }

    private static Fingerprint outsideTheCache(Workspace workspace) {
        return Fingerprint.of(
                workspace.root(), path -> path.endsWith(".cache") || path.endsWith("target") || path.endsWith("home"));
    }
}
