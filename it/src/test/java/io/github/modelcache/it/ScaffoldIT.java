package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Scaffold;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import java.nio.file.Path;

/** The main job, on real models. */
class ScaffoldIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aFreshScaffoldIsCompleteAndItsBuildDetectsALanguage(MavenBuild maven, Workspace workspace) {
        Scaffold.generate(maven, workspace.root()).succeeded();
        Path project = workspace.root().resolve(Scaffold.ARTIFACT);
        assertThat(project.resolve("pom.xml")).exists();
        assertThat(project.resolve("README.md")).exists();
        assertThat(project.resolve(".github/workflows")).isNotEmptyDirectory();
        assertThat(project.resolve(".cache/CACHEDIR.TAG"))
                .content()
                .startsWith("Signature: 8a477f597d28d172789f06886806bc55");
        assertThat(project.resolve(".cache/torch")).isDirectory();
        assertThat(project.resolve(".cache/huggingface")).isDirectory();
        assertThat(project.resolve(".gitignore")).content().contains(".cache", "shared/model-cache");
        Report config = Report.read(project.resolve(Config.FILE));
        assertThat(config.root().path("hardware").path("platform").asString()).isIn("linux", "darwin", "windows");
        assertThat(config.root().path("environments").propertyNames()).isEmpty();
        assertThat(config.root().path("cache").has("application_caches")).isFalse();
        assertThat(project.resolve("out")).doesNotExist();
        assertThat(project.resolve(".github/workflows/verify.yml")).content().contains("verify -Dcache.frozen=true");

        BuildResult build = maven.in(project).goals("verify").run().succeeded();

        assertThat(build.output()).containsPattern("Tests run: [1-9]\\d*, Failures: 0, Errors: 0, Skipped: 0");
        Report report = Report.read(project.resolve(Report.VERIFY));
        assertThat(report.summary("errors")).isZero();
        assertThat(report.summary("bytes")).as("bytes of real models").isGreaterThan(10_000_000);
        assertThat(project.resolve(Config.LOCK)).exists();
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aPipelineHasItsEnvironmentsAndApplicationCaches(MavenBuild maven, Workspace workspace) {
        Scaffold.prepared(maven, workspace.root())
                .property("profile", "pipeline")
                .run()
                .succeeded()
                .says("profile pipeline", "Next step: run 'mvn verify'");

        Path project = workspace.root().resolve(Scaffold.ARTIFACT);
        Report config = Report.read(project.resolve(Config.FILE));
        assertThat(config.root().path("environments").propertyNames())
                .containsExactly("common", "whisperx", "mlx", "indictrans2", "nllb");
        assertThat(config.root().path("cache").path("application_caches").propertyNames())
                .containsExactly("tmdb", "musicbrainz", "glossary");
        assertThat(project.resolve(".gitignore")).content().contains("out/tmdb_cache", "glossary/cache");
        assertThat(project.resolve("README.md"))
                .content()
                .contains("out/tmdb_cache/")
                .doesNotContain("#if", "#end");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void theScaffoldHasTheEnvironmentsThatWereAskedFor(MavenBuild maven, Workspace workspace) {
        Scaffold.prepared(maven, workspace.root())
                .property("environments", "common,nllb")
                .run()
                .succeeded();

        Report config = Report.read(workspace.root().resolve(Scaffold.ARTIFACT).resolve(Config.FILE));
        assertThat(config.root().path("environments").propertyNames()).containsExactly("common", "nllb");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aPackageThatIsNoneIsRefused(MavenBuild maven, Workspace workspace) {
        Scaffold.prepared(maven, workspace.root())
                .property("package", "1bad")
                .run()
                .failedWith("1bad");
        assertThat(workspace.root().resolve(Scaffold.ARTIFACT)).doesNotExist();
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aProfileThatIsNoneIsRefused(MavenBuild maven, Workspace workspace) {
        Scaffold.prepared(maven, workspace.root())
                .property("profile", "python")
                .run()
                .failedWith("profile 'python' is not one: java or pipeline");
        assertThat(workspace.root().resolve(Scaffold.ARTIFACT)).doesNotExist();
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void anEnvironmentNameWithASlashIsRefused(MavenBuild maven, Workspace workspace) {
        Scaffold.prepared(maven, workspace.root())
                .property("environments", "common,a/b")
                .run()
                .failedWith("a/b");
        assertThat(workspace.root().resolve(Scaffold.ARTIFACT)).doesNotExist();
    }
}
