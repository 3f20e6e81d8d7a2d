package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Privileges;
import io.github.modelcache.it.project.TinyModel;
import io.github.modelcache.testing.FaultyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Projects in unusual places. */
class PlacesIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aPathMayHaveSpacesAndLettersOfAnyScript(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            Path project = workspace.root().resolve("mein Projekt für मॉडल & Co");
            workspace
                    .write(
                            project.resolve("pom.xml"),
                            Pom.usual().filteringResources().toString())
                    .write(project.resolve("src/main/resources/env.properties"), "home=${cache.env.HF_HOME}\n")
                    .write(project.resolve(Config.FILE), model.config().toString());

            maven.in(project).goals("verify").run().succeeded();

            assertThat(project.resolve("target/classes/env.properties"))
                    .hasContent("home=" + project.resolve(".cache/huggingface"));
            assertThat(project.resolve("target/cache/verify.json")).content().contains("\"errors\": 0");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aReadOnlyProjectFolderIsAClearError(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            Optional<Privileges.Restriction> restriction = Privileges.readOnly(workspace.project());
            assumeTrue(restriction.isPresent(), "This user can write everywhere");
            try (Privileges.Restriction readOnly = restriction.orElseThrow()) {
                BuildResult build = maven.goals("verify")
                        .run()
                        .failedWith(workspace.project().toString());
                assertThat(build.errors()).containsPattern("(?i)not (be )?(writ|creat|permit)|denied|read-only|permi");
                assertThat(readOnly).isNotNull();
            }
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aFullDiskIsAClearErrorAndLeavesNoHalfModel(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            Path cache = Files.createDirectories(workspace.file(".cache"));
            int disk = 64 * 1024;
            Optional<Privileges.Restriction> restriction = Privileges.smallDisk(cache, disk);
            assumeTrue(restriction.isPresent(), "This user can't mount a file system");
            try (Privileges.Restriction small = restriction.orElseThrow()) {
                byte[] large = ModelContent.of(1, 20 * disk);
                model.server()
                        .on("/told.bin", FaultyServer.content(large))
                        .on("/untold.bin", FaultyServer.untilClosed(large));
                String sha256 = ModelContent.sha256(large);
                for (String name : new String[] {"told.bin", "untold.bin"}) {
                    workspace.write(
                            Config.FILE,
                            Config.empty()
                                    .url(model.server().uri("/" + name), sha256, name)
                                    .toString());

                    BuildResult build = maven.cache("init", "download").run().failedWith(name);

                    assertThat(build.errors()).containsPattern("(?i)space|disk");
                    assertThat(workspace.findAll(".cache", name)).isEmpty();
                }
                assertThat(small).isNotNull();
            }
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void theCacheMayBeALinkToAnotherDisk(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            Path disk = Files.createDirectories(workspace.root().resolve("disk"));
            Files.createSymbolicLink(workspace.file(".cache"), disk);

            maven.goals("verify").run().succeeded();
            assertThat(workspace.file(".cache")).isSymbolicLink();
            assertThat(disk.resolve("CACHEDIR.TAG")).exists();

            maven.cache("clean").offline().property("cache.scope", "all").run().succeeded();
            assertThat(workspace.findAll(".cache/models", TinyModel.NAME)).isEmpty();
            assertThat(disk).isDirectory();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aBaseFolderForOneRunTakesTheWholeCacheAlong(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            Path elsewhere = workspace.root().resolve("elsewhere");

            maven.goals("verify")
                    .property("cache.baseDir", elsewhere.toString())
                    .run()
                    .succeeded();

            assertThat(elsewhere.resolve("huggingface")).isDirectory();
            assertThat(workspace.file(".cache/models")).doesNotExist();
            assertThat(workspace.read(Config.FILE)).doesNotContain("elsewhere");
        }
    }
}
